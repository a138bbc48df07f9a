// Settings, disk, ledger and answers as a person asks for them, against the real engine.
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { forge, newHome } from '../bad-input/forge-command.ts';

const headless = path.resolve(import.meta.dirname, '..', '..', 'engine', 'main.headless.ts');
let home = '';
let engine: ChildProcess | null = null;
const cleanUps: (() => Promise<void>)[] = [];
before(async () => {
  home = await newHome({ after: (work) => void cleanUps.push(work) });
  // An engine of its own, so that not every command has to start one, and none of the variables that the other tests set.
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('FORGE_'));
  engine = spawn(process.execPath, [headless, '--home', home], { env: Object.fromEntries(own), stdio: 'ignore' });
  for (let round = 0; round < 200 && !existsSync(path.join(home, 'engine.json')); round += 1) await sleep(50);
});
after(async () => {
  engine?.kill();
  for (const cleanUp of cleanUps) await cleanUp();
});

async function json<T>(...words: string[]): Promise<{ code: number | null; value: T }> {
  const { code, out } = await forge([...words, '--json', '--home', home]);
  return { code, value: JSON.parse(out) as T };
}

const errorOf = async (...words: string[]): Promise<[number | null, string]> => {
  const { code, value } = await json<{ error: { code: string } }>(...words);
  return [code, value.error.code];
};

test('a setting is read, set and taken back; what does not fit is refused with exit code 2', async () => {
  const file = path.join(home, 'config.toml');
  const before = await readFile(file, 'utf8');
  const listed = await json<{ key: string; value: unknown }[]>('settings', 'list');
  assert.equal(listed.value.find(({ key }) => key === 'server.port')?.value, 18793);
  const set = await json<{ value: unknown; origin: string }>('settings', 'set', 'network.offline', 'on');
  assert.deepEqual([set.code, set.value.value, set.value.origin], [0, true, 'file']);
  assert.match(await readFile(file, 'utf8'), /^offline = true$/m);
  assert.equal((await json<{ offline: boolean }>('network')).value.offline, true, 'it holds at once');
  assert.equal((await json('settings', 'set', 'network.offline', '--default')).code, 0);
  assert.equal(await readFile(file, 'utf8'), before);
  assert.deepEqual(
    [
      await errorOf('settings', 'set', 'server.port', 'many'),
      await errorOf('settings', 'set', 'server.port'),
      await errorOf('settings', 'set', 'server.prot', '1'),
    ],
    [
      [2, 'settings.not-usable'],
      [2, 'command.usage'],
      [2, 'command.usage'],
    ],
  );
});

test('the disk is shown part by part, and cleaning takes only what may go', async () => {
  await mkdir(path.join(home, 'logs'), { recursive: true });
  const old = path.join(home, 'logs', 'environment.log');
  await writeFile(old, 'x'.repeat(1000));
  const { value } = await json<{ parts: { id: string; freeableBytes: number }[] }>('storage');
  assert.ok(value.parts.length >= 8);
  assert.equal(value.parts.find(({ id }) => id === 'logs')?.freeableBytes, 1000);
  assert.deepEqual(await json('storage', 'clean', 'logs', '--yes'), {
    code: 0,
    value: { part: 'logs', freedBytes: 1000 },
  });
  await assert.rejects(stat(old));
  assert.deepEqual(await errorOf('storage', 'clean', 'models', '--yes'), [2, 'command.usage']);
  await writeFile(old, 'x');
  assert.deepEqual(
    await errorOf('storage', 'clean', 'logs'),
    [2, 'command.usage'],
    'without --yes nobody can be asked',
  );
});

test('the ledger is shown newest first, with torn lines left out', async () => {
  const line = (t: number): string =>
    `${JSON.stringify({ t, purpose: 'a test', method: 'GET', host: 'hub.example', path: '/a', bytes: 7, status: 200, ms: 1, error: null })}\n`;
  await writeFile(path.join(home, 'logs', 'network.jsonl'), `${line(1)}{"t":2\n${line(3)}`);
  const { value } = await json<{ entries: { t: number }[]; total: number; skipped: number }>('network', 'ledger');
  assert.deepEqual([value.entries.map(({ t }) => t), value.total, value.skipped], [[3, 1], 3, 1]);
});

test('answers of a model and the place of a run that are not there are refused', async () => {
  assert.deepEqual(
    [
      await errorOf('runs', 'answers', 'nobody'),
      await errorOf('runs', 'answers'),
      await errorOf('runs', 'move', 'last'),
    ],
    [
      [2, 'engine.not-found'],
      [2, 'command.no-model'],
      [2, 'engine.not-found'],
    ],
  );
});
