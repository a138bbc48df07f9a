import assert from 'node:assert/strict';
import { test } from 'node:test';
import { protocolVersion } from '#contract/procedures.ts';
import { silentLogger } from '#core/ports/logger.ts';
import { createDoorToken } from './door.ts';
import { createHttpServer } from './http-server.ts';
import { servePage } from './static-page.ts';

const token = createDoorToken();
const authorization = `Bearer ${token}`;

async function openPage() {
  const server = createHttpServer({ port: 0, token, logger: silentLogger });
  await servePage(server.app);
  const get = (url: string, headers: Record<string, string> = {}) =>
    server.app.inject({ url, headers: { host: 'localhost', authorization, ...headers } });
  return { server, get };
}

test('the page and every module it reaches are served, and every import in them leads to another', async () => {
  const { server, get } = await openPage();
  const seen = new Set<string>();
  const waiting = ['/modules/forge/renderer/main.js'];
  for (let address = waiting.pop(); address !== undefined; address = waiting.pop()) {
    if (seen.has(address)) continue;
    seen.add(address);
    const answer = await get(address);
    assert.equal(answer.statusCode, 200, address);
    assert.match(String(answer.headers['content-type']), /^text\/javascript/);
    for (const [, name = ''] of answer.body.matchAll(
      /^(?:(?:import|export)\b[^'";]*?\bfrom\s*|import\s*)['"]([^'"\n]+)['"]/gm,
    )) {
      assert.match(name, /^\/modules\//, `${address} imports ${name}`);
      waiting.push(name);
    }
  }
  assert.ok(seen.size > 15, `${seen.size} modules were seen`);
  assert.ok(seen.has('/modules/forge/contract/wire-link.js') && seen.has('/modules/@orpc/client/dist/index.mjs'));
  assert.ok(
    [...seen].every((address) => !address.includes('zod') && !address.includes('@orpc/server')),
    'the page stays small',
  );
  const page = await get('/');
  assert.match(page.body, new RegExp(`<meta name="forge-protocol" content="${protocolVersion}"`));
  assert.doesNotMatch(
    page.body,
    /<script(?![^>]*\bsrc=)|\son\w+=|style="/,
    'nothing inline, because the policy refuses it',
  );
  await server.close();
});

test('the page is behind the door, and nothing but the page is served', async () => {
  const { server, get } = await openPage();
  assert.equal((await get('/', { authorization: '' })).statusCode, 403);
  const outside = [
    '/package.json',
    '/modules/forge/engine/http/door.js',
    '/modules/../package.json',
    '/%2e%2e/package.json',
    '/renderer/main.ts',
  ];
  const statuses = await Promise.all(outside.map(async (url) => (await get(url)).statusCode));
  assert.deepEqual(
    statuses,
    outside.map(() => 404),
  );
  await server.close();
});

test('a file that did not change is not sent twice', async () => {
  const { server, get } = await openPage();
  const first = await get('/page.css');
  const second = await get('/page.css', { 'if-none-match': String(first.headers['etag']) });
  assert.deepEqual([first.statusCode, second.statusCode, second.body], [200, 304, '']);
  await server.close();
});
