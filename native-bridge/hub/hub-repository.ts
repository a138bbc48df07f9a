import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ForgeError } from '#contract/errors.ts';
import type { FetchStep } from '#core/ports/base-model-store.ts';
import type { Outbound, OutboundResponse } from '#core/ports/outbound.ts';
import type { SecretStore } from '#core/ports/secret-store.ts';
import { downloadFile } from './download-file.ts';
import { patientOutbound, retryAfterSeconds } from './patient-outbound.ts';

/** How the model hub, or a mirror that speaks the same language, is reached. */
export interface HubAccess {
  readonly outbound: Outbound;
  readonly secrets: Pick<SecretStore, 'read'>;
  /** e.g. "https://huggingface.co", without a slash at its end. */
  readonly address: string;
  /** Waits between tries of a download, for tests. */
  readonly pauseMs?: (attempt: number) => number;
}

/** Name of the secret with the hub's read token. */
export const hubSecret = 'hf_token';

/** Which repository, and how its errors and its lines in the network ledger read. */
export interface HubQuestion {
  readonly kind: 'models' | 'datasets';
  /** `owner/name`. */
  readonly repository: string;
  readonly revision: string;
  /** What a person calls it. */
  readonly id: string;
  readonly lookingUp: string;
  readonly downloading: string;
  /** Also the files in its folders. */
  readonly recursive: boolean;
  readonly maximumAnswerBytes: number;
  /** The hub says 401 for what is gated or does not exist, 403 for consent not given. */
  refused(answer: HubRefusal): ForgeError;
  /** An answer that is none; `reason` is undefined when it is not even JSON. */
  unreadable(reason: string | undefined): ForgeError;
}

/** An answer of the hub that is none of those hoped for. */
export interface HubRefusal {
  readonly status: number;
  readonly purpose: string;
  readonly hasToken: boolean;
  /** `X-Error-Code` of the hub, such as `RevisionNotFound`; null where it gives none. */
  readonly errorCode: string | null;
  readonly retryAfterSeconds: number | null;
}

/** One file of a commit, with what proves that it came whole. */
export interface HubFile {
  readonly path: string;
  readonly bytes: number;
  readonly digest: { readonly kind: 'sha256' | 'sha1-git'; readonly value: string };
}

const revisionAnswer = z.object({ sha: z.string().regex(/^[0-9a-f]{40}$/) });
const treeAnswer = z.array(
  z.object({
    type: z.string(),
    path: z.string().max(500),
    size: z.number().int().nonnegative().optional(),
    oid: z.string().optional(),
    lfs: z.object({ oid: z.string().regex(/^[0-9a-f]{64}$/), size: z.number().int().nonnegative() }).optional(),
  }),
);
export type HubEntry = z.infer<typeof treeAnswer>[number];

/** A repository at one commit. */
export interface HubCommit {
  readonly commit: string;
  readonly entries: readonly HubEntry[];
  /** Fetches files resumably and checks them; what was whole before is not fetched again. */
  fetch(files: readonly HubFile[], target: FetchTarget): Promise<void>;
}

export interface FetchTarget {
  /** Folder the files go to. */
  readonly folder: string;
  nameOf(file: HubFile): string;
  /** What is said while a file comes. */
  textOf(file: HubFile): string;
  /** Bytes of all files together that are here, each time some arrive. */
  onBytes?(file: HubFile, doneBytes: number, totalBytes: number): void;
}

/** Resolves a revision to its commit and lists the files of that. @throws what `question` makes of a refusal, network.* */
export async function openCommit(access: HubAccess, question: HubQuestion, step: FetchStep): Promise<HubCommit> {
  const token = await access.secrets.read(hubSecret);
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  const hub: Hub = { access: { ...access, outbound: patientOutbound(access.outbound) }, question, headers, step };
  const { sha: commit } = await ask(hub, `revision/${encodeURIComponent(question.revision)}`, revisionAnswer);
  const entries = await listTree(hub, `tree/${commit}${question.recursive ? '?recursive=true' : ''}`);
  return { commit, entries, fetch: (files, target) => fetchAll({ ...hub, commit }, files, target) };
}

/** Size and digest of a file: SHA-256 for large ones, git's own for small ones. Throws what `refuse` makes when it has none. */
export function describedFile({ path, size, oid, lfs }: HubEntry, refuse: (reason: string) => ForgeError): HubFile {
  if (lfs) return { path, bytes: lfs.size, digest: { kind: 'sha256', value: lfs.oid } };
  if (size === undefined || !/^[0-9a-f]{40}$/.test(oid ?? '')) throw refuse(`${path} has no digest`);
  return { path, bytes: size, digest: { kind: 'sha1-git', value: oid ?? '' } };
}

export const totalBytesOf = (files: readonly HubFile[]): number => files.reduce((sum, { bytes }) => sum + bytes, 0);

