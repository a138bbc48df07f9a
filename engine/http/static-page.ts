import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';
import { protocolVersion } from '#contract/procedures.ts';
import { collectBrowserModules } from './browser-modules.ts';

interface StaticFile {
  readonly address: string;
  readonly type: string;
  readonly body: string;
}

const pageFolder = new URL('../../renderer/', import.meta.url);
const pageEntry = 'renderer/main.ts';
const types = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  js: 'text/javascript; charset=utf-8',
};

/**
 * Adds the page to a server. Every file is read once and gets its own route, so no path of a request ever reaches the disk.
 * Call it before the server listens.
 */
export async function servePage(app: FastifyInstance): Promise<void> {
  for (const file of await loadPage()) {
    const tag = `"${createHash('sha256').update(file.body).digest('base64url').slice(0, 22)}"`;
    app.get(file.address, (request, reply) => {
      // Revalidated each time: after an update the same address has other code.
      reply.headers({ 'cache-control': 'no-cache', etag: tag });
      if (request.headers['if-none-match'] === tag) return reply.code(304).send();
      return reply.type(file.type).send(file.body);
    });
  }
}

async function loadPage(): Promise<StaticFile[]> {
  const [html, css, icon, modules] = await Promise.all([
    readFile(new URL('index.html', pageFolder), 'utf8'),
    readFile(new URL('page.css', pageFolder), 'utf8'),
    readFile(new URL('icon.svg', pageFolder), 'utf8'),
    collectBrowserModules(pageEntry),
  ]);
  return [
    { address: '/', type: types.html, body: html.replace('{{protocol}}', String(protocolVersion)) },
    { address: '/page.css', type: types.css, body: css },
    { address: '/icon.svg', type: types.svg, body: icon },
    ...modules.map(({ address, source }) => ({ address, type: types.js, body: source })),
  ];
}
