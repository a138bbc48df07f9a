import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { MeterReading } from '#contract/hardware.ts';
import { FakeClock } from '#core/ports/fake-clock.ts';
import { silentLogger } from '#core/ports/logger.ts';
import { createMeterFeed } from './meter-feed.ts';

function reading(t: number): MeterReading {
  return {
    t,
    processor: 0,
    memoryUsedBytes: 0,
    memoryTotalBytes: 0,
    diskFreeBytes: 0,
    workerMemoryBytes: null,
    graphics: null,
  };
}

function createFeed(read: (asked: number) => Promise<MeterReading> = async (asked) => reading(asked)) {
  const clock = new FakeClock();
  const state = { asked: 0 };
  const feed = createMeterFeed({
    clock,
    logger: silentLogger,
    workerPids: () => Promise.resolve([]),
    meters: { read: () => read((state.asked += 1)) },
  });
  return { clock, state, feed };
}

test('all readers share one sampler, and nothing is read when nobody reads', async () => {
  const { clock, state, feed } = createFeed();
  const leave = new AbortController();
  const one = feed.read(leave.signal);
  const other = feed.read(leave.signal);
  assert.equal((await one.next()).value?.t, 1);
  assert.equal((await other.next()).value?.t, 1, 'a later reader is shown the newest reading at once');
  const both = Promise.all([one.next(), other.next()]);
  clock.advance(1000);
  assert.deepEqual(
    (await both).map(({ value }) => value?.t),
    [2, 2],
  );
  assert.equal(feed.readers, 2);
  leave.abort();
  await Promise.all([one.next(), other.next()]);
  assert.equal(feed.readers, 0);
  clock.advance(10_000);
  await turn();
  assert.equal(state.asked, 2);
});

test('a reading that takes long is not asked for a second time meanwhile, and one that fails ends nobody', async () => {
  const answers: ((value: MeterReading) => void)[] = [];
  const { clock, state, feed } = createFeed((asked) =>
    asked === 2 ? Promise.reject(new Error('no')) : new Promise((resolve) => answers.push(resolve)),
  );
  const leave = new AbortController();
  const reader = feed.read(leave.signal);
  const first = reader.next();
  await turn();
  clock.advance(5000);
  await turn();
  assert.equal(state.asked, 1);
  answers[0]?.(reading(7));
  assert.equal((await first).value?.t, 7);
  const second = reader.next();
  clock.advance(1000);
  await turn();
  clock.advance(1000);
  await turn();
  answers[1]?.(reading(9));
  assert.equal((await second).value?.t, 9);
  await reader.return(undefined);
  assert.equal(feed.readers, 0);
});
