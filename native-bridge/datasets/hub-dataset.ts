import { mkdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { ForgeError } from '#contract/errors.ts';
import type { FetchStep } from '#core/ports/base-model-store.ts';
import type { Outbound } from '#core/ports/outbound.ts';
import type { SecretStore } from '#core/ports/secret-store.ts';
import { downloadFile } from '../base-models/download-file.ts';
import { hubSecret, revisionAnswer, treeAnswer } from '../base-models/hub-source.ts';

export interface DatasetHubOptions {
  readonly outbound: Outbound;
  readonly secrets: Pick<SecretStore, 'read'>;
  /** e.g. "https://huggingface.co", without a slash at its end. */
  readonly address: string;
  /** Waits between tries of a download, for tests. */
  readonly pauseMs?: (attempt: number) => number;
}

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

const maximumAnswerBytes = 20_000_000;
const maximumFiles = 200;

type TreeFile = z.infer<typeof treeAnswer>[number];

interface DataFile {
  readonly path: string;
  readonly bytes: number;
  readonly digest: { readonly kind: 'sha256' | 'sha1-git'; readonly value: string };
}

/**
 * Fetches the rows of a dataset of the hub: the revision is resolved to its commit, the commit's list gives sizes and digests, and JSONL, JSON, CSV and TSV
 * files are fetched resumably and checked. Where files are marked as the training part, only those are taken.
 * @throws ForgeError dataset.not-on-hub, dataset.hub-*, network.*
 */
export async function fetchHubDataset(
  options: DatasetHubOptions,
  request: DatasetHubRequest,
  step: FetchStep,
): Promise<FetchedDataset> {
  const token = await options.secrets.read(hubSecret);
  const hub: Hub = { ...options, ...{ headers: token === null ? {} : { authorization: `Bearer ${token}` } }, request };
  const name = encodeURIComponent(request.revision);
  const { sha: commit } = await ask(hub, { path: `revision/${name}`, schema: revisionAnswer, step });
  const tree = await ask(hub, { path: `tree/${commit}?recursive=true`, schema: treeAnswer, step });
  const { files, leftOut } = chooseFiles(tree, request);
  const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  await checkSpace(request, totalBytes);
  let before = 0;
  for (const file of files) {
    const done = before;
    const report = (bytes: number): void =>
      step.report({ text: `fetching ${request.repository}: ${file.path}`, fraction: (done + bytes) / totalBytes });
    await fetchOne(hub, { file, commit, step, report });
    before += file.bytes;
  }
  return { commit, files: files.map(({ path }) => join(request.folder, localName(path))), leftOut };
}

interface Hub extends DatasetHubOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly request: DatasetHubRequest;
}

