import type { Transform } from 'node:stream';
import { createGunzip, createInflateRaw, createZstdDecompress } from 'node:zlib';
import { ForgeError } from '#contract/errors.ts';
import type { ByteInput } from './byte-input.ts';

export type PackingFormat = 'gzip' | 'deflate' | 'zstd';

/** When decompression is given up (issue: "gzip and zip bombs"): both bounds must be passed, or the disk would be full. */
export interface ExpansionLimits {
  /** For messages. */
  readonly path: string;
  /** More than this many times the compressed bytes ... */
  readonly ratio: number;
  /** ... and more than this many bytes. */
  readonly bytes: number;
  /** Room where the data is going to be kept. */
  readonly freeBytes: number;
}

const chunkBytes = 65_536;
/** Decompression waits while so much is ready. */
const readyBytes = 2_097_152;

function createStream(format: PackingFormat): Transform {
  const settings = { chunkSize: chunkBytes };
  if (format === 'gzip') return createGunzip(settings);
  return format === 'zstd' ? createZstdDecompress(settings) : createInflateRaw(settings);
}

function inGibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

/** Why decompression ended before the end, in words. */
function damageOf(error: NodeJS.ErrnoException): string {
  const isShort = error.code === 'Z_BUF_ERROR' || /unexpected end/i.test(error.message);
  return isShort ? 'the compressed file ends too early' : 'the compressed data are damaged here';
}

/**
 * What decompression gives, kept apart from what the stream would throw away: a stream that fails drops what nobody took yet, but the rows in front of the
 * damage are to be read.
 */
class Inflation {
  failure: NodeJS.ErrnoException | undefined;
  hasEnded = false;
  isWriting = false;
  produced = 0;
  private readonly ready: Buffer[] = [];
  private readySum = 0;
  private readonly stream: Transform;
  private wake: (() => void) | undefined;

  constructor(format: PackingFormat) {
    this.stream = createStream(format);
    this.stream.on('data', (piece: Buffer) => this.keep(piece));
    this.stream.on('end', () => this.settle(() => (this.hasEnded = true)));
    this.stream.on('error', (error: NodeJS.ErrnoException) => this.settle(() => (this.failure = error)));
  }

  write(bytes: Buffer): void {
    this.isWriting = true;
    const done = (): void => this.settle(() => (this.isWriting = false));
    if (bytes.length === 0) this.stream.end();
    else this.stream.write(bytes, done);
  }

  /** Moves what is ready into target[at...]. */
  take(target: Buffer, at: number): number {
    const piece = this.ready[0];
    if (piece === undefined) return 0;
    const length = piece.copy(target, at);
    this.readySum -= length;
    if (length === piece.length) this.ready.shift();
    else this.ready[0] = piece.subarray(length);
    if (this.readySum < readyBytes) this.stream.resume();
    return length;
  }

  isOver(): boolean {
    return this.ready.length === 0 && (this.hasEnded || this.failure !== undefined);
  }

  hasReady(): boolean {
    return this.ready.length > 0;
  }

  /** Resolves when something happened since. */
  change(): Promise<void> {
    return new Promise((resolve) => (this.wake = resolve));
  }

  destroy(): void {
    this.stream.destroy();
  }

  private keep(piece: Buffer): void {
    this.settle(() => this.ready.push(piece));
    this.produced += piece.length;
    this.readySum += piece.length;
    if (this.readySum >= readyBytes) this.stream.pause();
  }

  private settle(change: () => void): void {
    change();
    this.wake?.();
    this.wake = undefined;
  }
}

function refuseBomb(produced: number, taken: number, limits: ExpansionLimits): void {
  const ratio = produced / Math.max(1, taken);
  const isBomb = ratio > limits.ratio && produced > limits.bytes;
  if (!isBomb && produced <= limits.freeBytes) return;
  throw new ForgeError('dataset.expands-too-far', {
    path: limits.path,
    size: inGibibytes(produced),
    ratio: Math.round(ratio).toLocaleString('en'),
    limit: isBomb ? `at most ${limits.ratio} times` : `${inGibibytes(limits.freeBytes)} are free on the disk`,
  });
}

/** The decompressed bytes of an input. What is damaged or cut short ends it early; `damage` then says so. @throws ForgeError dataset.expands-too-far */
export function inflatingInput(input: ByteInput, format: PackingFormat, limits: ExpansionLimits): ByteInput {
  const inflation = new Inflation(format);
  const chunks = [Buffer.allocUnsafe(chunkBytes), Buffer.allocUnsafe(chunkBytes)] as const;
  let [taken, turn] = [0, 0];

  async function feed(): Promise<void> {
    turn = 1 - turn;
    const chunk = chunks[turn] ?? chunks[0];
    const length = await input.read(chunk, 0);
    taken += length;
    inflation.write(chunk.subarray(0, length));
  }

  return {
    async read(target, at) {
      if (at >= target.length) return 0;
      while (!inflation.hasReady() && !inflation.isOver()) {
        const changed = inflation.change();
        if (!inflation.isWriting) await feed();
        if (!inflation.hasReady() && !inflation.isOver()) await changed;
      }
      refuseBomb(inflation.produced, taken, limits);
      return inflation.take(target, at);
    },
    damage: () => (inflation.failure === undefined ? undefined : damageOf(inflation.failure)),
    async close() {
      inflation.destroy();
      await input.close();
    },
  };
}

/** An input from a byte offset of it on; what is in front is read and thrown away. */
export async function skippingInput(input: ByteInput, offset: number): Promise<ByteInput> {
  const scrap = Buffer.allocUnsafe(262_144);
  for (let left = offset; left > 0;) {
    const length = await input.read(scrap.subarray(0, Math.min(scrap.length, left)), 0);
    if (length === 0) break;
    left -= length;
  }
  return input;
}