export const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

/** Refuses what the disk has no room for. `existing` is a folder on the disk of `folder`, which need not be there yet. */
export async function checkSpace(
  { id, folder, existing }: { readonly id: string; readonly folder: string; readonly existing: string },
  neededBytes: number,
): Promise<void> {
  const { bavail, bsize } = await statfs(existing);
  const freeBytes = bavail * bsize;
  if (freeBytes >= neededBytes) return;
  const sizes = { needed: gigabytes(neededBytes), free: gigabytes(freeBytes) };
  throw new ForgeError('base-model.disk-full', { id, path: folder, ...sizes });
}

interface Hub {
  readonly access: HubAccess;
  readonly question: HubQuestion;
  readonly headers: Readonly<Record<string, string>>;
  readonly step: FetchStep;
}

function refusal({ question, headers }: Hub, response: OutboundResponse, purpose: string): ForgeError {
  return question.refused({
    ...{ status: response.status, purpose, hasToken: 'authorization' in headers },
    ...{ errorCode: response.header('x-error-code'), retryAfterSeconds: retryAfterSeconds(response) },
  });
}

async function ask<T>(hub: Hub, path: string, schema: z.ZodType<T>): Promise<T> {
  const { access, question } = hub;
  return (await askAt(hub, `${access.address}/api/${question.kind}/${question.repository}/${path}`, schema)).value;
}

async function askAt<T>(
  hub: Hub,
  url: string,
  schema: z.ZodType<T>,
): Promise<{ readonly value: T; readonly next: string | null }> {
  const { access, question, headers, step } = hub;
  const purpose = question.lookingUp;
  const response = await access.outbound.request({ url, purpose, headers, signal: step.signal });
  if (response.status !== 200) {
    await response.discard();
    throw refusal(hub, response, purpose);
  }
  const next = nextPage(response.header('link'), url);
  const parsed = schema.safeParse(parseJson(await response.text(question.maximumAnswerBytes)));
  if (parsed.success) return { value: parsed.data, next };
  throw question.unreadable(parsed.error.issues[0]?.message);
}

const mostPages = 100;

/** The list of a commit's files comes in pages of some thousand. */
async function listTree(hub: Hub, path: string): Promise<readonly HubEntry[]> {
  const { access, question } = hub;
  const entries: HubEntry[] = [];
  let url: string | null = `${access.address}/api/${question.kind}/${question.repository}/${path}`;
  for (let page = 0; url !== null; page += 1) {
    if (page === mostPages) throw question.unreadable('its list of files does not end');
    const answer: { readonly value: readonly HubEntry[]; readonly next: string | null } = await askAt(
      hub,
      url,
      treeAnswer,
    );
    entries.push(...answer.value);
    url = answer.next;
  }
  return entries;
}

/** The address of the next page (RFC 8288), on the same host only: a key goes along with it. */
function nextPage(link: string | null, from: string): string | null {
  const target = /<([^>]{1,4000})>\s*;\s*rel="?next"?/i.exec(link ?? '')?.[1];
  if (target === undefined || !URL.canParse(target, from)) return null;
  const url = new URL(target, from);
  return url.origin === new URL(from).origin ? url.href : null;
}

async function fetchAll(
  hub: Hub & { readonly commit: string },
  files: readonly HubFile[],
  target: FetchTarget,
): Promise<void> {
  const totalBytes = totalBytesOf(files);
  let before = 0;
  for (const file of files) {
    const done = before;
    const report = (bytes: number): void => {
      const fraction = totalBytes === 0 ? null : (done + bytes) / totalBytes;
      hub.step.report({ text: target.textOf(file), fraction });
      target.onBytes?.(file, done + bytes, totalBytes);
    };
    await fetchOne(hub, file, { path: join(target.folder, target.nameOf(file)), report });
    before += file.bytes;
    report(file.bytes);
  }
}

async function fetchOne(
  hub: Hub & { readonly commit: string },
  file: HubFile,
  { path, report }: { readonly path: string; readonly report: (bytes: number) => void },
): Promise<void> {
  const { access, question, headers, step, commit } = hub;
  const { repository, downloading: purpose, id } = question;
  const place = question.kind === 'models' ? repository : `${question.kind}/${repository}`;
  const address = file.path.split('/').map(encodeURIComponent).join('/');
  const url = `${access.address}/${place}/resolve/${commit}/${address}`;
  await downloadFile(
    { url, path, sizeBytes: file.bytes, digest: file.digest, purpose, id, name: file.path, headers },
    {
      outbound: access.outbound,
      signal: step.signal,
      onBytes: report,
      refuse: (response) => {
        throw refusal(hub, response, purpose);
      },
      ...(access.pauseMs ? { pauseMs: access.pauseMs } : {}),
    },
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Judged by the schema, as any other unusable answer.
    return null;
  }
}