const rowFile = /\.(jsonl|ndjson|json|csv|tsv)$/i;
/** JSON files that describe a repository instead of holding rows. */
const describingFile = /(^|\/)(dataset_infos?|dataset_dict|state|package(-lock)?|config|croissant)\.json$/i;
const trainingFile = /(^|[^a-z])train(ing)?([^a-z]|$)/i;
/** Each part of a path becomes part of a file name here: nothing hidden, nothing that leads elsewhere. */
const soundPath = /^(?!\.)[^\\:*?"<>|\p{Cc}]+$/u;

function chooseFiles(
  tree: readonly TreeFile[],
  { repository, maximumBytes }: DatasetHubRequest,
): { files: readonly DataFile[]; leftOut: readonly string[] } {
  const refuse = (reason: string): ForgeError => new ForgeError('dataset.hub-not-usable', { repository, reason });
  const listed = tree.filter(
    ({ type, path }) => type === 'file' && path.split('/').every((part) => soundPath.test(part)),
  );
  const holding = listed.filter(({ path, size = 0 }) => rowFile.test(path) && !describingFile.test(path) && size > 0);
  if (holding.length === 0) {
    if (listed.some(({ path }) => /\.parquet$/i.test(path)))
      throw new ForgeError('dataset.hub-only-parquet', { repository });
    throw refuse('it has no JSONL, JSON, CSV or TSV file');
  }
  const training = holding.filter(({ path }) => trainingFile.test(path));
  const taken = (training.length > 0 ? training : holding).map((file) => described(file, refuse));
  if (taken.length > maximumFiles) throw refuse(`it has ${taken.length} files of rows`);
  const totalBytes = taken.reduce((sum, { bytes }) => sum + bytes, 0);
  if (totalBytes > maximumBytes)
    throw refuse(`its files have ${gigabytes(totalBytes)}, more than the ${gigabytes(maximumBytes)} that are fetched`);
  const leftOut = holding.map(({ path }) => path).filter((path) => !taken.some((file) => file.path === path));
  return { files: taken, leftOut };
}

function described({ path, size, oid, lfs }: TreeFile, refuse: (reason: string) => ForgeError): DataFile {
  if (lfs) return { path, bytes: lfs.size, digest: { kind: 'sha256', value: lfs.oid } };
  if (size === undefined || !/^[0-9a-f]{40}$/.test(oid ?? '')) throw refuse(`${path} has no digest`);
  return { path, bytes: size, digest: { kind: 'sha1-git', value: oid ?? '' } };
}

/** One folder holds all files, so that none can lead out of it. */
function localName(path: string): string {
  return path.replaceAll('/', '--').slice(-200);
}

interface Question<T> {
  readonly path: string;
  readonly schema: z.ZodType<T>;
  readonly step: FetchStep;
}

async function ask<T>(hub: Hub, { path, schema, step }: Question<T>): Promise<T> {
  const { repository } = hub.request;
  const url = `${hub.address}/api/datasets/${repository}/${path}`;
  const purpose = `looking up the files of the dataset ${repository}`;
  const response = await hub.outbound.request({ url, purpose, headers: hub.headers, signal: step.signal });
  if (response.status !== 200) {
    await response.discard();
    throw refusal(hub, response.status, purpose);
  }
  const parsed = schema.safeParse(parseJson(await response.text(maximumAnswerBytes)));
  if (parsed.success) return parsed.data;
  const reason = `the hub's description of it is not readable (${parsed.error.issues[0]?.message ?? 'no JSON'})`;
  throw new ForgeError('dataset.hub-not-usable', { repository, reason });
}

/** The hub says 401 for what is gated or does not exist, 403 for consent not given. */
function refusal(hub: Hub, status: number, purpose: string): ForgeError {
  const { repository, revision } = hub.request;
  if (status === 401 || status === 403) {
    const hasToken = 'authorization' in hub.headers;
    const reason = hasToken
      ? 'the token that is set is not allowed to read it'
      : 'no token is set, or there is no such dataset';
    return new ForgeError('dataset.hub-gated', { repository, reason, secret: hubSecret });
  }
  if (status === 404) return new ForgeError('dataset.not-on-hub', { repository, revision });
  return new ForgeError('dataset.hub-refused', { status, purpose });
}

interface OneFile {
  readonly file: DataFile;
  readonly commit: string;
  readonly step: FetchStep;
  readonly report: (bytes: number) => void;
}

async function fetchOne(hub: Hub, { file, commit, step, report }: OneFile): Promise<void> {
  const { repository, folder } = hub.request;
  const purpose = `downloading the dataset ${repository}`;
  const address = file.path.split('/').map(encodeURIComponent).join('/');
  await downloadFile(
    {
      url: `${hub.address}/datasets/${repository}/resolve/${commit}/${address}`,
      path: join(folder, localName(file.path)),
      sizeBytes: file.bytes,
      digest: file.digest,
      purpose,
      id: repository,
      name: file.path,
      headers: hub.headers,
    },
    {
      outbound: hub.outbound,
      signal: step.signal,
      onBytes: report,
      refuse: (response) => {
        throw refusal(hub, response.status, purpose);
      },
      ...(hub.pauseMs ? { pauseMs: hub.pauseMs } : {}),
    },
  );
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

async function checkSpace({ repository, folder }: DatasetHubRequest, totalBytes: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= totalBytes) return;
  const sizes = { needed: gigabytes(totalBytes), free: gigabytes(free) };
  throw new ForgeError('base-model.disk-full', { id: repository, path: folder, ...sizes });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Judged by the schema, as any other unusable answer.
    return null;
  }
}
