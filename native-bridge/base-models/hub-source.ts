import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { BaseModelReceipt } from '#contract/base-models.ts';
import { ForgeError } from '#contract/errors.ts';
import type { FetchStep } from '#core/ports/base-model-store.ts';
import type { Outbound, OutboundResponse } from '#core/ports/outbound.ts';
import type { SecretStore } from '#core/ports/secret-store.ts';
import { downloadFile } from './download-file.ts';

export interface HubOptions {
  readonly outbound: Outbound;
  readonly secrets: Pick<SecretStore, 'read'>;
  /** e.g. "https://huggingface.co"; a mirror speaks the same language. */
  readonly address: string;
  readonly pauseMs?: (attempt: number) => number;
}

export interface HubRequest {
  readonly id: string;
  readonly repository: string;
  readonly revision: string;
  /** Folder the files go to. */
  readonly folder: string;
}

/** Name of the secret with the hub's read token. */
export const hubSecret = 'hf_token';
const maximumAnswerBytes = 5_000_000;
const maximumFiles = 500;
const maximumModelBytes = 200e9;
/** What a model needs; weights in formats that can run code (.bin, .pt) and other people's conversions are left out. */
const wantedFile =
  /^(config\.json|generation_config\.json|tokenizer\.json|tokenizer_config\.json|special_tokens_map\.json|chat_template\.jinja|model(-\d+-of-\d+)?\.safetensors|model\.safetensors\.index\.json)$/;

/** Which commit a revision is; models and datasets answer alike. */
export const revisionAnswer = z.object({ sha: z.string().regex(/^[0-9a-f]{40}$/) });
/** The files of a commit with their sizes and digests. */
export const treeAnswer = z.array(
  z.object({
    type: z.string(),
    path: z.string().max(500),
    size: z.number().int().nonnegative().optional(),
    oid: z.string().optional(),
    lfs: z.object({ oid: z.string().regex(/^[0-9a-f]{64}$/), size: z.number().int().nonnegative() }).optional(),
  }),
);
type TreeFile = z.infer<typeof treeAnswer>[number];

/**
 * Fetches a model from the hub into a folder: the branch is resolved to its commit, the commit's list of files gives sizes and digests (SHA-256 for large
 * files, git's own for small ones), each file is fetched resumably and checked. What was whole before is not fetched again.
 */
export async function fetchFromHub(
  options: HubOptions,
  request: HubRequest,
  step: FetchStep,
): Promise<Pick<BaseModelReceipt, 'files' | 'digest' | 'commit' | 'parts'>> {
  const token = await options.secrets.read(hubSecret);
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  const hub = { ...options, headers, hasToken: token !== null };
  const { sha: commit } = await ask(hub, request, {
    path: `revision/${encodeURIComponent(request.revision)}`,
    schema: revisionAnswer,
    step,
  });
  const tree = await ask(hub, request, { path: `tree/${commit}`, schema: treeAnswer, step });
  const files = chooseFiles(tree, request.repository);
  const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  await checkSpace(request, totalBytes);
  let before = 0;
  for (const file of files) {
    const done = before;
    const report = (bytes: number): void =>
      step.report({
        text: `downloading ${request.id}: ${file.path}`,
        fraction: totalBytes === 0 ? null : (done + bytes) / totalBytes,
      });
    await fetchOne(hub, request, { file, commit, step, report });
    before += file.bytes;
    report(file.bytes);
  }
  const parts = files.map(({ path, bytes, digest }) => ({
    path,
    bytes,
    sha256: digest.kind === 'sha256' ? digest.value : null,
  }));
  return { files: { kind: 'folder', path: request.folder }, digest: commit, commit, parts };
}

interface Hub extends HubOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly hasToken: boolean;
}

interface HubFile {
  readonly path: string;
  readonly bytes: number;
  readonly digest: { readonly kind: 'sha256' | 'sha1-git'; readonly value: string };
}

