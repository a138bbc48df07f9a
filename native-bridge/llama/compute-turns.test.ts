import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ComputeTurns } from './compute-turns.ts';

const later = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a step alone never overlaps another, steps together do, and the order of arrival holds', async () => {
  const turns = new ComputeTurns();
  const log: string[] = [];
  const step = (name: string) => async (): Promise<void> => {
    log.push(`+${name}`);
    await later();
    log.push(`-${name}`);
  };
  await Promise.all([
    turns.take('together', step('a')),
    turns.take('together', step('b')),
    turns.take('alone', step('c')),
    turns.take('together', step('d')),
  ]);
  assert.deepEqual(log, ['+a', '+b', '-a', '-b', '+c', '-c', '+d', '-d']);
});

test('a step that fails gives its turn on', async () => {
  const turns = new ComputeTurns();
  await assert.rejects(turns.take('alone', () => Promise.reject(new Error('broken'))));
  assert.equal(await turns.take('alone', () => Promise.resolve('next')), 'next');
});
