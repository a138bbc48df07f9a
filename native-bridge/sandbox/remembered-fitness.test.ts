import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { setEnvironmentData } from 'node:worker_threads';
import type { Fitness } from '#core/foundry/scripts/sandbox.ts';
import { createBubblewrapSandbox } from './bubblewrap-sandbox.ts';
import { identityOf, remembering, rememberSandboxesIn, type KnownSandbox } from './remembered-fitness.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'forge-remembered-'));
});
after(() => rm(folder, { recursive: true }));
// undefined takes the word back.
afterEach(() => setEnvironmentData('forge-sandbox-memory'));

function countingSandbox(outcome: { fitness: Fitness; identity: string | null }) {
  const sandbox: KnownSandbox & { tries: number } = {
    ...{ name: 'deno', label: 'Counting', tries: 0 },
    probe() {
      sandbox.tries += 1;
      return Promise.resolve(outcome.fitness);
    },
    identity: () => Promise.resolve(outcome.identity),
    start: () => Promise.reject(new Error('nothing is started here')),
  };
  return sandbox;
}

const held: Fitness = { isFit: true, detail: 'it held' };
const torn: Fitness = { isFit: false, detail: 'it does not hold: a listener was reached' };

test('what held is believed until it is made of something else', async () => {
  rememberSandboxesIn(path.join(folder, 'held'));
  const outcome = { fitness: held, identity: 'one' as string | null };
  const sandbox = countingSandbox(outcome);
  const remembered = remembering(sandbox, false);
  assert.deepEqual([await remembered.probe(), await remembered.probe()], [held, held]);
  assert.equal(sandbox.tries, 1);
  outcome.identity = 'two';
  await remembered.probe();
  assert.equal(sandbox.tries, 2);
  outcome.identity = null;
  await remembered.probe();
  assert.equal(sandbox.tries, 3, 'what nobody can tell is tried each time');
});

test('what did not hold is tried each time, and forgets that it ever held', async () => {
  rememberSandboxesIn(path.join(folder, 'torn'));
  const outcome: { fitness: Fitness; identity: string } = { fitness: held, identity: 'one' };
  const sandbox = countingSandbox(outcome);
  await remembering(sandbox, true).probe();
  outcome.fitness = torn;
  assert.deepEqual(await remembering(sandbox, true).probe(), torn, 'who asks for a try gets one');
  assert.deepEqual(await remembering(sandbox, false).probe(), torn);
  assert.equal(sandbox.tries, 3);
});

const oldOnes = [
  ['of last week', () => JSON.stringify({ identity: 'one', detail: 'old', triedAtMs: Date.now() - 7 * 86_400_000 })],
  ['of the future', () => JSON.stringify({ identity: 'one', detail: 'odd', triedAtMs: Date.now() + 86_400_000 })],
  ['that is cut short', () => '{"identity":"one'],
  ['of another form', () => '["one"]'],
] as const;
for (const [name, text] of oldOnes)
  test(`a memory ${name} is not believed`, async () => {
    const place = path.join(folder, name);
    await mkdir(place);
    await writeFile(path.join(place, 'deno.json'), text());
    rememberSandboxesIn(place);
    const sandbox = countingSandbox({ fitness: held, identity: 'one' });
    assert.deepEqual(await remembering(sandbox, false).probe(), held);
    assert.equal(sandbox.tries, 1);
  });

test('a folder that cannot be written costs the next try and nothing else', async () => {
  const file = path.join(folder, 'a-file');
  await writeFile(file, '');
  rememberSandboxesIn(path.join(file, 'sandboxes'));
  const sandbox = countingSandbox({ fitness: held, identity: 'one' });
  const remembered = remembering(sandbox, false);
  assert.deepEqual([await remembered.probe(), await remembered.probe()], [held, held]);
  assert.equal(sandbox.tries, 2);
});

test('without a place nothing is remembered', async () => {
  const sandbox = countingSandbox({ fitness: held, identity: 'one' });
  const remembered = remembering(sandbox, false);
  await remembered.probe();
  await remembered.probe();
  assert.equal(sandbox.tries, 2);
  assert.deepEqual((await readdir(folder)).includes('deno.json'), false);
});

test('another program, another setting: another identity', async () => {
  const program = path.join(folder, 'program');
  await writeFile(program, 'one');
  const first = await identityOf([program], ['--a']);
  assert.equal(await identityOf([program], ['--a']), first);
  assert.notEqual(await identityOf([program], ['--b']), first);
  await utimes(program, 1, 1);
  assert.notEqual(await identityOf([program], ['--a']), first);
});

test('a sandbox whose program is not there has no identity', async () => {
  const empty = path.join(folder, 'empty');
  await mkdir(empty);
  await chmod(empty, 0o755);
  assert.equal(await createBubblewrapSandbox({ PATH: empty }).identity(), null);
});
