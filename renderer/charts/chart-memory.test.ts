import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createChartMemory, wholeView } from './chart-memory.ts';

function storageOf(text: string | null) {
  const kept = { text };
  return { kept, getItem: () => kept.text, setItem: (_: string, value: string) => void (kept.text = value) };
}

test('scale, smoothing and range are remembered by kind, over restarts', () => {
  const storage = storageOf(null);
  const memory = createChartMemory(storage);
  let told = 0;
  const stop = memory.onChange(() => (told += 1));
  memory.remember('loss', { isLog: true });
  memory.remember('loss', { smoothing: 0.6, range: { from: 10, to: 40 } });
  stop();
  memory.remember('rate', { isLog: true });
  assert.equal(told, 2);
  const later = createChartMemory(storage);
  assert.deepEqual(later.view('loss'), { isLog: true, smoothing: 0.6, range: { from: 10, to: 40 } });
  assert.deepEqual(later.view('norm'), wholeView);
});

test('what was damaged or comes from elsewhere is forgotten', (context) => {
  context.mock.method(console, 'warn', () => undefined);
  assert.deepEqual(createChartMemory(storageOf('{')).view('loss'), wholeView);
  const odd = '{"loss":{"isLog":"yes","smoothing":7,"range":{"from":5,"to":5}},"x":3}';
  assert.deepEqual(createChartMemory(storageOf(odd)).view('loss'), wholeView);
  assert.deepEqual(createChartMemory(storageOf(odd)).view('x'), wholeView);
});

test('a storage that is full loses nothing of this window', (context) => {
  context.mock.method(console, 'warn', () => undefined);
  const memory = createChartMemory({
    getItem: () => null,
    setItem: () => {
      throw new Error('full');
    },
  });
  memory.remember('loss', { isLog: true });
  assert.equal(memory.view('loss').isLog, true);
});
