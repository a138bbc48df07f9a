import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '#core/ports/fake-clock.ts';
import type { EventAddition, EventIndex } from '#core/ports/event-index.ts';
import { silentLogger } from '#core/ports/logger.ts';
import { EventIngest } from './event-ingest.ts';
import { SureQueue } from './sure-queue.ts';

const diskFull = (): never => {
  throw Object.assign(new Error('disk full'), { code: 'ENOSPC' });
};

test('what fails for want of disk is tried again every second, in order', () => {
  const clock = new FakeClock();
  const queue = new SureQueue(clock, silentLogger);
  const done: string[] = [];
  let full = true;
  queue.run(() => {
    if (full) diskFull();
    done.push('first');
  });
  queue.run(() => void done.push('second'));
  clock.advance(3_000);
  assert.equal(done.length, 0);
  full = false;
  clock.advance(1_000);
  queue.run(() => void done.push('third'));
  assert.deepEqual(done, ['first', 'second', 'third']);
});

test('a bug is not tried again: it passes through, and the next one runs', () => {
  const queue = new SureQueue(new FakeClock(), silentLogger);
  assert.throws(() => queue.run(() => assert.fail('bug')), /bug/);
  const done: number[] = [];
  queue.run(() => {
    done.push(1);
    queue.run(() => void done.push(2));
  });
  assert.deepEqual(done, [1, 2]);
});

/** An index that keeps what it is given, and can be full. */
function createFakeIndex() {
  const stored: EventAddition[] = [];
  const state = { full: false };
  const index: EventIndex = {
    append: (additions) => {
      if (state.full) diskFull();
      stored.push(...additions);
    },
    page: () => ({ events: [], lastPosition: 0 }),
    pageOfTypes: () => [],
    lastPosition: () => 0,
    cursor: () => null,
    reachedSteps: () => new Map(),
    progress: () => ({ attempt: 0, phase: null, step: null }),
    verdicts: () => [],
    series: () => [],
  };
  return { index, stored, state };
}

const losses = { malformed: 0, oversized: 0, refused: 0, torn: 0 };
const batch = (first: number, count: number) => ({
  events: Array.from({ length: count }, (_, index) => ({
    v: 1 as const,
    run: 'a/1',
    seq: first + index,
    t: 1,
    type: 'mystery',
  })),
  nextOffset: first + count,
  losses,
});

test('events are readable at once and stored every 250 ms; a full disk loses none and slows the sender down', () => {
  const clock = new FakeClock();
  const { index, stored, state } = createFakeIndex();
  const ingest = new EventIngest({ index, clock, logger: silentLogger, onEvents: () => undefined });
  ingest.start();
  assert.equal(ingest.beginTail('a', 1), 0);
  let acknowledged = 0;
  const acknowledge = (): void => void (acknowledged += 1);
  ingest.take('a', batch(1, 10), acknowledge);
  assert.deepEqual([ingest.page('a', 0, 5).events.length, ingest.lastPosition('a'), stored.length], [5, 10, 0]);
  assert.deepEqual(ingest.pageOfTypes('a', { types: ['other'], after: 0, limit: 5 }), { events: [], lastPosition: 10 });
  assert.equal(ingest.pageOfTypes('a', { types: ['mystery'], after: 4, limit: 5 }).events[0]?.position, 5);
  clock.advance(250);
  assert.deepEqual(
    stored.map(({ events }) => events.length),
    [10],
  );
  state.full = true;
  for (let round = 0; round < 3; round += 1) ingest.take('a', batch(11 + round * 9_000, 9_000), acknowledge);
  clock.advance(10_000);
  assert.deepEqual([acknowledged, ingest.lastPosition('a')], [3, 27_010]);
  state.full = false;
  clock.advance(250);
  assert.deepEqual([acknowledged, stored.at(-1)?.events.length], [4, 27_000]);
  assert.equal(ingest.page('a', 22_010, 5_000).events.length, 5_000);
  ingest.stop();
});
