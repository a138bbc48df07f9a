import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { largestUploadBytes } from '#contract/dataset-preview.ts';
import { ForgeError } from '#contract/errors.ts';
import type { FetchStep } from '#core/ports/base-model-store.ts';
import { fetchHubDataset } from '#native-bridge/datasets/hub-dataset.ts';
import type { HubAccess } from '#native-bridge/hub/hub-repository.ts';
import { checkDatasetFile } from '#native-bridge/files/dataset-source.ts';
import { sentFolders } from '#native-bridge/files/receive-upload.ts';
import { writeAbout } from './kept-about.ts';
import { joinFiles, type FilePart, type JoinedFiles } from './join-files.ts';

export interface ObtainedDataset {
  readonly path: string;
  readonly label: string;
  readonly sizeBytes: number;
  /** What a person should know about what was taken and what was left out; empty when there is nothing. */
  readonly note: string;
}

export interface ObtainOptions {
  /** FORGE_HOME/datasets. */
  readonly folder: string;
  readonly hub: HubAccess;
}

/** `hf:owner/name`, `hf:owner/name@revision`, or the address of the dataset's page. */
const hubSource =
  /^(?:hf:(?:\/\/)?(?:datasets\/)?|https:\/\/huggingface\.co\/datasets\/)([A-Za-z0-9][\w.-]{0,95}\/[A-Za-z0-9][\w.-]{0,95})(?:@([\w.-]{1,60}))?\/?$/;

/** Makes a file of what a person names. @throws ForgeError dataset.*, network.* */
export async function obtainDataset(source: string, options: ObtainOptions, step: FetchStep): Promise<ObtainedDataset> {
  const [, repository, revision = 'main'] = hubSource.exec(source.trim()) ?? [];
  if (repository !== undefined) return fromHub({ repository, revision }, options, step);
  if (/^(hf:|https?:)/i.test(source)) {
    const reason = 'write it as hf:owner/name';
    throw new ForgeError('dataset.hub-not-usable', { repository: source.slice(0, 200), reason });
  }
  // The engine works in a folder of its own: a path that is not whole would mean another file there.
  if (!path.isAbsolute(source)) throw new ForgeError('dataset.not-found', { path: source });
  const isFolder = await stat(source).then(
    (facts) => facts.isDirectory(),
    () => false,
  );
  if (isFolder) {
    const sent = sentBatch(source, options);
    const place = path.resolve(source);
    const obtained = fromFolder({ folder: place, shown: sent === null ? place : path.basename(place) }, options, step);
    return sent === null ? obtained : obtained.finally(() => rm(sent, { recursive: true, force: true }));
  }
  const { size } = await checkDatasetFile(source);
  return { path: source, label: path.basename(source), sizeBytes: size, note: '' };
}

/** What a folder that was handed over file by file lies in: it was only needed for its rows. Null for one that lies where the person has it. */
function sentBatch(source: string, { folder }: ObtainOptions): string | null {
  const batch = path.dirname(path.resolve(source));
  return path.dirname(batch) === path.join(folder, 'uploads', sentFolders) ? batch : null;
}

const dataFile = /\.(jsonl|ndjson|json|csv|tsv)$/i;
const mostFiles = 2_000;
const mostEntries = 50_000;

interface ShownFolder {
  readonly folder: string;
  /** What it is called to the person. */
  readonly shown: string;
}

async function fromFolder(
  { folder, shown }: ShownFolder,
  options: ObtainOptions,
  step: FetchStep,
): Promise<ObtainedDataset> {
  const { files, others } = await filesIn(folder, step.signal);
  if (files.length === 0)
    throw new ForgeError('dataset.folder-without-examples', { path: shown, reason: 'there is none' });
  const joined = await joinFiles(
    { files, folder: path.join(options.folder, 'joined'), name: path.basename(folder) },
    step,
  );
  if (joined.rows === 0) {
    const reason = joined.leftOut.slice(0, 3).join('; ');
    throw new ForgeError('dataset.folder-without-examples', { path: shown, reason });
  }
  const leftOut = [...joined.leftOut, ...(others === 0 ? [] : [`${counted(others, 'other file')}`])];
  const label = path.basename(folder);
  const about = `${counted(joined.rows, 'row')} of ${counted(files.length, 'file')} in ${shown}.`;
  return finish(joined, { label, about, note: noteOf(about, leftOut) });
}

