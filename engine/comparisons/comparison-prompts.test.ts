import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import type { BaseModelView } from '#contract/base-models.ts';
import { ForgeError } from '#contract/errors.ts';
import { createVersion } from '../exports/version-fixture.ts';
import { readPrompts } from './comparison-prompts.ts';
import { listLocalModels } from './local-models.ts';

const code = (wanted: string) => (error: unknown) => {
  assert.ok(error instanceof ForgeError, String(error));
  assert.equal(error.code, wanted, error.message);
  return true;
};

test('the held-out rows of a main job, a file, and typed lines become prompts with what is expected of them', async (t) => {
  const { store, home, directory, dispose } = await createVersion({ trained: false });
  t.after(dispose);
  const kept = (await readFile(path.join(directory, 'data', 'held-out.jsonl'), 'utf8')).trim().split('\n');
  const heldOut = await readPrompts({ kind: 'held-out', mainJob: 'tiny-v1', limit: 5 }, store);
  assert.deepEqual(
    heldOut.prompts.map(({ prompt, expected }) => [prompt, expected]),
    kept.slice(0, 5).map((line) => {
      const { messages } = JSON.parse(line) as { messages: { content: string }[] };
      return [messages.at(-2)?.content, messages.at(-1)?.content];
    }),
  );
  assert.ok(heldOut.scoring !== null);

  const file = path.join(home, 'talks.jsonl');
  const talk = (index: number) => ({
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: `first ${index}` },
      { role: 'assistant', content: 'yes' },
      { role: 'user', content: `then ${index * 7919}` },
      { role: 'assistant', content: `answer ${index}` },
    ],
  });
  await writeFile(file, Array.from({ length: 9 }, (_, index) => `${JSON.stringify(talk(index))}\n`).join(''));
  const { prompts } = await readPrompts({ kind: 'dataset', path: file, limit: 2 }, store);
  assert.equal(prompts.length, 2);
  assert.deepEqual(prompts[0], { prompt: 'then 0', context: talk(0).messages.slice(0, 3), expected: 'answer 0' });

  const typed = await readPrompts({ kind: 'typed', prompts: ['one', '  ', 'two'] }, store);
  assert.deepEqual([typed.prompts.map(({ prompt }) => prompt), typed.scoring], [['one', 'two'], null]);
});

test('what holds no prompts is refused: blank lines, a file that is gone, a main job nobody knows, too much text', async (t) => {
  const { store, home, dispose } = await createVersion({ trained: false });
  t.after(dispose);
  const refused = (set: Parameters<typeof readPrompts>[0], wanted: string) =>
    assert.rejects(readPrompts(set, store), code(wanted));
  await refused({ kind: 'typed', prompts: [' ', '\n'] }, 'comparison.no-prompts');
  await refused(
    { kind: 'typed', prompts: Array.from({ length: 101 }, () => 'x'.repeat(200_000)) },
    'comparison.too-much-text',
  );
  await refused({ kind: 'dataset', path: path.join(home, 'gone.csv'), limit: 5 }, 'dataset.not-found');
  await refused({ kind: 'held-out', mainJob: 'nobody-v1', limit: 5 }, 'engine.not-found');
});

test('of a base it is the file that its newest main job measured, while that is there', async (t) => {
  const { store, home, finish, dispose } = await createVersion({ trained: false });
  t.after(dispose);
  const [came, measured] = [path.join(home, 'came.gguf'), path.join(home, 'measured.gguf')];
  await writeFile(came, 'GGUF');
  await writeFile(measured, 'GGUF');
  const base: BaseModelView = {
    ...{ id: 'tiny-base', name: 'Tiny base', state: 'ready', origin: '', isOwn: true, facts: null, licence: null },
    ...{ gated: false, sizeBytes: null, memory: null, bestUse: null, aliases: [], files: { kind: 'gguf', path: came } },
  };
  const list = async (bases: BaseModelView[]) =>
    listLocalModels({
      servable: () => Promise.resolve([]),
      builds: async () => (await store.list()).builds,
      bases: () => Promise.resolve(bases),
    });
  assert.deepEqual(
    (await list([base])).map((one) => one.path),
    [came],
  );
  await finish('base-export', { type: 'Q8_0', path: measured, sha256: 'x', reason: '' });
  assert.deepEqual(
    (await list([base])).map((one) => one.path),
    [measured],
  );
  await rm(measured);
  const absent: BaseModelView = { ...base, id: 'absent', state: 'available', files: null };
  assert.deepEqual(
    (await list([base, absent])).map((one) => one.path),
    [came],
  );
});