function chooseFiles(tree: readonly TreeFile[], repository: string): readonly HubFile[] {
  const refuse = (reason: string): ForgeError =>
    new ForgeError('base-model.hub-answer-not-usable', { repository, reason });
  const files = tree
    .filter(({ type, path }) => type === 'file' && wantedFile.test(path))
    .map(({ path, size, oid, lfs }): HubFile => {
      if (lfs) return { path, bytes: lfs.size, digest: { kind: 'sha256', value: lfs.oid } };
      if (size === undefined || !/^[0-9a-f]{40}$/.test(oid ?? '')) throw refuse(`${path} has no digest`);
      return { path, bytes: size, digest: { kind: 'sha1-git', value: oid ?? '' } };
    });
  if (files.length > maximumFiles) throw refuse(`it lists ${files.length} files`);
  if (files.reduce((sum, { bytes }) => sum + bytes, 0) > maximumModelBytes) throw refuse('it is larger than 200 GB');
  for (const needed of ['config.json', 'tokenizer.json'])
    if (!files.some(({ path }) => path === needed)) throw refuse(`it has no ${needed}`);
  if (!files.some(({ path }) => path.endsWith('.safetensors'))) throw refuse('it has no .safetensors weights');
  // Small files first: a model that is not usable shows before the long download.
  return files.toSorted((a, b) => a.bytes - b.bytes);
}

interface Question<T> {
  readonly path: string;
  readonly schema: z.ZodType<T>;
  readonly step: FetchStep;
}

async function ask<T>(hub: Hub, request: HubRequest, { path, schema, step }: Question<T>): Promise<T> {
  const url = `${hub.address}/api/models/${request.repository}/${path}`;
  const purpose = `looking up the files of ${request.id}`;
  const response = await hub.outbound.request({ url, purpose, headers: hub.headers, signal: step.signal });
  if (response.status !== 200) {
    await response.discard();
    throw refusal(hub, request, { status: response.status, purpose });
  }
  const parsed = schema.safeParse(parseJson(await response.text(maximumAnswerBytes)));
  if (parsed.success) return parsed.data;
  throw new ForgeError('base-model.hub-answer-not-usable', {
    repository: request.repository,
    reason: parsed.error.issues[0]?.message ?? 'unreadable',
  });
}

/** The error an HTTP status stands for. The hub says 401 for what is gated or does not exist, 403 for consent not given. */
function refusal(
  hub: Hub,
  { repository, revision }: HubRequest,
  { status, purpose }: { status: number; purpose: string },
): ForgeError {
  if (status === 401 || status === 403) {
    const reason = hub.hasToken ? 'the token that is set is not allowed to read it' : 'no token is set';
    return new ForgeError('base-model.gated', { repository, reason, secret: hubSecret });
  }
  if (status === 404) return new ForgeError('base-model.not-on-hub', { repository, revision });
  return new ForgeError('base-model.hub-refused', { status, purpose });
}

interface OneFile {
  readonly file: HubFile;
  readonly commit: string;
  readonly step: FetchStep;
  readonly report: (bytes: number) => void;
}

async function fetchOne(hub: Hub, request: HubRequest, { file, commit, step, report }: OneFile): Promise<void> {
  const path = join(request.folder, file.path);
  const purpose = `downloading ${request.id}`;
  const refuse = (response: OutboundResponse): never => {
    throw refusal(hub, request, { status: response.status, purpose });
  };
  await downloadFile(
    {
      ...{
        url: `${hub.address}/${request.repository}/resolve/${commit}/${file.path}`,
        path,
        sizeBytes: file.bytes,
        digest: file.digest,
      },
      ...{ purpose, id: request.id, name: file.path, headers: hub.headers },
    },
    {
      outbound: hub.outbound,
      signal: step.signal,
      onBytes: report,
      refuse,
      ...(hub.pauseMs ? { pauseMs: hub.pauseMs } : {}),
    },
  );
}

async function checkSpace({ id, folder }: HubRequest, totalBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(join(folder, '..'));
  const free = bavail * bsize;
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
  if (free < totalBytes)
    throw new ForgeError('base-model.disk-full', {
      id,
      path: folder,
      needed: gigabytes(totalBytes),
      free: gigabytes(free),
    });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Judged by the schema, as any other unusable answer.
    return null;
  }
}
