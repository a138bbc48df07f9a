import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { silentLogger } from '#core/ports/logger.ts';
import { createDoorToken } from './door.ts';
import { createHttpServer } from './http-server.ts';
import { servePage } from './static-page.ts';

const token = createDoorToken();
const authorization = `Bearer ${token}`;

async function openPage(t: TestContext, { isBuilt = true } = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), 'forge-page-'));
  if (isBuilt) {
    await mkdir(path.join(folder, 'assets'));
    await writeFile(
      path.join(folder, 'index.html'),
      '<!doctype html><script type="module" src="./assets/main-1.js"></script>',
    );
    await writeFile(path.join(folder, 'assets', 'main-1.js'), 'export const one = 1;');
    await writeFile(path.join(folder, 'assets', 'notes.txt'), 'not part of a page');
    await writeFile(path.join(folder, 'secret.js'), 'outside of the assets');
  }
  const server = createHttpServer({ port: 0, token, logger: silentLogger });
  servePage(server.app, folder);
  t.after(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });
  const get = (url: string, headers: Record<string, string> = {}) =>
    server.app.inject({ url, headers: { host: 'localhost', authorization, ...headers } });
  return { folder, get };
}

test('the page and its files are served with their types; files with a digest in their name are kept by the browser', async (t) => {
  const { get } = await openPage(t);
  const page = await get('/');
  assert.deepEqual([page.statusCode, page.headers['cache-control']], [200, 'no-cache']);
  assert.match(String(page.headers['content-security-policy']), /script-src 'self'/);
  const script = await get('/assets/main-1.js');
  assert.deepEqual([script.statusCode, script.body], [200, 'export const one = 1;']);
  assert.match(String(script.headers['content-type']), /^text\/javascript/);
  assert.match(String(script.headers['cache-control']), /immutable/);
});

test('the page is behind the door, and nothing but the listed files of the page is served', async (t) => {
  const { get } = await openPage(t);
  assert.equal((await get('/', { authorization: '' })).statusCode, 403);
  const outside = [
    '/package.json',
    '/secret.js',
    '/index.html',
    '/assets/notes.txt',
    '/assets/missing-2.js',
    '/assets/../secret.js',
    '/assets/..%2fsecret.js',
    '/assets/%2e%2e%2fsecret.js',
  ];
  const statuses = await Promise.all(outside.map(async (url) => (await get(url)).statusCode));
  assert.deepEqual(
    statuses,
    outside.map(() => 404),
  );
});

test('a page that did not change is not sent twice, and a new build is seen by a running engine', async (t) => {
  const { folder, get } = await openPage(t);
  const first = await get('/');
  const second = await get('/', { 'if-none-match': String(first.headers['etag']) });
  assert.deepEqual([second.statusCode, second.body], [304, '']);
  await get('/assets/main-1.js');
  await writeFile(path.join(folder, 'assets', 'main-2.js'), 'export const two = 2;');
  assert.equal((await get('/assets/main-2.js')).body, 'export const two = 2;');
  await rm(path.join(folder, 'assets', 'main-1.js'));
  assert.equal((await get('/assets/main-1.js')).statusCode, 404);
});

test('an engine whose window was never built says how to build it', async (t) => {
  const { get } = await openPage(t, { isBuilt: false });
  const page = await get('/');
  assert.equal(page.statusCode, 503);
  assert.match(page.body, /npm start/);
});
