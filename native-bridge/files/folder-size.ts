import type { Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';

/** Files looked at side by side, with room for others between two rounds. */
const filesAtOnce = 64;

export interface FolderSize {
  /** A file with several names is counted once. */
  readonly bytes: number;
  /** What removing it would free: a file that has another name elsewhere stays. */
  readonly freeableBytes: number;
  /** The time was up before all was looked at: both are at least this much. */
  readonly isPartial: boolean;
}

export interface MeasureOptions {
  /** Folders left out, as absolute paths. */
  readonly skip?: ReadonlySet<string>;
  /** True when the time is up. */
  readonly isOver?: () => boolean;
}

interface SharedFile {
  readonly bytes: number;
  /** Names it has on the disk, and those met here. */
  readonly names: number;
  met: number;
}

/** Measures files and folders with all below them, links not followed. What is not there, or vanishes meanwhile, counts nothing. */
export async function folderSize(
  paths: readonly string[],
  { skip = new Set(), isOver = () => false }: MeasureOptions = {},
): Promise<FolderSize> {
  const shared = new Map<string, SharedFile>();
  let bytes = 0;
  const add = (facts: Stats): void => {
    if (!facts.isFile()) return;
    if (facts.nlink === 1) {
      bytes += facts.size;
      return;
    }
    const key = `${facts.dev}:${facts.ino}`;
    const known = shared.get(key) ?? { bytes: facts.size, names: facts.nlink, met: 0 };
    known.met += 1;
    shared.set(key, known);
  };
  const open = [...paths];
  let isPartial = false;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    isPartial = isOver();
    if (isPartial) break;
    if (skip.has(next)) continue;
    const entries = await entriesOf(next);
    open.push(...entries.folders);
    for (let start = 0; start < entries.files.length && !isOver(); start += filesAtOnce) {
      const facts = await Promise.all(entries.files.slice(start, start + filesAtOnce).map(factsOf));
      for (const each of facts) if (each !== null) add(each);
    }
  }
  const files = [...shared.values()];
  const whole = files.filter(({ names, met }) => met >= names);
  return { bytes: bytes + sum(files), freeableBytes: bytes + sum(whole), isPartial };
}

function sum(files: readonly SharedFile[]): number {
  return files.reduce((total, { bytes }) => total + bytes, 0);
}

async function entriesOf(place: string): Promise<{ files: readonly string[]; folders: readonly string[] }> {
  try {
    const entries = await readdir(place, { withFileTypes: true });
    const inside = (wanted: boolean): string[] =>
      entries.filter((entry) => entry.isDirectory() === wanted).map(({ name }) => path.join(place, name));
    return { files: inside(false), folders: inside(true) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return { files: [place], folders: [] };
    if (isUnseen(error)) return { files: [], folders: [] };
    throw error;
  }
}

async function factsOf(file: string): Promise<Stats | null> {
  try {
    return await lstat(file);
  } catch (error) {
    if (isUnseen(error)) return null;
    throw error;
  }
}

/** Gone meanwhile, or closed to this person: it cannot be counted, and the rest can. */
function isUnseen(error: unknown): boolean {
  return ['ENOENT', 'EACCES', 'EPERM', 'ELOOP'].includes(String((error as NodeJS.ErrnoException).code));
}
