import { createReadStream } from 'node:fs';
import { readdir, realpath, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { DatasetVersion } from '#contract/dataset-versions.ts';
import type { KnownDataset } from '#contract/dataset-preview.ts';
import { ForgeError } from '#contract/errors.ts';
import { say } from '#contract/sentences.ts';
import { rowsFileName } from '#native-bridge/datasets/store/store-places.ts';
import { directoryBytes } from '#native-bridge/files/directory-bytes.ts';
import { shippedDataset } from '../main-job/shipped-dataset.ts';
import { aboutPath, isAboutFile, readAbout } from './kept-about.ts';

export interface KnownDatasetsOptions {
  /** FORGE_HOME/datasets. */
  readonly folder: string;
  readonly appDirectory: string;
  /** Dataset versions, the newest first. */
  readonly versions?: () => Promise<DatasetVersion[]>;
}

/** Most files that are listed of each kind, the newest. */
const listedFiles = 500;
/** Lines are counted in files up to this size. */
const countedBytes = 32 * 2 ** 20;

/** What can be learned from without bringing anything: the sample first, then kept answers, then the newest of the others. */
export async function knownDatasets(options: KnownDatasetsOptions): Promise<KnownDataset[]> {
  const { folder, appDirectory } = options;
  const kept = await describeFile(path.join(folder, 'kept', 'examples.jsonl'), 'kept');
  const hubFolders = (await entriesOf(path.join(folder, 'hub'))).map((name) => path.join(folder, 'hub', name));
  const hub = await Promise.all(hubFolders.map((place) => describeFiles(place, 'hub')));
  const others = [
    ...(await describeFiles(path.join(folder, 'uploads'), 'uploaded')),
    ...(await describeFiles(path.join(folder, 'joined'), 'folder')),
    ...hub.flat(),
  ];
  const newest = others.toSorted((a, b) => b.changedAt - a.changedAt).slice(0, listedFiles);
  const first = kept === null || kept.sizeBytes === 0 ? [] : [kept];
  return [await describeSample(appDirectory), ...(await describeVersions(options)), ...first, ...newest];
}

/** Versions whose rows can be learned from, the newest first. */
async function describeVersions({ folder, versions }: KnownDatasetsOptions): Promise<KnownDataset[]> {
  const all = (await versions?.()) ?? [];
  const usable = all.filter(({ kinds }) => (kinds.sft ?? 0) + (kinds.text ?? 0) > 0);
  return usable.slice(0, listedFiles).map(({ name, version, rows, sizeBytes, createdAt, parent, sources }) => ({
    path: path.join(folder, name, `v${version}`, rowsFileName),
    label: `${name}:v${version}`,
    kind: 'version' as const,
    about:
      parent === null
        ? say('dataset.about-version', {
            files: sources
              .map(({ uri }) => uri)
              .slice(0, 3)
              .join(', '),
          })
        : say('dataset.about-derived', { parent: `${parent.name}:v${parent.version}` }),
    ...{ rows, sizeBytes, changedAt: createdAt, isDefault: false },
  }));
}

async function describeSample(appDirectory: string): Promise<KnownDataset> {
  const { file, title, about } = await shippedDataset(appDirectory);
  const { size, mtimeMs } = await stat(file);
  return {
    path: file,
    label: title,
    kind: 'sample',
    about,
    rows: null,
    sizeBytes: size,
    changedAt: mtimeMs,
    isDefault: true,
  };
}

type FileKind = Exclude<KnownDataset['kind'], 'sample' | 'version'>;

async function describeFiles(folder: string, kind: FileKind): Promise<KnownDataset[]> {
  const names = (await entriesOf(folder)).filter((name) => !name.startsWith('.') && !isAboutFile(name));
  const found = await Promise.all(names.map((name) => describeFile(path.join(folder, name), kind)));
  return found.filter((dataset) => dataset !== null);
}

const aboutKind: Readonly<Record<FileKind, string>> = {
  kept: 'Answers you kept while comparing models.',
  uploaded: 'A file you handed over.',
  hub: 'Fetched from the Hugging Face hub.',
  folder: 'Put together from the files of a folder.',
};

async function describeFile(file: string, kind: FileKind): Promise<KnownDataset | null> {
  const facts = await stat(file).catch(notThere);
  if (facts === null || !facts.isFile()) return null;
  const about = await readAbout(file);
  const label = about?.label ?? (kind === 'kept' ? 'Kept answers' : path.basename(file));
  const rows =
    about?.rows ?? (/\.(jsonl|ndjson)$/i.test(file) && facts.size <= countedBytes ? await countLines(file) : null);
  const known = { path: file, label, kind, about: about?.about ?? aboutKind[kind], rows };
  return { ...known, sizeBytes: facts.size, changedAt: facts.mtimeMs, isDefault: false };
}

async function countLines(file: string): Promise<number> {
  let [lines, last] = [0, 10];
  for await (const piece of createReadStream(file)) {
    const bytes = piece as Buffer;
    for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) lines += 1;
    last = bytes.at(-1) ?? last;
  }
  return last === 10 ? lines : lines + 1;
}

async function entriesOf(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(notThere)) ?? [];
}

function notThere(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
  throw error;
}

/**
 * Removes a file that was handed over, fetched or put together; of a fetched one also what it was made of. Everything else is refused: a person's own file,
 * the sample, kept answers (they are taken back one by one), whatever a link leads to.
 * @returns bytes freed
 * @throws ForgeError dataset.not-found, dataset.not-removable
 */
export async function removeDataset(file: string, { folder }: KnownDatasetsOptions): Promise<number> {
  const refuse = (): ForgeError => new ForgeError('dataset.not-removable', { path: file });
  if (!path.isAbsolute(file)) throw refuse();
  const [real, root] = [await realpath(file).catch(notThere), await realpath(folder).catch(notThere)];
  if (real === null) throw new ForgeError('dataset.not-found', { path: file });
  if (root === null) throw refuse();
  const parts = path.relative(root, real).split(path.sep);
  const [kind, ...rest] = parts;
  const isFile = (await stat(real)).isFile();
  if (kind === 'hub' && rest.length === 2 && isFile) return removeAll(path.join(root, 'hub', rest[0] ?? ''));
  if ((kind !== 'uploads' && kind !== 'joined') || rest.length !== 1 || !isFile) throw refuse();
  const { size } = await stat(real);
  await rm(real);
  await rm(aboutPath(real), { force: true });
  return size;
}

async function removeAll(folder: string): Promise<number> {
  const freed = await directoryBytes(folder);
  await rm(folder, { recursive: true, force: true });
  return freed;
}
