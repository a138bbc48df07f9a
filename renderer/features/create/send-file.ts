import { z } from 'zod';
import { uploadAddress } from '#contract/dataset-preview.ts';
import { forgeErrorData, type ForgeErrorData } from '#contract/error-data.ts';
import { jsonOrNull } from '#contract/json-text.ts';

export interface SentFile {
  readonly path: string;
  readonly bytes: number;
}

export interface SendOptions {
  readonly signal: AbortSignal;
  onProgress(sentBytes: number, totalBytes: number): void;
  /** The folder it lies in, when a folder is handed over file by file; `batch` is new for each. */
  readonly folder?: { readonly name: string; readonly batch: string };
}

export type SendFile = (file: File, options: SendOptions) => Promise<SentFile>;

/** The engine refused a file that was sent to it. */
export class UploadRefused extends Error {
  readonly failure: ForgeErrorData | null;
  readonly status: number;

  constructor(status: number, failure: ForgeErrorData | null) {
    super(failure?.message ?? `The engine answered ${status}.`);
    this.name = 'UploadRefused';
    this.status = status;
    this.failure = failure;
  }
}

const accepted = z.object({ path: z.string().min(1).max(4096), bytes: z.number().nonnegative() });
/** The engine's HTTP doors say less than its calls: code, sentence and remedy. */
const refused = z.object({ error: forgeErrorData.pick({ code: true, message: true, remedy: true }) });

/**
 * Hands a file to the engine over HTTP: `fetch` tells nothing about bytes on their way, so this is the older request.
 * Rejects with `UploadRefused`, an `AbortError`, or a plain error when the connection broke.
 */
export const sendFile: SendFile = (file, { signal, onProgress, folder }) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = (): void => request.abort();
    const query = new URLSearchParams({
      name: file.name,
      ...(folder !== undefined && { folder: folder.name, batch: folder.batch }),
    });
    request.open('PUT', `${uploadAddress}?${query}`);
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(loaded, total));
    request.addEventListener('load', () => settle(request, resolve, reject));
    request.addEventListener('abort', () => reject(new DOMException('The upload was stopped.', 'AbortError')));
    request.addEventListener('error', () => reject(new Error('The connection to the engine broke.')));
    request.addEventListener('loadend', () => signal.removeEventListener('abort', abort));
    signal.addEventListener('abort', abort);
    if (signal.aborted) reject(new DOMException('The upload was stopped.', 'AbortError'));
    else request.send(file);
  });

function settle(
  { status, responseText }: XMLHttpRequest,
  resolve: (sent: SentFile) => void,
  reject: (error: Error) => void,
): void {
  const answer = readAnswer(status, responseText);
  if (answer instanceof UploadRefused) reject(answer);
  else resolve(answer);
}

/** What the engine's answer to an upload means. */
export function readAnswer(status: number, body: string): SentFile | UploadRefused {
  const value = jsonOrNull(body);
  const taken = status >= 200 && status < 300 ? accepted.safeParse(value) : null;
  if (taken?.success === true) return taken.data;
  const told = refused.safeParse(value);
  if (!told.success) return new UploadRefused(status, null);
  const retryable = status >= 500;
  return new UploadRefused(status, { ...told.data.error, retryable, exitCode: 2, detail: {}, correlationId: null });
}
