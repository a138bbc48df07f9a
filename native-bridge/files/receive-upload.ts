import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { ForgeError } from '#contract/errors.ts';

export interface Upload {
  /** Folder that uploads are kept in; made when it is missing. */
  readonly folder: string;
  /** As the person's file is called; already checked by `safeUploadName`. */
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly maximumBytes: number;
}

export interface ReceivedUpload {
  readonly path: string;
  readonly bytes: number;
}

/** Below the uploads: what was dropped as folders, until its rows are taken. Hidden, so that it is no dataset by itself. */
export const sentFolders = '.folders';

const partEnding = '.part';
const longestNameBytes = 200;
/** Names that Windows keeps for devices, with or without an ending. */
const deviceName = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * A file name that is safe in any folder: any script and any sign of it, in one Unicode form, and nothing that leads elsewhere.
 * @throws ForgeError dataset.upload-name
 */
export function safeUploadName(given: string): string {
  const shown = given.slice(0, 80);
  const refuse = (reason: string): ForgeError =>
    new ForgeError('dataset.upload-name', { name: JSON.stringify(shown), reason });
  if (!given.isWellFormed()) throw refuse('it holds half a character');
  const name = given
    .normalize('NFC')
    .trim()
    .replace(/[. ]+$/, '');
  if (name === '') throw refuse('it is empty');
  if (/[/\\]/.test(name)) throw refuse('a name holds no slashes');
  // Signs that hide or turn text round make a name look like another.
  if (/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u.test(name)) throw refuse('it holds signs that cannot be seen');
  if (name.startsWith('.')) throw refuse('names that begin with a dot are kept for the system');
  if (deviceName.test(name) || /[<>:"|?*]/.test(name)) throw refuse('some systems keep such names for themselves');
  if (Buffer.byteLength(name) > longestNameBytes) throw refuse(`it is longer than ${longestNameBytes} bytes`);
  return name;
}

/**
 * Writes what comes to a file of its own as it comes, and gives it its name when it is whole. A file of that name with other contents is kept; the new
 * one gets a number. What breaks off, is too large, or meets a full disk leaves nothing.
 * @throws ForgeError dataset.upload-too-large; what the stream and the disk throw
 */
export async function receiveUpload(upload: Upload): Promise<ReceivedUpload> {
  await mkdir(upload.folder, { recursive: true });
  const part = join(upload.folder, `.${randomBytes(8).toString('hex')}${partEnding}`);
  try {
    const { bytes, sha256 } = await writePart(part, upload);
    return { path: await settle(part, upload, sha256), bytes };
  } catch (error) {
    if (error instanceof Error && !('path' in error)) Object.assign(error, { path: join(upload.folder, upload.name) });
    throw error;
  } finally {
    await rm(part, { force: true });
  }
}

async function writePart(
  part: string,
  { chunks, name, maximumBytes }: Upload,
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  const file = await open(part, 'wx');
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > maximumBytes) throw uploadTooLarge(name, bytes, maximumBytes);
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** The refusal of a file that is larger than what may be handed over. */
export function uploadTooLarge(name: string, bytes: number, maximumBytes: number): ForgeError {
  const size = (value: number): string => `${(value / 2 ** 30).toFixed(1)} GiB`;
  return new ForgeError('dataset.upload-too-large', { name, size: size(bytes), limit: size(maximumBytes) });
}

const triedNames = 1_000;

/** The name itself, or the first with a number that is free or holds the very same bytes. */
async function settle(part: string, { folder, name }: Upload, sha256: string): Promise<string> {
  const ending = extname(name);
  const stem = name.slice(0, name.length - ending.length);
  for (let number = 1; number <= triedNames; number += 1) {
    const target = join(folder, number === 1 ? name : `${stem} (${number})${ending}`);
    const reserved = await reserve(target);
    if (reserved !== null) {
      await reserved.close();
      await rename(part, target);
      return target;
    }
    if (await hasBytes(target, part, sha256)) return target;
  }
  throw new ForgeError('dataset.upload-name', { name, reason: `there are ${triedNames} files of that name` });
}

/** An empty file under the name; null when the name is taken. Of two uploads only one gets it. */
async function reserve(target: string): Promise<FileHandle | null> {
  try {
    return await open(target, 'wx');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return null;
    throw error;
  }
}

async function hasBytes(target: string, part: string, sha256: string): Promise<boolean> {
  const [there, here] = await Promise.all([stat(target), stat(part)]);
  if (!there.isFile() || there.size !== here.size) return false;
  const hash = createHash('sha256');
  for await (const piece of createReadStream(target)) hash.update(piece as Buffer);
  return hash.digest('hex') === sha256;
}

/** Takes away what uploads left that an engine's death cut off. */
export async function removeHalfUploads(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  for (const name of names) if (/^\.[0-9a-f]{16}\.part$/.test(name)) await rm(join(folder, name), { force: true });
  await rm(join(folder, sentFolders), { recursive: true, force: true });
}
