import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { buildFile, type BuildFile } from '#contract/build-file.ts';
import { writeJsonAtomic } from '#native-bridge/files/write-file-atomic.ts';
import type { HomeLayout } from '../home-layout.ts';

const fileName = 'build.json';

/** The main jobs on disk: `models/<name>/v<n>/build.json`. */
export interface BuildStore {
  /** All builds that can be read, newest first; `unreadable` names the folders whose file is damaged. */
  list(): Promise<{ builds: BuildFile[]; unreadable: string[] }>;
  load(name: string, version: number): Promise<BuildFile | null>;
  save(build: BuildFile): Promise<void>;
  directory(build: Pick<BuildFile, 'name' | 'version'>): string;
  /** Version numbers taken by a name, ascending, whether their file can be read or not. */
  versions(name: string): Promise<number[]>;
}

export function createBuildStore(layout: HomeLayout): BuildStore {
  const directory = ({ name, version }: Pick<BuildFile, 'name' | 'version'>): string =>
    layout.modelVersion(name, version);
  const load = async (name: string, version: number): Promise<BuildFile | null> => {
    const text = await readIfThere(path.join(directory({ name, version }), fileName));
    return text === null ? null : buildFile.parse(JSON.parse(text));
  };
  const versions = async (name: string): Promise<number[]> => {
    const entries = await entriesOf(path.join(layout.models, name));
    return entries
      .map((entry) => /^v([1-9][0-9]{0,5})$/.exec(entry)?.[1])
      .filter((digits) => digits !== undefined)
      .map(Number)
      .sort((a, b) => a - b);
  };
  return {
    directory,
    load,
    versions,
    async save(build) {
      await mkdir(directory(build), { recursive: true });
      await writeJsonAtomic(path.join(directory(build), fileName), build);
    },
    async list() {
      const builds: BuildFile[] = [];
      const unreadable: string[] = [];
      for (const name of await entriesOf(layout.models)) {
        for (const version of await versions(name)) {
          try {
            const build = await load(name, version);
            if (build) builds.push(build);
          } catch {
            // A damaged file is data about that version, not a reason to hide the others: it is named to the caller.
            unreadable.push(directory({ name, version }));
          }
        }
      }
      return { builds: builds.sort((a, b) => b.createdAt - a.createdAt), unreadable };
    },
  };
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function entriesOf(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}

/** SHA-256 of a JSON value with sorted keys: equal content gives an equal digest. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(stableJson(value)).digest('hex');
}

function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
