import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pageFiles } from '../app-files.ts';

/** An origin of its own for one sandbox: a port of this machine that serves Pyodide and nothing else, until it is sealed. */
export interface PageOrigin {
  /** `http://127.0.0.1:<port>/?memory=<bytes>` */
  readonly address: string;
  /** From here on it answers nothing: what Python could still fetch from its own origin is not there any more. */
  seal(): void;
  /** Gives the port back. Until then nobody else can answer there. */
  close(): void;
  /** Connections that came after the seal, for the witness of tests. */
  afterSeal(): number;
}

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
  wasm: 'application/wasm',
  json: 'application/json',
  py: 'text/plain; charset=utf-8',
  zip: 'application/zip',
};

/** Without 'unsafe-eval' no text becomes code, so the constructor trick ends before it starts. */
function policy(ancestors: string): string {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "connect-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${ancestors}`,
  ].join('; ');
}

function headersOf(name: string, ancestors: string): Record<string, string> {
  return {
    'content-type': types[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream',
    'content-security-policy': policy(ancestors),
    // The window is isolated; what it embeds must say that it may be.
    'cross-origin-embedder-policy': 'require-corp',
    'cross-origin-resource-policy': 'cross-origin',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  };
}

async function answer(response: ServerResponse, name: string, ancestors: string): Promise<void> {
  const file = pageFiles().get(name);
  if (file === undefined) {
    response.writeHead(404, headersOf('', ancestors)).end();
    return;
  }
  const bytes = await readFile(file);
  response.writeHead(200, headersOf(name, ancestors)).end(bytes);
}

/** @param ancestors who may embed the page, as `frame-ancestors` writes it */
export async function openPageOrigin(memoryBytes: number, ancestors: string): Promise<PageOrigin> {
  let [isSealed, late] = [false, 0];
  let host = '';
  const server = createServer((request, response) => {
    // A name that points here is not this origin (DNS rebinding).
    const isOwn = request.headers.host === host && request.method === 'GET';
    if (!isOwn) return void response.writeHead(403).end();
    const { pathname } = new URL(request.url ?? '/', `http://${host}`);
    const name = pathname === '/' ? 'index.html' : pathname.slice(1);
    answer(response, name, ancestors).catch(() => response.destroy());
  });
  server.on('connection', (socket) => {
    if (!isSealed) return;
    late += 1;
    socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.unref();
  return {
    address: `http://${host}/?memory=${memoryBytes}`,
    seal() {
      isSealed = true;
      server.closeAllConnections();
    },
    close: () => void server.close(),
    afterSeal: () => late,
  };
}
