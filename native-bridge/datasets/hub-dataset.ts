import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ForgeError } from '#contract/errors.ts';
import type { FetchStep } from '#core/ports/base-model-store.ts';
import {
  checkSpace,
  describedFile,
  gigabytes,
  openCommit,
  totalBytesOf,
  type HubAccess,
  type HubEntry,
  type HubFile,
} from '../hub/hub-repository.ts';
import { datasetQuestion } from './hub-question.ts';

export interface DatasetHubRequest {
  /** `owner/name`. */
  readonly repository: string;
  readonly revision: string;
  /** Folder the files go to. */
  readonly folder: string;
  /** Most bytes that are fetched, all files together. */
  readonly maximumBytes: number;
}

export interface FetchedDataset {
  readonly commit: string;
  /** Where the files are, in the repository's order. */
  readonly files: readonly string[];
  /** Files of the repository that hold rows and were not taken, by their path there. */
  readonly leftOut: readonly string[];
}

const maximumFiles = 200;

/**
 * Fetches the rows of a dataset of the hub: the revision is resolved to its commit, the commit's list gives sizes and digests, and JSONL, JSON, CSV and TSV
 * files are fetched resumably and checked. Where files are marked as the training part, only those are taken.
 * @throws ForgeError dataset.not-on-hub, dataset.hub-*, network.*
 */
export async function fetchHubDataset(
  access: HubAccess,
  request: DatasetHubRequest,
  step: FetchStep,
): Promise<FetchedDataset> {
  const { repository, folder } = request;
  const hub = await openCommit(access, datasetQuestion(request), step);
  const { files, leftOut } = chooseFiles(hub.entries, request);
  await mkdir(folder, { recursive: true });
  await checkSpace({ id: repository, folder, existing: folder }, totalBytesOf(files));
  const nameOf = ({ path }: HubFile): string => localName(path);
  await hub.fetch(files, { folder, nameOf, textOf: ({ path }) => `fetching ${repository}: ${path}` });
  return { commit: hub.commit, files: files.map((file) => join(folder, nameOf(file))), leftOut };
}

const rowFile = /\.(jsonl|ndjson|json|csv|tsv)$/i;
/** JSON files that describe a repository instead of holding rows. */
const describingFile = /(^|\/)(dataset_infos?|dataset_dict|state|package(-lock)?|config|croissant)\.json$/i;
const trainingFile = /(^|[^a-z])train(ing)?([^a-z]|$)/i;
/** Each part of a path becomes part of a file name here: nothing hidden, nothing that leads elsewhere. */
const soundPath = /^(?!\.)[^\\:*?"<>|\p{Cc}]+$/u;

function chooseFiles(
  entries: readonly HubEntry[],
  { repository, maximumBytes }: DatasetHubRequest,
): { files: readonly HubFile[]; leftOut: readonly string[] } {
  const refuse = (reason: string): ForgeError => new ForgeError('dataset.hub-not-usable', { repository, reason });
  const listed = entries.filter(
    ({ type, path }) => type === 'file' && path.split('/').every((part) => soundPath.test(part)),
  );
  const holding = listed.filter(({ path, size = 0 }) => rowFile.test(path) && !describingFile.test(path) && size > 0);
  if (holding.length === 0) {
    if (listed.some(({ path }) => /\.parquet$/i.test(path)))
      throw new ForgeError('dataset.hub-only-parquet', { repository });
    throw refuse('it has no JSONL, JSON, CSV or TSV file');
  }
  const training = holding.filter(({ path }) => trainingFile.test(path));
  const taken = (training.length > 0 ? training : holding).map((file) => describedFile(file, refuse));
  if (taken.length > maximumFiles) throw refuse(`it has ${taken.length} files of rows`);
  const totalBytes = totalBytesOf(taken);
  if (totalBytes > maximumBytes)
    throw refuse(`its files have ${gigabytes(totalBytes)}, more than the ${gigabytes(maximumBytes)} that are fetched`);
  const leftOut = holding.map(({ path }) => path).filter((path) => !taken.some((file) => file.path === path));
  return { files: taken, leftOut };
}

/** One folder holds all files, so that none can lead out of it. */
function localName(path: string): string {
  return path.replaceAll('/', '--').slice(-200);
}
