import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { ForgeError, type ErrorCode, type ErrorDetail } from '#contract/errors.ts';
import type { DoorRefusal } from './door.ts';

/** The body of every refused or failed HTTP request: the code of the registry, the sentence and the remedy. */
export interface ErrorBody {
  readonly error: { readonly code: ErrorCode; readonly message: string; readonly remedy: string };
}

export function errorBody(code: ErrorCode, detail: ErrorDetail = {}): ErrorBody {
  const { message, remedy } = new ForgeError(code, detail);
  return { error: { code, message, remedy } };
}

/** The same for a person who opened the address in a browser. */
export function errorPage({ error }: ErrorBody): string {
  const style =
    'body{font:15px/1.5 system-ui,sans-serif;max-width:34em;margin:20vh auto;padding:0 16px;color-scheme:light dark}';
  const title = 'Forge did not open';
  return (
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><style>${style}</style>` +
    `<h1 style="font-size:20px">${title}</h1><p>${escapeHtml(error.message)}</p><p>${escapeHtml(error.remedy)}</p></html>`
  );
}

/** Answers an upgrade that was refused, on the bare connection, and closes it. */
export function writeRefusal(stream: Duplex, refusal: DoorRefusal): void {
  const body = JSON.stringify(errorBody(refusal.code, { reason: 'there is nothing at this address' }));
  const headers = {
    ...refusal.headers,
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  stream.end(`HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ''}\r\n${head.join('')}\r\n${body}`);
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