interface FolderFiles {
  readonly files: readonly FilePart[];
  /** Files of other kinds that lie there. */
  readonly others: number;
}

/** Files that may hold rows, by name, those of folders inside it as well; links and hidden ones are passed over. */
async function filesIn(folder: string, signal: AbortSignal): Promise<FolderFiles> {
  const files: FilePart[] = [];
  let [others, entries, bytes] = [0, 0, 0];
  const tooMany = (): ForgeError =>
    new ForgeError('dataset.too-large', { path: folder, size: 'too many files', limit: `${mostFiles} files` });
  const folders = [folder];
  for (let place = folders.shift(); place !== undefined; place = folders.shift()) {
    signal.throwIfAborted();
    for (const entry of (await listed(place)).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const full = path.join(place, entry.name);
      entries += 1;
      if (entries > mostEntries || files.length > mostFiles) throw tooMany();
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory()) folders.push(full);
      else if (!entry.isFile() || !dataFile.test(entry.name)) others += 1;
      else {
        bytes += (await stat(full)).size;
        files.push({ path: full, name: path.relative(folder, full) });
      }
    }
    refuseTooLarge(folder, bytes);
  }
  return { files, others };
}

function refuseTooLarge(folder: string, bytes: number): void {
  if (bytes <= largestUploadBytes) return;
  const gib = (value: number): string => `${(value / 2 ** 30).toFixed(1)} GiB`;
  throw new ForgeError('dataset.too-large', { path: folder, size: gib(bytes), limit: gib(largestUploadBytes) });
}

async function listed(folder: string) {
  return readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw new ForgeError(
      'dataset.not-readable',
      { path: folder, reason: error.code ?? error.message },
      { cause: error },
    );
  });
}

async function fromHub(
  { repository, revision }: { repository: string; revision: string },
  options: ObtainOptions,
  step: FetchStep,
): Promise<ObtainedDataset> {
  const folder = path.join(options.folder, 'hub', repository.replace('/', '--'));
  const request = { repository, revision, folder: path.join(folder, 'source'), maximumBytes: largestUploadBytes };
  const { files, leftOut, commit } = await fetchHubDataset(options.hub, request, step);
  const parts = files.map((file) => ({ path: file, name: path.basename(file) }));
  const joined = await joinFiles({ files: parts, folder, name: repository.replace('/', '-') }, step);
  if (joined.rows === 0) {
    const reason = joined.leftOut.slice(0, 3).join('; ');
    throw new ForgeError('dataset.hub-not-usable', { repository, reason: `no row of it can be used (${reason})` });
  }
  const about = `${counted(joined.rows, 'row')} of ${repository} on the Hugging Face hub, as of commit ${commit.slice(0, 7)}.`;
  const note = noteOf(about, [...joined.leftOut, ...leftOut]);
  return finish(joined, { label: repository, about, note });
}

async function finish(
  { path: file, rows }: JoinedFiles,
  { label, about, note }: { label: string; about: string; note: string },
): Promise<ObtainedDataset> {
  await writeAbout(file, { v: 1, label: label.slice(0, 500), about: about.slice(0, 2000), rows });
  return { path: file, label, sizeBytes: (await stat(file)).size, note };
}

const namedLeftOut = 5;

function noteOf(about: string, leftOut: readonly string[]): string {
  if (leftOut.length === 0) return about;
  const more = leftOut.length - namedLeftOut;
  const named = leftOut.slice(0, namedLeftOut).join('; ');
  return `${about} Left out: ${named}${more > 0 ? `; and ${more} more` : ''}.`;
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
