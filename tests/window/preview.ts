// Serves the built window without an engine, under the product's Content-Security-Policy: `node tests/window/preview.ts <port>`.
// For looking at the gallery (`/#/gallery`).
import { createReadStream } from 'node:fs';
import { glob } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { securityHeaders } from '#contract/page-policy.ts';
import { rendererOutput } from '../../scripts/renderer-bundle.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
  '.json': 'application/json',
};

const port = Number(process.argv[2] ?? 4173);
const files = new Set<string>();
for await (const file of glob('**/*.*', { cwd: rendererOutput })) files.add(file);

createServer((request, response) => {
  const asked = new URL(request.url ?? '/', 'http://localhost').pathname.slice(1) || 'index.html';
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
  if (!files.has(asked)) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-type': types[path.extname(asked)] ?? 'application/octet-stream' });
  createReadStream(path.join(rendererOutput, asked)).pipe(response);
}).listen(port, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${port}/#/gallery\n`));
