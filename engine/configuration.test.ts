import assert from 'node:assert/strict';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { ForgeError } from '#contract/errors.ts';
import { readConfiguration } from './configuration.ts';

async function emptyFile(): Promise<string> {
  return path.join(await mkdtemp(path.join(tmpdir(), 'forge-configuration-')), 'config.toml');
}

test('the first start writes a commented file whose defaults hold', async () => {
  const file = await emptyFile();
  const first = await readConfiguration(file, {});
  assert.deepEqual(first, {
    server: { host: '127.0.0.1', port: 18793, idle_unload_minutes: 10 },
    ollama: { host: '' },
    network: { offline: false },
  });
  assert.match(await readFile(file, 'utf8'), /# port = 18793/);
  assert.deepEqual(await readConfiguration(file, {}), first);
});

test('the environment is laid over the file, with numbers and booleans read as such', async () => {
  const file = await emptyFile();
  await writeFile(file, '[server]\nport = 1000\n');
  const read = await readConfiguration(file, {
    FORGE_SERVER_PORT: '2000',
    FORGE_NETWORK_OFFLINE: 'true',
    FORGE_HOME: '/x',
  });
  assert.deepEqual([read.server.port, read.server.host, read.network.offline], [2000, '127.0.0.1', true]);
});

test('a broken file, an unknown key and a value out of range are named', async () => {
  const reasons = [];
  for (const text of ['[server', '[server]\nprot = 1\n', '[server]\nport = 70000\n']) {
    const file = await emptyFile();
    await writeFile(file, text);
    const error: unknown = await readConfiguration(file, {}).catch((caught: unknown) => caught);
    assert.ok(error instanceof ForgeError);
    reasons.push(String(error.detail['reason']).replace(file, 'FILE'));
  }
  assert.match(reasons[0] ?? '', /^FILE is not valid TOML/);
  assert.match(reasons[1] ?? '', /server.*prot/);
  assert.match(reasons[2] ?? '', /server\.port/);
});
