import { lstat, readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { ForgeError } from '#contract/errors.ts';
import { checkDatasetFile } from '../../files/dataset-source.ts';
import { isDataFileName } from './data-file-names.ts';
import { compressionAt } from './packed-file.ts';
import { zipEntries } from './zip-entries.ts';

/** One file of records: on the disk, or inside a zip archive. */
export interface RecordFile {
  readonly path: string;
  /** Name inside the archive at `path`. */
  readonly entry?: string;
  /** Path below the place that was named, with slashes; what a row's source says. */
  readonly name: string;
  /** Bytes on the disk; compressed ones for an entry of an archive. */
  readonly sizeBytes: number;
}

export interface RecordFileList {
  readonly files: readonly RecordFile[];
  /** What was left out, and why; at most 100. */
  readonly ignored: readonly { readonly name: string; readonly reason: string }[];
}

const deepestFolder = 16;
const mostFiles = 100_000;
const mostIgnored = 100;
const largestStateBytes = 4_194_304;

/** What `datasets` writes beside the files of `save_to_disk`. */
const savedState = z.object({ _data_files: z.array(z.object({ filename: z.string() })) });
const savedSplits = z.object({ splits: z.array(z.string()) });

interface Walk {
  readonly root: string;
  readonly files: RecordFile[];
  readonly ignored: { name: string; reason: string }[];
}

function nameIn(walk: Walk, place: string): string {
  return path.relative(walk.root, place).split(path.sep).join('/');
}

function ignore(walk: Walk, place: string, reason: string): void {
  if (walk.ignored.length < mostIgnored) walk.ignored.push({ name: nameIn(walk, place), reason });
}

async function readJson<Schema extends z.ZodType>(file: string, schema: Schema): Promise<z.output<Schema> | undefined> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined || !found.isFile() || found.size > largestStateBytes) return undefined;
  const text = await readFile(file, 'utf8');
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Nothing outside the named folder is read, whatever a link or a list inside it says. */
async function isInside(walk: Walk, place: string): Promise<boolean> {
  const real = await realpath(place).catch(() => undefined);
  return real !== undefined && real.startsWith(walk.root + path.sep);
}

async function addFile(walk: Walk, place: string): Promise<void> {
  if (walk.files.length >= mostFiles)
    throw new ForgeError('dataset.too-large', { path: walk.root, size: 'too many files', limit: `${mostFiles} files` });
  const found = await stat(place).catch(() => undefined);
  if (found === undefined || !found.isFile()) return ignore(walk, place, 'it is not an ordinary file');
  if (!(await isInside(walk, place))) return ignore(walk, place, 'it is a link to a place outside the folder');
  const name = nameIn(walk, place);
  if (!/\.zip$/i.test(name)) return void walk.files.push({ path: place, name, sizeBytes: found.size });
  for (const entry of await zipEntries(place))
    walk.files.push({
      path: place,
      entry: entry.name,
      name: `${name}/${entry.name}`,
      sizeBytes: entry.compressedBytes,
    });
}

/** A folder saved by `save_to_disk` names its files in their order; null when it is none. */
async function savedFiles(folder: string): Promise<string[] | null> {
  const state = await readJson(path.join(folder, 'state.json'), savedState);
  return state === undefined
    ? null
    : state._data_files.map(({ filename }) => path.join(folder, path.basename(filename)));
}

async function walkFolder(walk: Walk, folder: string, depth: number): Promise<void> {
  if (depth > deepestFolder) return ignore(walk, folder, 'the folder is nested too deep');
  const saved = await savedFiles(folder);
  if (saved !== null) {
    for (const file of saved) await addFile(walk, file);
    return;
  }
  const splits = await readJson(path.join(folder, 'dataset_dict.json'), savedSplits);
  const names = splits?.splits.map((split) => path.basename(split)) ?? (await readdir(folder)).toSorted();
  for (const name of names) {
    const place = path.join(folder, name);
    const found = await lstat(place).catch(() => undefined);
    if (found === undefined || name.startsWith('.')) continue;
    if (found.isDirectory()) await walkFolder(walk, place, depth + 1);
    else if (!isDataFileName(name)) ignore(walk, place, 'its name is not that of a data file');
    else if (found.isSymbolicLink() && (await stat(place).catch(() => undefined))?.isDirectory() === true)
      ignore(walk, place, 'it is a link to a folder');
    else await addFile(walk, place);
  }
}

/**
 * The files of records at a place: the file itself, the files inside an archive, or the data files of a folder and its folders in name order. Links to
 * folders, and links that lead out of the folder, are not followed.
 * @throws ForgeError dataset.not-found, dataset.not-a-file, dataset.damaged, dataset.folder-without-examples
 */
export async function listRecordFiles(place: string): Promise<RecordFileList> {
  const found = await stat(place).catch(() => undefined);
  if (found?.isDirectory() !== true) {
    const { size } = await checkDatasetFile(place, Number.POSITIVE_INFINITY);
    return { files: await filesOf(place, size), ignored: [] };
  }
  const walk: Walk = { root: await realpath(place), files: [], ignored: [] };
  await walkFolder(walk, walk.root, 0);
  if (walk.files.length > 0) return { files: walk.files, ignored: walk.ignored };
  const [first] = walk.ignored;
  const reason = first === undefined ? 'it is empty' : `${first.name}: ${first.reason}`;
  throw new ForgeError('dataset.folder-without-examples', { path: place, reason });
}

async function filesOf(place: string, sizeBytes: number): Promise<RecordFile[]> {
  const name = path.basename(place);
  if ((await compressionAt(place)) !== 'zip') return [{ path: place, name, sizeBytes }];
  const entries = await zipEntries(place);
  if (entries.length === 0) return [{ path: place, name, sizeBytes }];
  return entries.map((entry) => ({
    path: place,
    entry: entry.name,
    name: `${name}/${entry.name}`,
    sizeBytes: entry.compressedBytes,
  }));
}
