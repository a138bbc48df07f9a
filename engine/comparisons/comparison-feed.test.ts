import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ComparisonEvent } from '#contract/comparisons.ts';
import { createComparisonFeed } from './comparison-feed.ts';

const delta = (turn: number, pane: number, text: string): ComparisonEvent => ({ kind: 'delta', turn, pane, text });
const turn = (number: number): ComparisonEvent => ({
  kind: 'turn',
  turn: { turn: number, prompt: '', expected: null, answers: [], vote: null, edited: null, revealed: false, kept: [] },
});
const never = new AbortController().signal;

async function all(events: AsyncIterable<ComparisonEvent>): Promise<ComparisonEvent[]> {
  const taken = [];
  for await (const event of events) taken.push(event);
  return taken;
}

test('a slow reader gets each text in one piece after the newest state of its turn, and misses nothing', async () => {
  const feed = createComparisonFeed();
  const { events } = feed.subscribe(never);
  for (let count = 0; count < 1000; count += 1) feed.publish(delta(0, count % 2, 'x'));
  feed.publish(delta(1, 0, 'before'));
  feed.publish(turn(1));
  feed.publish(delta(1, 0, 'after'));
  feed.end();
  assert.deepEqual(await all(events), [
    turn(1),
    delta(0, 0, 'x'.repeat(500)),
    delta(0, 1, 'x'.repeat(500)),
    delta(1, 0, 'after'),
  ]);
});

test('two readers are told the same, one that left is told nothing, and an abort ends a wait', async () => {
  const feed = createComparisonFeed();
  const control = new AbortController();
  const [one, two, gone] = [feed.subscribe(never), feed.subscribe(control.signal), feed.subscribe(never)];
  gone.leave();
  feed.publish(delta(0, 0, 'hello'));
  assert.deepEqual((await two.events.next()).value, delta(0, 0, 'hello'));
  const waiting = two.events.next();
  control.abort();
  assert.equal((await waiting).done, true);
  feed.end();
  assert.deepEqual(await all(one.events), [delta(0, 0, 'hello')]);
  const told = await Promise.race([
    gone.events.next(),
    new Promise((resolve) => setImmediate(() => resolve('nothing'))),
  ]);
  assert.equal(told, 'nothing');
});
