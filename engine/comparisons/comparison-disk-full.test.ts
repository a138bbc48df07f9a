import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hosted, newHome, tuned, typed } from './comparison-cast-fixture.ts';
import { comparisonWorld, ended, type ComparisonWorld } from './comparison-fixture.ts';
import type { ComparisonStore } from './comparison-store.ts';

interface FullDisk extends ComparisonWorld {
  /** From now on this act of the store finds no room; null: all have room. */
  full(act: 'saveHead' | 'append' | null): void;
}

async function fullDisk(home: string): Promise<FullDisk> {
  let without: 'saveHead' | 'append' | null = null;
  const noRoom = (): Promise<void> =>
    Promise.reject(
      Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', path: 'there' }),
    );
  const around = (store: ComparisonStore): ComparisonStore => ({
    ...store,
    saveHead: (head) => (without === 'saveHead' ? noRoom() : store.saveHead(head)),
    append: (id, changes) => (without === 'append' ? noRoom() : store.append(id, changes)),
  });
  const world = await comparisonWorld([tuned, hosted], { home, around });
  return { ...world, full: (act) => (without = act) };
}

const models = [tuned.model, hosted.model];
const noSpace = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOSPC';

for (const act of ['saveHead', 'append'] as const)
  test(`a prompt that cannot be written (${act}) is not asked, and is asked once when there is room`, async () => {
    const { service, providers, full } = await fullDisk(newHome());
    const { id } = await service.start({ models, prompts: typed('one') }, 'request-1');
    await ended(service, id);
    full(act);
    await assert.rejects(service.ask(id, 'two', 'request-2'), noSpace);
    const { state, turns } = await service.get(id);
    assert.deepEqual([state, turns, providers.get(hosted.label)?.prompts.length], ['done', 1, 1]);
    full(null);
    await service.ask(id, 'two', 'request-3');
    assert.equal((await ended(service, id)).state, 'done');
    assert.deepEqual([(await service.get(id)).turns, providers.get(hosted.label)?.prompts.length], [2, 2]);
  });

test('an answer that cannot be written stays on the page with the reason, and is asked for again with room', async () => {
  const home = newHome();
  const { service, full } = await fullDisk(home);
  const { id } = await service.start({ models, prompts: typed('one') }, 'request-1');
  await ended(service, id);
  let asked = false;
  for await (const event of (await service.ask(id, 'two', 'request-2'),
  service.watch(id, AbortSignal.timeout(10_000)))) {
    if (!asked) full('append');
    asked = true;
    if (event.kind === 'view' && event.view.state !== 'running') break;
  }
  const lastTurn = async () => (await service.turns(id, { offset: 1, limit: 1 })).turns[0];
  const failed = (await lastTurn())?.answers ?? [];
  assert.deepEqual(
    failed.map(({ state, failure }) => [state, failure?.code]),
    [
      ['failed', 'engine.disk-full'],
      ['failed', 'engine.disk-full'],
    ],
  );
  assert.equal((await service.get(id)).state, 'interrupted');
  full(null);
  for (const pane of [0, 1]) await service.retry(id, { turn: 1, pane }, `again-${pane}`);
  assert.equal((await ended(service, id)).state, 'done');
  const reopened = await comparisonWorld([tuned, hosted], { home });
  const [kept] = (await reopened.service.turns(id, { offset: 1, limit: 1 })).turns;
  assert.deepEqual(
    kept?.answers.map(({ state }) => state),
    ['done', 'done'],
  );
});
