import { createHash } from 'node:crypto';
import { mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { buildFile, type BuildFile } from '#contract/build-file.ts';
import { writeJsonAtomic } from '#native-bridge/files/write-file-atomic.ts';
import { readIfThere } from '#native-bridge/files/read-if-there.ts';
import { namesIn } from '#native-bridge/files/names-in.ts';
import type { HomeLayout } from '../home-layout.ts';

const fileName = 'build.json';
/** Parsed builds kept in memory while their file stays as it is. */
const keptBuilds = 2_000;
/** Files looked at side by side: more would only queue up in front of the disk. */
const filesAtOnce = 32;

/** The main jobs on disk: `models/<name>/v<n>/build.json`. */
export interface BuildStore {
  /** All builds that can be read, newest first; `unreadable` names the folders whose file is damaged. */
  list(): Promise<{ builds: BuildFile[]; unreadable: string[] }>;
  /** The builds whose files changed last, newest first; damaged ones are left out. Reads no more than it gives. */
  newest(limit: number): Promise<BuildFile[]>;
  load(name: string, version: number): Promise<BuildFile | null>;
  /** By the id of its main job; null when there is none that can be read. */
  byId(id: string): Promise<BuildFile | null>;
  save(build: BuildFile): Promise<void>;
  /** Deletes a version with all its files. */
  remove(build: Pick<BuildFile, 'name' | 'version'>): Promise<void>;
  /** Every version there is, with when its file last changed (Unix ms). Reads no file. */
  stamps(): Promise<BuildStamp[]>;
  /** Called after each `save` and `remove`. */
  onChange(listener: (place: Pick<BuildFile, 'name' | 'version'>) => void): void;
  directory(build: Pick<BuildFile, 'name' | 'version'>): string;
  /** Version numbers taken by a name, ascending, whether their file can be read or not. */
  versions(name: string): Promise<number[]>;
}

export interface BuildStamp {
  readonly name: string;
  readonly version: number;
  readonly at: number;
}

export function createBuildStore(layout: HomeLayout): BuildStore {
  const directory = ({ name, version }: Pick<BuildFile, 'name' | 'version'>): string =>
    layout.modelVersion(name, version);
  const files = createBuildFiles();
  const fileOf = (build: Pick<BuildFile, 'name' | 'version'>): string => path.join(directory(build), fileName);
  const load = (name: string, version: number): Promise<BuildFile | null> => files.read(fileOf({ name, version }));
  const { versions, places } = createPlaces(layout);
  const stamps = async (): Promise<BuildStamp[]> => {
    const found = await mapAtOnce(await places(), async (place) => ({
      ...place,
      at: await files.changedAt(fileOf(place)),
    }));
    return found.filter(({ at }) => at > 0);
  };
  const listeners: ((place: Pick<BuildFile, 'name' | 'version'>) => void)[] = [];
  const changed = (build: Pick<BuildFile, 'name' | 'version'>): void => {
    files.forget(fileOf(build));
    for (const listener of listeners) listener(build);
  };
  return {
    directory,
    load,
    versions,
    stamps,
    onChange: (listener) => void listeners.push(listener),
    async save(build) {
      await mkdir(directory(build), { recursive: true });
      await writeJsonAtomic(fileOf(build), build).finally(() => changed(build));
    },
    remove: (build) => rm(directory(build), { recursive: true, force: true }).finally(() => changed(build)),
    async byId(id) {
      const [, name, version] = /^([a-z0-9][a-z0-9._-]{0,59})-v([1-9][0-9]{0,5})$/.exec(id) ?? [];
      if (name === undefined) return null;
      const build = await load(name, Number(version)).catch(() => null);
      return build?.id === id ? build : null;
    },
    async newest(limit) {
      const newest = (await stamps()).toSorted((a, b) => b.at - a.at).slice(0, limit);
      const builds = await mapAtOnce(newest, ({ name, version }) => load(name, version).catch(() => null));
      return builds.filter((build) => build !== null);
    },
    async list() {
      const unreadable: string[] = [];
      const found = await mapAtOnce(await places(), ({ name, version }) =>
        // A damaged file is data about that version, not a reason to hide the others: it is named to the caller.
        load(name, version).catch(() => void unreadable.push(directory({ name, version }))),
      );
      const builds = found.filter((build) => build != null);
      return { builds: builds.toSorted((a, b) => b.createdAt - a.createdAt), unreadable };
    },
  };
}

/** Which versions there are, by their folders. */
function createPlaces(layout: HomeLayout) {
  const versions = async (name: string): Promise<number[]> => {
    const entries = await namesIn(path.join(layout.models, name));
    return entries
      .map((entry) => /^v([1-9][0-9]{0,5})$/.exec(entry)?.[1])
      .filter((digits) => digits !== undefined)
      .map(Number)
      .sort((a, b) => a - b);
  };
  const places = async (): Promise<{ name: string; version: number }[]> => {
    const names = await namesIn(layout.models);
    const found = await mapAtOnce(names, async (name) => (await versions(name)).map((version) => ({ name, version })));
    return found.flat();
  };
  return { versions, places };
}

interface BuildFiles {
  /** The parsed file, or null when it is not there; throws when it is damaged. */
  read(file: string): Promise<BuildFile | null>;
  /** When it was last written; 0 when it is not there. */
  changedAt(file: string): Promise<number>;
  forget(file: string): void;
}

/** Reads a file again only when it changed; what is read is never changed in place. */
function createBuildFiles(): BuildFiles {
  const kept = new Map<string, { readonly stamp: string; readonly build: BuildFile }>();
  return {
    async read(file) {
      const facts = await factsOf(file);
      if (facts === null) return null;
      const stamp = `${facts.mtimeMs} ${facts.size} ${facts.ino}`;
      const known = kept.get(file);
      if (known?.stamp === stamp) return known.build;
      const text = await readIfThere(file);
      if (text === null) return null;
      const build = buildFile.parse(JSON.parse(text));
      kept.delete(file);
      kept.set(file, { stamp, build });
      const [oldest] = kept.keys();
      if (kept.size > keptBuilds && oldest !== undefined) kept.delete(oldest);
      return build;
    },
    changedAt: async (file) => (await factsOf(file))?.mtimeMs ?? 0,
    forget: (file) => void kept.delete(file),
  };
}

async function factsOf(file: string): Promise<{ mtimeMs: number; size: number; ino: number } | null> {
  try {
    return await stat(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
}

async function mapAtOnce<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += filesAtOnce) {
    results.push(...(await Promise.all(items.slice(start, start + filesAtOnce).map(work))));
  }
  return results;
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
