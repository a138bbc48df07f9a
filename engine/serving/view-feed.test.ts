import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { test } from 'node:test';
import { FakeClock } from '#core/ports/fake-clock.ts';
import { silentLogger } from '#core/ports/logger.ts';
import { createViewFeed, shortestGapMs } from './view-feed.ts';

function feedOf(t: { value: number }) {
  const clock = new FakeClock();
  const counted = { made: 0 };
  const feed = createViewFeed({
    make: () => {
      counted.made += 1;
      return Promise.resolve(t.value);
    },
    isSame: Object.is,
    clock,
    logger: silentLogger,
  });
  return { clock, counted, feed };
}

test('a thousand changes in a second are at most ten views and a first one, and the last is the truth', async () => {
  const state = { value: 0 };
  const { clock, counted, feed } = feedOf(state);
  const control = new AbortController();
  const seen: number[] = [];
  const reader = (async () => {
    for await (const value of feed.watch(control.signal)) seen.push(value);
  })();
  await nextTurn();
  for (let change = 1; change <= 1_000; change += 1) {
    state.value = change;
    feed.changed();
    clock.advance(1);
    await nextTurn();
  }
  clock.advance(shortestGapMs);
  await nextTurn();
  await nextTurn();
  assert.ok(seen.length <= 12 && seen.length >= 9, `${seen.length} views`);
  assert.deepEqual([seen[0], seen.at(-1)], [0, 1_000]);
  assert.ok(counted.made <= 13);
  control.abort();
  await reader;
});

test('while nobody looks no view is made, and the same view is not told twice', async () => {
  const state = { value: 1 };
  const { clock, counted, feed } = feedOf(state);
  feed.changed();
  clock.advance(10_000);
  assert.equal(counted.made, 0);
  const reader = feed.watch();
  assert.deepEqual(await reader.next(), { value: 1, done: false });
  const second = reader.next();
  clock.advance(3_000);
  await nextTurn();
  state.value = 2;
  clock.advance(1_000);
  assert.deepEqual(await second, { value: 2, done: false });
  await reader.return(undefined);
  const { made } = counted;
  clock.advance(60_000);
  assert.equal(counted.made, made, 'the last reader takes the timer with it');
});

test('two readers see the same, and close ends both', async () => {
  const state = { value: 1 };
  const { clock, feed } = feedOf(state);
  const [one, other] = [feed.watch(), feed.watch()];
  await Promise.all([one.next(), other.next()]);
  state.value = 2;
  const next = Promise.all([one.next(), other.next()]);
  feed.changed();
  clock.advance(shortestGapMs);
  assert.deepEqual(
    (await next).map(({ value }) => value),
    [2, 2],
  );
  feed.close();
  assert.deepEqual([(await one.next()).done, (await other.next()).done], [true, true]);
});
