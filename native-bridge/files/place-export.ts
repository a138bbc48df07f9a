import { constants } from 'node:fs';
import { access, lstat, mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { ForgeError } from '#contract/errors.ts';
import { isDiskFull, systemReason } from '#contract/errors/system-errors.ts';
import { makeFolders } from './make-folders.ts';
import { hashFile } from './verify-artefacts.ts';
import { syncFolder } from './write-file-atomic.ts';

/** A file of Forge's with its record. */
export interface SourceFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface PlaceOptions {
  readonly overwrite: boolean;
  readonly signal: AbortSignal;
  /** 0..1 of the bytes to write. */
  readonly report: (fraction: number) => void;
}

/** Thrown when a source is not what its record says: the caller knows whose file it is. */
export class SourceChangedError extends Error {
  readonly path: string;

  constructor(file: string) {
    super(`${file} is not what its record says`);
    this.name = 'SourceChangedError';
    this.path = file;
  }
}

const chunkBytes = 4 * 1_048_576;

async function kindOf(target: string): Promise<'folder' | 'file' | null> {
  try {
    return (await stat(target)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * The path to write: inside `to` when that is a folder or ends with a slash, else `to` itself. Refuses what can be refused before the work begins.
 * @throws ForgeError `export.target-*`
 */
export async function chooseTarget(
  to: string,
  { name, kind, overwrite }: { name: string; kind: 'file' | 'folder'; overwrite: boolean },
): Promise<string> {
  return withTargetErrors(to, async () => {
    const inside = /[/\\]$/.test(to) || (await kindOf(to)) === 'folder';
    const target = inside ? path.join(path.resolve(to), name) : path.resolve(to);
    const there = await kindOf(target);
    if (there !== null && !overwrite) throw new ForgeError('export.target-exists', { path: target });
    if (there !== null && there !== kind) {
      const reason = there === 'folder' ? 'it is a folder, not a file' : 'it is a file, not a folder';
      throw new ForgeError('export.target-not-replaceable', { path: target, reason });
    }
    await access(await nearestFolder(path.dirname(target)), constants.W_OK | constants.X_OK);
    return target;
  });
}

async function nearestFolder(folder: string): Promise<string> {
  const parent = path.dirname(folder);
  return (await kindOf(folder)) === null && parent !== folder ? nearestFolder(parent) : folder;
}

/** What the system refuses at the target, in words; a full disk with its own remedy. */
async function withTargetErrors<T>(target: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isDiskFull(error)) throw new ForgeError('export.disk-full', { path: target }, { cause: error });
    const reason = error instanceof ForgeError ? null : systemReason(error);
    throw reason === null ? error : new ForgeError('export.target-refused', { path: target, reason }, { cause: error });
  }
}

/** Copies one file to where a person wants it: a copy beside the target, its digest proved, then renamed. Leaves it whole or absent. */
export async function placeFile(source: SourceFile, target: string, options: PlaceOptions): Promise<void> {
  await placed(target, async (temporary) => {
    await copyProved(source, temporary, { ...options, done: 0, all: source.bytes });
    await refuseNewcomer(target, options);
    await rename(temporary, target);
  });
}

/** As `placeFile`, a folder of files (plain names) at once; an earlier export that is replaced goes only once the new one stands. */
export async function placeFolder(
  sources: readonly SourceFile[],
  target: string,
  options: PlaceOptions,
): Promise<void> {
  await placed(target, async (temporary) => {
    await refuseStrangers(target, new Set(sources.map((source) => path.basename(source.path))));
    await mkdir(temporary);
    const all = sources.reduce((sum, { bytes }) => sum + bytes, 0);
    let done = 0;
    for (const source of sources) {
      await copyProved(source, path.join(temporary, path.basename(source.path)), { ...options, done, all });
      done += source.bytes;
    }
    await syncFolder(temporary);
    await refuseNewcomer(target, options);
    await takePlace(temporary, target);
  });
}

/** What came to the target while the work ran is not replaced unasked. */
async function refuseNewcomer(target: string, { overwrite }: PlaceOptions): Promise<void> {
  if (!overwrite && (await kindOf(target)) !== null) throw new ForgeError('export.target-exists', { path: target });
}

/** `--overwrite` replaces an export, never a folder in which a person keeps something else. */
async function refuseStrangers(target: string, names: ReadonlySet<string>): Promise<void> {
  if ((await kindOf(target)) === null) return;
  const stranger = (await readdir(target)).find((name) => !names.has(name));
  if (stranger === undefined) return;
  throw new ForgeError('export.target-not-replaceable', { path: target, reason: `it also holds ${stranger}` });
}

async function takePlace(temporary: string, target: string): Promise<void> {
  const aside = besideName(target, 'old');
  const replaces = (await kindOf(target)) !== null;
  if (replaces) await rename(target, aside);
  try {
    await rename(temporary, target);
  } catch (error) {
    if (replaces) await rename(aside, target);
    throw error;
  }
  await rm(aside, { recursive: true, force: true });
}

function besideName(target: string, ending: 'partial' | 'old'): string {
  return path.join(path.dirname(target), `.${path.basename(target)}.forge-${process.pid}.${ending}`);
}

/** Gives the work a name beside the target; whatever happens, nothing half-made and no folder made for it is left. */
async function placed(target: string, work: (temporary: string) => Promise<void>): Promise<void> {
  await withTargetErrors(target, async () => {
    const parent = path.dirname(target);
    const firstMade = await makeFolders(parent);
    const temporary = besideName(target, 'partial');
    try {
      await removeLeftovers(target);
      await work(temporary);
      await syncFolder(parent);
    } catch (error) {
      await rm(temporary, { recursive: true, force: true });
      if (firstMade !== null) await removeEmpty(parent, firstMade);
      throw error;
    }
  });
}

async function removeEmpty(folder: string, last: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTEMPTY') return;
    throw error;
  }
  if (folder !== last) await removeEmpty(path.dirname(folder), last);
}

/** Takes away what an export that was killed left here; an older folder that it had moved aside comes back. */
export async function removeLeftovers(target: string): Promise<void> {
  const parent = path.dirname(target);
  if ((await kindOf(parent)) !== 'folder') return;
  for (const name of await readdir(parent)) {
    const [, pid, ending] = /\.forge-(\d+)\.(partial|old)$/.exec(name) ?? [];
    if (pid === undefined || name !== `.${path.basename(target)}.forge-${pid}.${ending}` || isRunning(Number(pid)))
      continue;
    const leftover = path.join(parent, name);
    if (ending === 'old' && (await kindOf(target)) === null) await rename(leftover, target);
    else await rm(leftover, { recursive: true, force: true });
  }
}

/** This process runs one export at a time, so what carries its own number is left over as well. */
function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

interface CopyProgress extends PlaceOptions {
  readonly done: number;
  readonly all: number;
}

async function copyProved(source: SourceFile, temporary: string, progress: CopyProgress): Promise<void> {
  await refuseChanged(source);
  const from = await open(source.path, 'r');
  try {
    const to = await open(temporary, 'wx');
    try {
      const buffer = Buffer.allocUnsafe(chunkBytes);
      for (let written = 0; ;) {
        progress.signal.throwIfAborted();
        const { bytesRead } = await from.read(buffer, 0, chunkBytes, null);
        if (bytesRead === 0) break;
        for (let offset = 0; offset < bytesRead;)
          offset += (await to.write(buffer, offset, bytesRead - offset)).bytesWritten;
        written += bytesRead;
        progress.report(Math.min(1, (progress.done + written) / Math.max(1, progress.all)));
      }
      await to.sync();
    } finally {
      await to.close();
    }
  } finally {
    await from.close();
  }
  if ((await hashFile(temporary, progress.signal)) !== source.sha256) throw new SourceChangedError(source.path);
}

async function refuseChanged({ path: file, bytes }: SourceFile): Promise<void> {
  const status = await lstat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
  if (status === null || !status.isFile() || status.size !== bytes) throw new SourceChangedError(file);
}
