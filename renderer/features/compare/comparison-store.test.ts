import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ForgeClient } from '#contract/client.ts';
import type { ComparisonEvent, ComparisonTurn, ComparisonView } from '#contract/comparisons.ts';
import { ForgeError } from '#contract/errors.ts';
import { createEngineAccess } from '../../connection/engine-access.ts';
import { createComparisonStore } from './comparison-store.ts';
import { answered, revealedTurn, turnOf, viewOf } from './fixtures.ts';

/** An engine with one comparison, as a hand-written client: what it holds can be changed, and events sent. */
function fakeEngine(view: ComparisonView, turns: ComparisonTurn[]) {
  const held = { view, turns, watches: 0, calls: [] as string[] };
  const waiting: ((event: ComparisonEvent | null) => void)[] = [];
  const queue: (ComparisonEvent | null)[] = [];
  const send = (event: ComparisonEvent | null): void => {
    const next = waiting.shift();
    if (next === undefined) queue.push(event);
    else next(event);
  };
  const take = (): Promise<ComparisonEvent | null> =>
    queue.length > 0
      ? Promise.resolve(queue.shift() ?? null)
      : new Promise((resolve) => {
          waiting.push(resolve);
        });
  async function* watch(): AsyncGenerator<ComparisonEvent> {
    held.watches += 1;
    yield { kind: 'view', view: held.view };
    for (let event = await take(); event !== null; event = await take()) yield event;
  }
  const comparisons = {
    get: async () => held.view,
    turns: async ({ offset, limit }: { offset: number; limit: number }) => ({
      total: held.turns.length,
      turns: held.turns.slice(offset, offset + limit),
    }),
    watch: async () => watch(),
    ask: async ({ prompt }: { prompt: string }) => {
      held.calls.push(`ask ${prompt}`);
      held.turns.push(turnOf({ turn: held.turns.length, prompt }));
      held.view = { ...held.view, turns: held.turns.length, state: 'running' };
      return held.view;
    },
    vote: async ({ turn }: { turn: number }) => revealedTurn({ turn }),
    keep: async ({ turn, as }: { turn: number; as: 'example' }) => ({
      path: '/kept/examples.jsonl',
      turn: revealedTurn({ turn, kept: [as] }),
    }),
  };
  const engine = createEngineAccess();
  engine.onConnected({ comparisons } as unknown as ForgeClient, new AbortController().signal);
  return { engine, held, send, comparisons };
}

async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < 200 && !isSo(); turn += 1) await new Promise((resolve) => setTimeout(resolve, 1));
  assert.ok(isSo());
}

test('a comparison is read, followed, and its growing texts stay outside of the state', async () => {
  const { engine, send } = fakeEngine(viewOf({ turns: 1, state: 'running' }), [turnOf()]);
  const store = createComparisonStore(engine);
  const stop = store.getState().open('c1');
  await until(() => store.getState().turns.size === 1);
  send({ kind: 'turn', turn: turnOf({ answers: [answered(0, { state: 'streaming', text: 'A' }), answered(1)] }) });
  await until(() => store.getState().turns.get(0)?.answers[0]?.state === 'streaming');
  const before = store.getState();
  send({ kind: 'delta', turn: 0, pane: 0, text: 'B' });
  await until(() => store.getState().live.read('0:0') === 'AB');
  assert.equal(store.getState(), before);
  send(null);
  stop();
});

test('a page that was read before an event came does not put the old turn back', async () => {
  const { engine, send, comparisons } = fakeEngine(viewOf({ turns: 1 }), []);
  const waiting: (() => void)[] = [];
  comparisons.turns = () =>
    new Promise((resolve) => {
      waiting.push(() => resolve({ total: 1, turns: [turnOf({ prompt: 'old' })] }));
    });
  const store = createComparisonStore(engine);
  store.getState().open('c1');
  await until(() => waiting.length === 1);
  send({ kind: 'turn', turn: turnOf({ prompt: 'new' }) });
  await until(() => store.getState().turns.get(0)?.prompt === 'new');
  waiting[0]?.();
  send(null);
  await until(() => store.getState().rows[0]?.prompt === 'new');
  assert.equal(store.getState().turns.get(0)?.prompt, 'new');
});

test('a further prompt is followed although the comparison had ended', async () => {
  const { engine, held, send } = fakeEngine(viewOf({ turns: 1 }), [turnOf()]);
  send(null);
  const store = createComparisonStore(engine);
  store.getState().open('c1');
  await until(() => store.getState().turns.size === 1);
  await store.getState().ask('And then?');
  await until(() => held.watches === 2 && store.getState().turns.size === 2);
  assert.deepEqual(held.calls, ['ask And then?']);
  assert.equal(store.getState().view?.state, 'running');
});

test('votes and what was kept are shown as the engine answers them', async () => {
  const { engine, send } = fakeEngine(viewOf({ turns: 1 }), [turnOf()]);
  send(null);
  const store = createComparisonStore(engine);
  store.getState().open('c1');
  await until(() => store.getState().turns.size === 1);
  await store.getState().vote(0, { pane: 0 });
  assert.equal(store.getState().turns.get(0)?.revealed, true);
  assert.equal(await store.getState().keep(0, 'example', null), '/kept/examples.jsonl');
  assert.deepEqual(store.getState().rows[0]?.kept, ['example']);
});

test('a comparison that cannot be read says why, and another one opened meanwhile is not touched by it', async () => {
  const { engine, comparisons } = fakeEngine(viewOf(), []);
  comparisons.watch = async () => {
    throw new ForgeError('comparison.damaged', { id: 'c1', reason: 'torn' });
  };
  const store = createComparisonStore(engine);
  store.getState().open('c1');
  await until(() => store.getState().failure?.code === 'comparison.damaged');
  store.getState().open('c2');
  assert.equal(store.getState().failure, null);
  assert.equal(store.getState().view, null);
});
