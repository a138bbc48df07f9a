import assert from 'node:assert/strict';
import { test } from 'node:test';
import { moveForKey } from './chart-keys.ts';
import { LiveSeries } from './live-series.ts';

function line(count: number, every = 1): LiveSeries {
  const series = new LiveSeries();
  for (let index = 0; index < count; index += 1) series.put(index * every, index);
  return series;
}

const plain = (key: string) => ({ key, shiftKey: false });

test('arrows walk from point to point and stop at the ends', () => {
  const series = [line(5, 10)];
  assert.deepEqual(moveForKey(plain('ArrowRight'), { series, range: null, step: null }), { kind: 'point', step: 0 });
  assert.deepEqual(moveForKey(plain('ArrowRight'), { series, range: null, step: 10 }), { kind: 'point', step: 20 });
  assert.deepEqual(moveForKey(plain('ArrowLeft'), { series, range: null, step: 10 }), { kind: 'point', step: 0 });
  assert.deepEqual(moveForKey(plain('ArrowRight'), { series, range: null, step: 40 }), { kind: 'point', step: 40 });
});

test('in a long run an arrow moves far enough to be seen', () => {
  const series = [line(10_000)];
  assert.deepEqual(moveForKey(plain('ArrowRight'), { series, range: null, step: 0 }), { kind: 'point', step: 200 });
});

test('plus comes nearer to where the pointer stands, minus and 0 go back, Shift moves along', () => {
  const series = [line(101)];
  assert.deepEqual(moveForKey(plain('+'), { series, range: null, step: 50 }), {
    kind: 'range',
    range: { from: 20, to: 80 },
  });
  assert.deepEqual(moveForKey(plain('-'), { series, range: { from: 20, to: 80 }, step: 50 }), {
    kind: 'range',
    range: null,
  });
  assert.deepEqual(moveForKey(plain('0'), { series, range: { from: 20, to: 80 }, step: 50 }), {
    kind: 'range',
    range: null,
  });
  assert.deepEqual(
    moveForKey({ key: 'ArrowRight', shiftKey: true }, { series, range: { from: 0, to: 40 }, step: null }),
    {
      kind: 'range',
      range: { from: 10, to: 50 },
    },
  );
});

test('keys that are not the chart’s go on to the page, Escape only while something is pointed at', () => {
  const series = [line(5)];
  assert.equal(moveForKey(plain('x'), { series, range: null, step: 1 }), null);
  assert.equal(moveForKey(plain('Escape'), { series, range: null, step: null }), null);
  assert.deepEqual(moveForKey(plain('Escape'), { series, range: null, step: 1 }), { kind: 'point', step: null });
});

test('a chart without values hears the keys and stays as it is', () => {
  assert.deepEqual(moveForKey(plain('ArrowLeft'), { series: [new LiveSeries()], range: null, step: null }), {
    kind: 'point',
    step: 1,
  });
});
