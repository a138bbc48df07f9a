import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBroadcast } from './broadcast.ts';

test('every reader gets the values, a slow one only the newest, and close ends them after the last', async () => {
  const broadcast = createBroadcast<number>();
  const fast = broadcast.subscribe();
  const slow = broadcast.subscribe();
  broadcast.send(1);
  assert.deepEqual(await fast.next(), { value: 1, done: false });
  broadcast.send(2);
  broadcast.send(3);
  broadcast.close();
  const rest = [];
  for await (const value of fast) rest.push(value);
  const seenBySlow = [];
  for await (const value of slow) seenBySlow.push(value);
  assert.deepEqual([rest, seenBySlow], [[3], [3]]);
});

test('an abort ends a reader that waits', async () => {
  const abort = new AbortController();
  const reader = createBroadcast<number>().subscribe(abort.signal);
  const waiting = reader.next();
  abort.abort();
  assert.deepEqual(await waiting, { value: undefined, done: true });
});
