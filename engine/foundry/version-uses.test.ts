import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BuildFile } from '#contract/build-file.ts';
import { createVersionUses } from './version-uses.ts';

const tickets = { name: 'tickets', version: 2 };

function build(name: string, state: BuildFile['state'], more: object): BuildFile {
  return { name, version: 1, state, request: {}, steps: {}, ...more } as unknown as BuildFile;
}

function learned(version: object | undefined): object {
  return { steps: { dataset: { output: { version } } } };
}

const usesOf = (...builds: BuildFile[]) =>
  createVersionUses({ list: () => Promise.resolve({ builds, unreadable: [] }) });

test('models are named that learned from the version, finished or not, and no others', async () => {
  const uses = usesOf(
    build('one', 'succeeded', learned({ ...tickets, digest: 'x' })),
    build('older', 'succeeded', learned({ name: 'tickets', version: 1, digest: 'x' })),
    build('other', 'failed', learned({ name: 'mails', version: 2, digest: 'x' })),
    build('before-versions', 'succeeded', learned(undefined)),
    build('asked', 'waiting', { request: { dataset: '/home/me/forge/datasets/tickets/v2/rows.jsonl' } }),
    build('sample', 'succeeded', {}),
  );
  assert.deepEqual(await uses.of(tickets), [
    { model: 'one', version: 1, isBeingMade: false },
    { model: 'asked', version: 1, isBeingMade: true },
  ]);
});

test('a version is refused to go while a model is being made of it, and only then', async () => {
  const done = build('one', 'succeeded', learned({ ...tickets, digest: 'x' }));
  await usesOf(done).requireFree(tickets);
  const running = build('two', 'running', learned({ ...tickets, digest: 'x' }));
  await assert.rejects(usesOf(done, running).requireFree(tickets), { code: 'foundry.version-used' });
});
