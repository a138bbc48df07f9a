import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { readLeftEngineFile, writeEngineFile } from './engine-file.ts';
import { createDoorToken } from './http/door.ts';
import { isPortFree } from './http/http-server.ts';

test('the address an engine left behind is read back; anything else counts as none', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'forge-engine-file-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'engine.json');
  assert.equal(await readLeftEngineFile(file), null);
  const token = createDoorToken();
  const url = 'http://127.0.0.1:4321';
  await writeEngineFile(file, {
    address: { host: '127.0.0.1', port: 4321, url, urlWithToken: `${url}/?token=${token}` },
    token,
    version: '1',
    startedAt: 0,
  });
  assert.deepEqual(await readLeftEngineFile(file), { port: 4321, token });
  for (const text of ['{"port": 4321', '{"port": 4321, "token": "short"}', '[]', '']) {
    await writeFile(file, text);
    assert.equal(await readLeftEngineFile(file), null, text);
  }
});

test('a port is free until somebody listens on it', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
  const { port } = server.address() as AddressInfo;
  assert.equal(await isPortFree(port), false);
  await new Promise((resolve) => server.close(resolve));
  assert.equal(await isPortFree(port), true);
});
