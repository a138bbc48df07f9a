import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
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
    server: { host: '127.0.0.1', port: 18793, idle_unload_minutes: 10, start_with_engine: false },
    ollama: { host: '' },
    network: { offline: false },
    appearance: { theme: 'system', language: 'system' },
    updates: { check: false },
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

async function refusal(text: string, environment: NodeJS.ProcessEnv = {}): Promise<string> {
  const file = await emptyFile();
  await writeFile(file, text);
  const error: unknown = await readConfiguration(file, environment).catch((caught: unknown) => caught);
  assert.ok(error instanceof ForgeError && error.code === 'engine.configuration-damaged', String(error));
  return `${error.message} ${error.remedy}`.replaceAll(file, 'FILE');
}

test('a broken file, an unknown key and a value out of range are named with their place', async () => {
  assert.match(
    await refusal('\n[server'),
    /FILE, line 2, is not valid TOML \(.+\)\. Correct it there, or move FILE away/,
  );
  assert.match(
    await refusal('[server]\nprot = 1\n'),
    /FILE has "prot" under \[server\], which is no setting \(host, port, /,
  );
  assert.match(
    await refusal('[sever]\nport = 1\n'),
    /FILE has "sever", which is no setting \(server, ollama, network, appearance, updates are\)/,
  );
  assert.match(await refusal('[server]\nport = 70000\n'), /FILE: port under \[server\] is not usable \(.*65535/);
  assert.match(await refusal('server = 3\n', { FORGE_SERVER_PORT: '0' }), /FILE: server is not usable/);
});

test('a wrong variable of the environment is named itself, not the file', async () => {
  const text = await refusal('', { FORGE_SERVER_PORT: 'abc' });
  assert.match(
    text,
    /the variable FORGE_SERVER_PORT is not usable .*Correct or unset the variable FORGE_SERVER_PORT\./,
  );
  assert.equal(text.includes('FILE'), false);
});

test('a folder where the file should be is said in words', async () => {
  const file = await emptyFile();
  await mkdir(file);
  await assert.rejects(
    readConfiguration(file, {}),
    (error) => error instanceof ForgeError && /it is a folder, not a file/.test(error.message),
  );
});
