import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ForgeError } from '#contract/errors.ts';
import type { Outbound, OutboundResponse } from '#core/ports/outbound.ts';

export interface Download {
  readonly url: string;
  /** Final path; what has arrived lies in `<path>.part` until it is whole and checked. */
  readonly path: string;
  readonly sizeBytes: number;
  /** `sha1-git` is git's digest of a small file: SHA-1 over "blob <size>\0" and the content. */
  readonly digest: { readonly kind: 'sha256' | 'sha1-git'; readonly value: string };
  readonly purpose: string;
  /** For errors: whose file it is. */
  readonly id: string;
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface DownloadOptions {
  readonly outbound: Outbound;
  readonly signal: AbortSignal;
  /** Bytes of the file that are here, each time some arrive. */
  readonly onBytes: (bytes: number) => void;
  /** Waits before the next try, in ms; a parameter for tests. */
  readonly pauseMs?: (attempt: number) => number;
  /** Judges any answer that is not 200, 206 or 416; must throw. */
  readonly refuse: (response: OutboundResponse) => never;
}

const attempts = 5;
const usualPauseMs = (attempt: number): number => 500 * 2 ** attempt;

/**
 * Downloads a file so that a broken connection, a kill or a restart goes on where it stopped: range requests onto `<path>.part`, the digest over the
 * whole at the end, fsync, rename. Breaks of the connection are retried, as long as each try brings something or five times in vain.
 * @throws ForgeError base-model.digest-mismatch (the part is deleted), network.*, and what `refuse` throws
 */
export async function downloadFile(download: Download, options: DownloadOptions): Promise<void> {
  const { path, sizeBytes } = download;
  const part = `${path}.part`;
  await mkdir(dirname(path), { recursive: true });
  if ((await sizeOf(path)) === sizeBytes && (await hasDigest(download, path))) return;
  const wasBegun = (await sizeOf(part)) > 0;
  await fetchWhole(download, part, options);
  let isRight = await hasDigest(download, part);
  if (!isRight && wasBegun) {
    // The beginning may be of an older version of the file: once more, from nothing.
    await rm(part, { force: true });
    await fetchWhole(download, part, options);
    isRight = await hasDigest(download, part);
  }
  if (!isRight) {
    await rm(part, { force: true });
    throw new ForgeError('base-model.digest-mismatch', { file: download.name, id: download.id });
  }
  await rename(part, path);
}

async function fetchWhole(download: Download, part: string, options: DownloadOptions): Promise<void> {
  let vain = 0;
  for (;;) {
    const before = await sizeOf(part);
    if (before === download.sizeBytes && before > 0) return;
    try {
      await fetchRest(download, part, options);
      return;
    } catch (error) {
      const isBreak =
        error instanceof ForgeError && (error.code === 'network.lost' || error.code === 'network.unreachable');
      if (!isBreak || options.signal.aborted) throw error;
      vain = (await sizeOf(part)) > before ? 0 : vain + 1;
      if (vain >= attempts) throw error;
      await pause((options.pauseMs ?? usualPauseMs)(vain), options.signal);
    }
  }
}

async function fetchRest(download: Download, part: string, options: DownloadOptions): Promise<void> {
  const have = await sizeOf(part);
  const range: Record<string, string> = have > 0 && have < download.sizeBytes ? { range: `bytes=${have}-` } : {};
  const headers = { ...download.headers, ...range, 'accept-encoding': 'identity' };
  const { url, purpose } = download;
  const response = await options.outbound.request({ url, purpose, headers, signal: options.signal });
  if (response.status === 416) {
    await response.discard();
    await rm(part, { force: true });
    throw new ForgeError('network.lost', { host: new URL(url).host, purpose, bytes: have });
  }
  if (response.status !== 200 && response.status !== 206) options.refuse(response);
  const start = response.status === 206 ? rangeStart(response) : 0;
  // A server that answers with another range than asked would leave a hole.
  const from = start === have ? have : 0;
  if (start !== from) {
    await response.discard();
    await rm(part, { force: true });
    throw new ForgeError('network.lost', { host: new URL(url).host, purpose, bytes: have });
  }
  const file = await open(part, from === 0 ? 'w' : 'a');
  try {
    await receive(response, file, { from, limit: download.sizeBytes, onBytes: options.onBytes });
    await file.sync();
  } finally {
    await file.close();
  }
  if ((await sizeOf(part)) !== download.sizeBytes)
    throw new ForgeError('network.lost', { host: new URL(url).host, purpose, bytes: await sizeOf(part) });
}

function rangeStart(response: OutboundResponse): number {
  return Number(/^bytes (\d+)-/.exec(response.header('content-range') ?? '')?.[1] ?? Number.NaN);
}

interface Receiving {
  readonly from: number;
  readonly limit: number;
  readonly onBytes: (bytes: number) => void;
}

async function receive(
  response: OutboundResponse,
  file: FileHandle,
  { from, limit, onBytes }: Receiving,
): Promise<void> {
  let bytes = from;
  for await (const piece of response.chunks()) {
    // More than announced cannot be the file: the digest check below refuses what was kept.
    const wanted = piece.subarray(0, limit - bytes);
    await file.writeFile(wanted);
    bytes += wanted.length;
    onBytes(bytes);
    if (wanted.length < piece.length) break;
  }
}

async function hasDigest({ digest, sizeBytes }: Download, path: string): Promise<boolean> {
  const hash = createHash(digest.kind === 'sha256' ? 'sha256' : 'sha1');
  if (digest.kind === 'sha1-git') hash.update(`blob ${sizeBytes}\0`);
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest('hex') === digest.value;
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      },
      { once: true },
    );
  });
}
