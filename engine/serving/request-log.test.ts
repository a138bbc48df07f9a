import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '#core/ports/fake-clock.ts';
import { createRequestLog } from './request-log.ts';

const record = (id: string) => ({
  ...{ id, model: 'support', status: 200, stream: false, promptTokens: 3, completionTokens: 4, totalMs: 5 },
  failure: null,
});

test('of 10,000 requests the last 200 are kept, newest first, and all are counted', () => {
  const log = createRequestLog(new FakeClock());
  for (let index = 0; index < 10_000; index += 1) log.add(record(`r${index}`));
  const latest = log.latest(500);
  assert.deepEqual([latest.length, latest[0]?.id, latest.at(-1)?.id], [200, 'r9999', 'r9800']);
  assert.deepEqual(
    log.latest(2).map(({ id }) => id),
    ['r9999', 'r9998'],
  );
  assert.equal(log.counts().total, 10_000);
});

test('requests are counted by minute, and what is older than 30 minutes falls out', () => {
  const clock = new FakeClock();
  const log = createRequestLog(clock);
  const counts = () => log.counts().perMinute;
  log.add(record('a'));
  log.add(record('b'));
  clock.advance(60_000);
  log.add(record('c'));
  assert.deepEqual([counts().length, counts().slice(-3)], [30, [0, 2, 1]]);
  clock.advance(28 * 60_000);
  assert.deepEqual([counts()[0], counts()[1]], [2, 1]);
  clock.advance(5 * 60_000);
  assert.equal(
    counts().reduce((sum, count) => sum + count, 0),
    0,
  );
  assert.equal(log.counts().total, 3);
});

test('a clock that people set back does not spoil the minutes, and a restart counts anew but keeps the requests', () => {
  const clock = new FakeClock();
  const log = createRequestLog(clock);
  log.add(record('a'));
  clock.jumpWallClock(-3_600_000);
  log.add(record('b'));
  assert.equal(log.counts().perMinute.at(-1), 2);
  log.restart();
  assert.deepEqual([log.counts().total, log.counts().perMinute.at(-1), log.latest(9).length], [0, 0, 2]);
});
