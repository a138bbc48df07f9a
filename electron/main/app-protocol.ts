import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { securityHeaders } from '#contract/page-policy.ts';
import type { ElectronParts } from './electron-parts.ts';

export const appScheme = 'forge-app';
export const appAddress = `${appScheme}://window/`;

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.woff2': 'font/woff2',
};

/** Before the app is ready: the scheme is a standard, secure origin, and nothing more. */
export function registerAppScheme(protocol: ElectronParts['protocol']): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves the built window by the listing of its folder: no path of a request reaches the disk. */
export async function serveApp(protocol: ElectronParts['protocol'], folder: string): Promise<void> {
  const assets = new Set(await readdir(path.join(folder, 'assets')));
  protocol.handle(appScheme, async ({ url, method }) => {
    const { host, pathname } = new URL(url);
    if (host !== 'window' || method !== 'GET') return answer(404);
    if (pathname === '/')
      return answer(200, 'text/html; charset=utf-8', await readFile(path.join(folder, 'index.html')));
    const name = /^\/assets\/([^/\\%]+)$/.exec(pathname)?.[1] ?? '';
    const type = types[path.extname(name)];
    if (!assets.has(name) || type === undefined) return answer(404);
    const body = Readable.toWeb(createReadStream(path.join(folder, 'assets', name)));
    return answer(200, type, body as ReadableStream<Uint8Array>);
  });
}

function answer(
  status: number,
  type = 'text/plain',
  body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null = null,
): Response {
  return new Response(body, {
    status,
    headers: { ...securityHeaders, 'content-type': type },
  });
}
