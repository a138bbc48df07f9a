import { createHash, type Hash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { ForgeError } from '#contract/errors.ts';

/** Bytes of a text from some place on, read once. */
export interface ByteInput {
  /** Puts the next bytes into target[at...] and says how many; 0 is the end. */
  read(target: Buffer, at: number): Promise<number>;
  /** How many bytes of the file's own encoding became bytes[from, to) of the UTF-8 that `read` gave. Absent where nothing was converted. */
  sourceLength?(bytes: Buffer, from: number, to: number): number;
  /** After the end: why it is not the real end (a compressed file that was cut short), in words. */
  damage?(): string | undefined;
  close(): Promise<void>;
}

/** Bytes that are in memory already. */
export function memoryInput(bytes: Uint8Array, offset = 0): ByteInput {
  let position = offset;
  return {
    read(target, at) {
      const piece = bytes.subarray(position, position + target.length - at);
      target.set(piece, at);
      position += piece.length;
      return Promise.resolve(piece.length);
    },
    close: () => Promise.resolve(),
  };
}

/** A part of an input as an input: at most `limitBytes`, then the end. */
export function limitedInput(input: ByteInput, limitBytes: number): ByteInput {
  let left = limitBytes;
  return {
    ...input,
    async read(target, at) {
      if (left <= 0) return 0;
      const length = await input.read(target.subarray(0, Math.min(target.length, at + left)), at);
      left -= length;
      return length;
    },
  };
}

/** Reads at any place; `read` throws where the file is too short. */
export interface RandomInput {
  read(offset: number, length: number): Promise<Buffer>;
  close(): Promise<void>;
}

/** One file as it was when it was opened first; whoever reads it later finds out when it is another one by then. */
export interface StableFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** Reads [offset, limit) of the file, never more than it had at first. `hash` is fed with what is read. */
  input(range?: { offset?: number; limit?: number; hash?: Hash }): Promise<ByteInput>;
  /** For reading here and there. */
  openRandom(): Promise<RandomInput>;
  /** @throws ForgeError dataset.changed-while-reading */
  verifyUnchanged(): Promise<void>;
  /** Hex SHA-256 of the whole file in a pass of its own. */
  sha256(signal?: AbortSignal): Promise<string>;
}

const hashChunkBytes = 1_048_576;

function readError(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || error instanceof ForgeError) return error;
  return new ForgeError('dataset.not-readable', { path, reason: error.message }, { cause: error });
}

async function openForReading(path: string): Promise<FileHandle> {
  return open(path, 'r').catch((error: unknown) => {
    throw readError(path, error);
  });
}

function handleInput(file: FileHandle, range: { path: string; offset: number; limit: number; hash?: Hash }): ByteInput {
  let position = range.offset;
  return {
    async read(target, at) {
      const length = Math.min(target.length - at, range.limit - position);
      if (length <= 0) return 0;
      const { bytesRead } = await file.read(target, at, length, position).catch((error: unknown) => {
        throw readError(range.path, error);
      });
      range.hash?.update(target.subarray(at, at + bytesRead));
      position += bytesRead;
      return bytesRead;
    },
    close: () => file.close(),
  };
}

async function openRandom(path: string): Promise<RandomInput> {
  const file = await openForReading(path);
  return {
    async read(offset, length) {
      const target = Buffer.allocUnsafeSlow(length);
      for (let filled = 0; filled < length;) {
        const { bytesRead } = await file
          .read(target, filled, length - filled, offset + filled)
          .catch((error: unknown) => {
            throw readError(path, error);
          });
        if (bytesRead === 0) throw new Error('the file ends too early');
        filled += bytesRead;
      }
      return target;
    },
    close: () => file.close(),
  };
}

/** `found` is the file's entry as it was checked before; every later reading is held against it. */
export function stableFile(path: string, found: Stats): StableFile {
  const input: StableFile['input'] = async ({ offset = 0, limit = found.size, hash } = {}) =>
    handleInput(await openForReading(path), {
      path,
      offset,
      limit: Math.min(limit, found.size),
      ...(hash === undefined ? {} : { hash }),
    });
  return {
    path,
    sizeBytes: found.size,
    input,
    openRandom: () => openRandom(path),
    async verifyUnchanged() {
      const now = await stat(path).catch(() => undefined);
      if (now?.size === found.size && now.mtimeMs === found.mtimeMs && now.ino === found.ino) return;
      throw new ForgeError('dataset.changed-while-reading', { path });
    },
    async sha256(signal) {
      const hash = createHash('sha256');
      const bytes = await input({ hash });
      try {
        const chunk = Buffer.allocUnsafe(hashChunkBytes);
        while ((await bytes.read(chunk, 0)) > 0) signal?.throwIfAborted();
      } finally {
        await bytes.close();
      }
      return hash.digest('hex');
    },
  };
}
