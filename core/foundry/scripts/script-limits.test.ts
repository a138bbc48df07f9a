import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageRows, scriptLimits, triedRows } from './script-limits.ts';

test('the limits are those of D-28 and D-29', () => {
  assert.deepEqual([triedRows, messageRows], [200, 5_000]);
  assert.equal(scriptLimits.messageMs(10_000), 60_000);
  assert.equal(scriptLimits.messageMs(messageRows), 30_000);
  assert.equal(scriptLimits.memoryBytes, 1024 ** 3);
  assert.equal(scriptLimits.outputBytes, 64_000_000);
});

test('a handful of rows has some seconds all the same', () => {
  assert.equal(scriptLimits.messageMs(1), 5_000);
});
