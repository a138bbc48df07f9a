import { ForgeError, type ErrorDetail } from '#contract/errors.ts';
import type { CloudConnection } from '#core/ports/cloud.ts';

/** An answer of a provider that is no success; what both the chat and the list of models can say. */
export interface CloudRefusal {
  readonly status: number;
  /** The provider's own words, as far as they could be read. */
  readonly text: string;
  /** Seconds, from Retry-After. */
  readonly retryAfterSeconds: number | null;
}

type About = Pick<CloudConnection, 'name' | 'secret' | 'key'> & { readonly model: string };

/** Said when the provider does not say how long to wait. */
const defaultWaitSeconds = 60;
const longestReason = 200;

/** The sentence for a refusal, by its status and, where several things share a status, by its words. */
export function refusalError(refusal: CloudRefusal, about: About, cause?: unknown): ForgeError {
  const { name, secret, model, key } = about;
  const { status } = refusal;
  // Some repeat the key they refuse.
  const text = key === null ? refusal.text : refusal.text.replaceAll(key, '...');
  const detail: ErrorDetail = { provider: name, model, secret, status };
  const error = (code: ConstructorParameters<typeof ForgeError>[0], more: ErrorDetail = {}): ForgeError =>
    new ForgeError(code, { ...detail, ...more }, { cause });
  const saysKey = /api[ _-]?key|authenticat|unauthori[sz]ed/i.test(text);
  // Google answers a bad key with 400, the others with 401 or 403.
  if (status === 401 || (status === 403 && !/model/i.test(text)) || (status === 400 && saysKey))
    return error('provider.key-refused');
  if (status === 402 || /insufficient[ _]quota|credit balance|billing/i.test(text))
    return error('provider.out-of-credit');
  if (status === 429)
    return error('provider.rate-limited', { waitSeconds: refusal.retryAfterSeconds ?? defaultWaitSeconds });
  if (status === 404 || (status === 403 && /model/i.test(text)) || isUnknownModel(status, text))
    return error('provider.model-unknown');
  if (status >= 300 && status < 400)
    return error('provider.refused', { reason: 'the address sends elsewhere; give the address it sends to' });
  if (status >= 500 || status === 408) return error('provider.down', { reason: reasonOf(text, `its error ${status}`) });
  return error('provider.refused', { reason: reasonOf(text, `error ${status}`) });
}

function isUnknownModel(status: number, text: string): boolean {
  return (
    status === 400 &&
    /model/i.test(text) &&
    /not (a valid|found|exist)|does not exist|unknown|invalid model/i.test(text)
  );
}

/** The provider's words as part of a sentence: one line, bounded, without a full stop. */
export function reasonOf(text: string, otherwise: string): string {
  const line = text
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, longestReason)
    .replace(/[.!\s]+$/, '');
  return line === '' || line.startsWith('<') ? otherwise : line;
}

/** The human sentence inside the JSON that providers send; the text itself when it is none. */
export function messageIn(body: string): string {
  try {
    const parsed = JSON.parse(body) as unknown;
    const found = findMessage(Array.isArray(parsed) ? parsed[0] : parsed);
    return found ?? '';
  } catch (error) {
    if (error instanceof SyntaxError) return body.slice(0, 1000);
    throw error;
  }
}

function findMessage(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const { error, message } = value as { error?: unknown; message?: unknown };
  if (typeof error === 'string') return error;
  if (typeof message === 'string') return message;
  return error === undefined ? null : findMessage(error);
}

/** Whole seconds from a Retry-After header: a number, or a date. */
export function readRetryAfter(header: string | null | undefined, nowMs: number): number | null {
  if (header === null || header === undefined || header.trim() === '') return null;
  const seconds = /^\d+(\.\d+)?$/.test(header.trim()) ? Number(header) : (Date.parse(header) - nowMs) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : null;
}

/** A broken connection as what it means for an answer; `null` when the error is something else. */
export function networkError(error: unknown, provider: string, hasBegun: boolean): ForgeError | null {
  if (!(error instanceof ForgeError)) return null;
  if (error.code === 'network.offline') return error;
  if (error.code === 'network.lost' || (error.code === 'network.unreachable' && hasBegun))
    return new ForgeError('provider.cut-off', { provider }, { cause: error });
  if (error.code !== 'network.unreachable') return error;
  const reason = String(error.detail['reason'] ?? 'no connection');
  return new ForgeError('provider.down', { provider, reason: plainReason(reason) }, { cause: error });
}

const systemReasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens at its address',
  ENOTFOUND: 'its address is not known',
  EAI_AGAIN: 'its address could not be looked up',
  ETIMEDOUT: 'the connection timed out',
  ECONNRESET: 'it closed the connection',
  UND_ERR_SOCKET: 'it closed the connection',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
};

function plainReason(code: string): string {
  return systemReasons[code] ?? code;
}
