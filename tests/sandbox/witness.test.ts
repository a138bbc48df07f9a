import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textRow } from '#core/foundry/fake-rows.ts';
import { isStop, type Sandbox } from '#core/foundry/scripts/sandbox.ts';
import { tryToEscape } from '#native-bridge/sandbox/quick-escapes.ts';
import { runEscapeCase } from './escape-suite.ts';
import { openAir, program } from './open-air.ts';

const visible = [
  ['read_file', /secret/],
  ['list_folder', /secret/],
  ['connect', /listener/],
  ['fetch', /listener/],
  ['spawn', /file was made/],
  ['system', /file was made/],
  ['call_library', /file was made/],
  ['replace_process', /file was made/],
] as const;

for (const [attempt, seen] of visible)
  test(`the witnesses see it when nothing holds ${attempt}`, async () => {
    const found = await runEscapeCase(openAir(), { attempt, about: '' });
    assert.match(found.join(', '), seen);
  });

test('Python without a sandbox is not fit', async () => {
  const fitness = await tryToEscape(openAir(), 'none');
  assert.equal(fitness.isFit, false);
  assert.match(fitness.detail, /does not hold: a secret of this machine came back, a listener was reached/);
});

test('a sandbox that does not come up is not fit, and says why', async () => {
  const dead: Sandbox = { ...openAir(), start: () => Promise.reject(new Error('uid map: Permission denied')) };
  assert.deepEqual(await tryToEscape(dead, 'none'), {
    isFit: false,
    detail: 'it does not start: uid map: Permission denied',
  });
});

test('a script that is stopped in the open air leaves no process behind', async () => {
  const source = 'import os\ndef transform(row):\n    return {**row, "text": str(os.getpid())}';
  const session = await openAir().start(program(source));
  assert.ok(!isStop(session));
  const given = await session.transform([textRow('x')], 0);
  assert.ok(given.kind === 'answer');
  const [[first]] = given.results as [[{ text: string }]];
  await session.close();
  assert.throws(() => process.kill(Number(first.text), 0), { code: 'ESRCH' });
});
