import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listenForStop } from './stop-signal.ts';

/** A listener with a clock of its own, and a function that sends a signal at a time in ms. */
function listening() {
  let now = 0;
  const stop = listenForStop(() => now);
  const send = (name: 'SIGINT' | 'SIGTERM', atMs: number): void => {
    now = atMs;
    process.emit(name);
  };
  return { stop, send };
}

test('one press that comes twice, as under npm, is the first and not the second', () => {
  const { stop, send } = listening();
  send('SIGINT', 1000);
  send('SIGINT', 1003);
  send('SIGTERM', 1200);
  assert.deepEqual([stop.first.aborted, stop.second.aborted], [true, false]);
  send('SIGINT', 1250);
  assert.equal(stop.second.aborted, true);
  stop.dispose();
});

test('after dispose a signal does nothing', () => {
  const before = process.listenerCount('SIGINT');
  const { stop } = listening();
  assert.equal(process.listenerCount('SIGINT'), before + 1);
  stop.dispose();
  assert.deepEqual([process.listenerCount('SIGINT'), stop.first.aborted], [before, false]);
});
