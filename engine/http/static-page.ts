import { createHash } from 'node:crypto';
import { open, readdir, readFile, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errorBody, errorPage } from './refusal.ts';

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.woff2': 'font/woff2',
};
const longLived = 'private, max-age=31536000, immutable';

/**
 * Adds the built window (`scripts/build-renderer.ts`) to a server. A request names a file of the folder's own listing or nothing: no path
 * of a request ever reaches the disk. Files are streamed, because the editor alone is 5 MB and the engine stays small.
 * Call it before the server listens.
 */
export function servePage(app: FastifyInstance, folder: string): void {
  const assets = createListing(path.join(folder, 'assets'));
  app.get('/', (request, reply) => sendDocument(request, reply, path.join(folder, 'index.html')));
  app.get<{ Params: { name: string } }>('/assets/:name', async ({ params }, reply) => {
    const type = types[path.extname(params.name)];
    const file = type === undefined ? null : await assets.open(params.name);
    if (type === undefined || file === null) return reply.callNotFound();
    // The name holds a digest of the content, so what was fetched once is never asked for again.
    return reply.header('cache-control', longLived).type(type).send(file.createReadStream());
  });
}

/** The names in a folder; read again when an unknown one is asked for, since a new build has other names. */
function createListing(folder: string): { open(name: string): Promise<FileHandle | null> } {
  let names = new Set<string>();
  return {
    async open(name) {
      if (!names.has(name)) names = new Set(await readdir(folder).catch(() => []));
      // A new build may have taken its place since the folder was read.
      return names.has(name) ? open(path.join(folder, name)).catch(() => null) : null;
    },
  };
}

async function sendDocument(request: FastifyRequest, reply: FastifyReply, file: string): Promise<FastifyReply> {
  const html = await readFile(file, 'utf8').catch(() => null);
  if (html === null) {
    const page = errorPage(errorBody('engine.window-not-built', {}));
    return reply.code(503).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(page);
  }
  const tag = `"${createHash('sha256').update(html).digest('base64url').slice(0, 22)}"`;
  // Revalidated each time: after an update the same address names other files.
  reply.headers({ 'cache-control': 'no-cache', etag: tag });
  if (request.headers['if-none-match'] === tag) return reply.code(304).send();
  return reply.type('text/html; charset=utf-8').send(html);
}
