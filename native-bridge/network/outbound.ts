import { join } from 'node:path';
import { ForgeError } from '#contract/errors.ts';
import type { LedgerLine, Outbound, OutboundRequest, OutboundResponse } from '#core/ports/outbound.ts';
import { createNetworkLedger } from './network-ledger.ts';

export interface OutboundOptions {
  /** FORGE_HOME; the ledger is logs/network.jsonl below it. */
  readonly home: string;
  readonly isOffline: () => boolean;
  readonly nowMs?: () => number;
  /** Which hosts are this machine itself; a parameter so that a test can have its local server count as outside. */
  readonly isInside?: (hostname: string) => boolean;
}

const maximumRedirects = 5;
const connectTimeoutMs = 30_000;
/** Between two pieces of a body; a server that goes silent for longer is gone. */
const silenceTimeoutMs = 60_000;

/** The one client every request of Forge leaves by. */
export function createOutbound(options: OutboundOptions): Outbound {
  const { isOffline, nowMs = Date.now, isInside = isLoopback } = options;
  const ledger = createNetworkLedger(join(options.home, 'logs', 'network.jsonl'));
  const sending: Sending = { isOffline, nowMs, isInside, ledger };

  async function request(asked: OutboundRequest): Promise<OutboundResponse> {
    let url = new URL(asked.url);
    let headers = asked.headers ?? {};
    for (let hop = 0; hop <= maximumRedirects; hop += 1) {
      const { response, finish } = await send(sending, { ...asked, url: url.href, headers });
      const location = response.headers.get('location');
      const isRedirect = response.status >= 300 && response.status <= 399 && response.status !== 304;
      if (!isRedirect || location === null || asked.followsRedirects === false)
        return wrapResponse(response, { ...asked, url: url.href }, finish);
      await response.body?.cancel();
      await finish(0, null);
      const target = new URL(location, url);
      refuseInsecure(url, target);
      // A key meant for one host is not shown to another.
      if (target.host !== url.host) headers = withoutAuthorisation(headers);
      url = target;
    }
    throw new ForgeError('network.unreachable', {
      host: url.host,
      purpose: asked.purpose,
      reason: 'too many redirects',
    });
  }

  return {
    isOffline,
    request,
    throughTool: async ({ name, purpose }, run) => {
      if (isOffline()) throw new ForgeError('network.offline', { purpose });
      const t = nowMs();
      const started = performance.now();
      const enter = (bytes: number, status: number | null, error: string | null): Promise<void> => {
        const ms = Math.round(performance.now() - started);
        return ledger.append({ t, purpose, method: 'TOOL', host: null, path: name, bytes, status, ms, error });
      };
      try {
        const ended = await run();
        await enter(ended.bytes, ended.status, null);
        return ended;
      } catch (error) {
        await enter(0, null, error instanceof ForgeError ? error.code : 'failed');
        throw error;
      }
    },
  };
}

interface Sending extends Required<Pick<OutboundOptions, 'isOffline' | 'nowMs' | 'isInside'>> {
  readonly ledger: ReturnType<typeof createNetworkLedger>;
}

/** One request, without following redirects. `finish` enters its line when the body has ended. */
async function send(
  { isOffline, nowMs, isInside, ledger }: Sending,
  asked: OutboundRequest,
): Promise<{ readonly response: Response; readonly finish: Finish }> {
  const { host, hostname, pathname: path } = new URL(asked.url);
  const { method = 'GET', purpose } = asked;
  const isLocal = isInside(hostname);
  if (!isLocal && isOffline()) throw new ForgeError('network.offline', { purpose });
  const t = nowMs();
  const started = performance.now();
  const enter = async (line: Pick<LedgerLine, 'bytes' | 'status' | 'error'>): Promise<void> => {
    if (isLocal) return;
    const ms = Math.round(performance.now() - started);
    await ledger.append({ t, purpose, method, host, path, ms, ...line });
  };
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(new Error('no answer')), asked.headersTimeoutMs ?? connectTimeoutMs);
  const signals = [silence.signal, ...(asked.signal ? [asked.signal as globalThis.AbortSignal] : [])];
  try {
    const body = asked.body === undefined ? {} : { body: asked.body };
    const request = {
      method,
      headers: { ...asked.headers },
      redirect: 'manual',
      signal: AbortSignal.any(signals),
      ...body,
    } as const;
    const response = await fetch(asked.url, request);
    const { status } = response;
    return { response, finish: (bytes, error) => enter({ bytes, status, error }) };
  } catch (error) {
    const reason = networkReason(error);
    await enter({ bytes: 0, status: null, error: reason });
    if (asked.signal?.aborted) throw error;
    throw new ForgeError('network.unreachable', { host, purpose, reason }, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

type Finish = (bytes: number, error: string | null) => Promise<void>;

function wrapResponse(response: Response, { url, purpose, signal }: OutboundRequest, finish: Finish): OutboundResponse {
  const { host } = new URL(url);
  const chunks = (): AsyncIterable<Uint8Array> => readChunks(response, { host, purpose, signal }, finish);
  return {
    status: response.status,
    url,
    header: (name) => response.headers.get(name),
    chunks,
    text: async (maximumBytes) => {
      const pieces: Uint8Array[] = [];
      let bytes = 0;
      for await (const piece of chunks()) {
        bytes += piece.length;
        if (bytes > maximumBytes) throw new ForgeError('network.answer-too-large', { host, maximumBytes });
        pieces.push(piece);
      }
      return Buffer.concat(pieces).toString('utf8');
    },
    discard: async () => {
      await response.body?.cancel();
      await finish(0, null);
    },
  };
}

async function* readChunks(
  response: Response,
  {
    host,
    purpose,
    signal,
  }: { readonly host: string; readonly purpose: string; readonly signal: AbortSignal | undefined },
  finish: Finish,
): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  let bytes = 0;
  let error: string | null = 'broken off';
  try {
    for (;;) {
      const piece = reader ? await withSilenceLimit(reader.read()) : { done: true as const, value: undefined };
      if (piece.done) break;
      bytes += piece.value.length;
      yield piece.value;
    }
    error = null;
  } catch (cause) {
    error = networkReason(cause);
    // An abort by the caller is theirs to name; the signal's own reason goes through.
    if (signal?.aborted) throw cause;
    throw new ForgeError('network.lost', { host, purpose, bytes }, { cause });
  } finally {
    await reader?.cancel().catch(() => undefined);
    await finish(bytes, error);
  }
}

async function withSilenceLimit<T>(read: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the server went silent')), silenceTimeoutMs);
  });
  try {
    return await Promise.race([read, silence]);
  } finally {
    clearTimeout(timer);
  }
}

function refuseInsecure(from: URL, target: URL): void {
  const isInside = isLoopback(from.hostname) && isLoopback(target.hostname);
  if (target.protocol !== 'https:' && !isInside)
    throw new ForgeError('network.insecure-redirect', {
      host: from.host,
      target: `${target.protocol}//${target.host}`,
    });
}

function withoutAuthorisation(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !['authorization', 'cookie'].includes(name.toLowerCase())),
  );
}

export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname);
}

/** Node puts the cause of a failed fetch one level down. */
function networkReason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = (cause as { code?: unknown }).code;
  return String(code ?? (cause instanceof Error ? cause.message : cause)).slice(0, 200);
}
