import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factsOf, panned, shownRange, tableSteps, wholeRange, zoomed } from './chart-range.ts';
import { LiveSeries } from './live-series.ts';

function seriesOf(points: readonly (readonly [number, number | null])[]): LiveSeries {
  const series = new LiveSeries();
  for (const [step, value] of points) series.put(step, value);
  return series;
}

test('the whole range spans all series and never has no width', () => {
  assert.deepEqual(wholeRange([]), { from: 0, to: 1 });
  assert.deepEqual(wholeRange([seriesOf([[5, 1]])]), { from: 4, to: 6 });
  assert.deepEqual(
    wholeRange([
      seriesOf([
        [5, 1],
        [9, 1],
      ]),
      seriesOf([
        [0, 1],
        [7, 1],
      ]),
    ]),
    { from: 0, to: 9 },
  );
});

test('a remembered range that this run does not reach shows the whole run', () => {
  const whole = { from: 0, to: 100 };
  assert.deepEqual(shownRange({ from: 500, to: 600 }, whole), whole);
  assert.deepEqual(shownRange({ from: 50, to: 600 }, whole), { from: 50, to: 100 });
});

test('zooming keeps what is under the pointer where it is, stays inside and ends in the whole', () => {
  const whole = { from: 0, to: 100 };
  assert.deepEqual(zoomed(whole, { whole, around: 25, factor: 0.5 }), { from: 12.5, to: 62.5 });
  assert.deepEqual(zoomed(whole, { whole, around: 0, factor: 0.5 }), { from: 0, to: 50 });
  assert.equal(zoomed({ from: 10, to: 70 }, { whole, around: 50, factor: 2 }), null);
  const closest = zoomed({ from: 10, to: 12 }, { whole, around: 11, factor: 0.1 });
  assert.deepEqual(closest, { from: 10, to: 12 });
});

test('moving along stops at both ends', () => {
  const whole = { from: 0, to: 100 };
  assert.deepEqual(panned({ from: 10, to: 30 }, whole, 0.5), { from: 20, to: 40 });
  assert.deepEqual(panned({ from: 10, to: 30 }, whole, -5), { from: 0, to: 20 });
  assert.deepEqual(panned({ from: 80, to: 95 }, whole, 3), { from: 85, to: 100 });
});

test('the facts of a series leave gaps out and count them', () => {
  assert.equal(factsOf(seriesOf([[1, null]])), null);
  assert.deepEqual(
    factsOf(
      seriesOf([
        [1, null],
        [2, 4],
        [3, 1],
        [4, 2],
        [5, null],
      ]),
    ),
    {
      points: 5,
      gaps: 2,
      first: { step: 2, value: 4 },
      last: { step: 4, value: 2 },
      lowest: { step: 3, value: 1 },
      highest: { step: 2, value: 4 },
    },
  );
});

test('a table has the steps of all series, thinned evenly when there are too many', () => {
  const many = seriesOf(Array.from({ length: 1_000 }, (_, step) => [step, 1] as const));
  const few = seriesOf([
    [0, 1],
    [500.5, 1],
  ]);
  const whole = { from: 0, to: 999 };
  assert.deepEqual(tableSteps([few], whole, 100), [0, 500.5]);
  const steps = tableSteps([many, few], whole, 50);
  assert.equal(steps.length, 50);
  assert.deepEqual([steps[0], steps.at(-1)], [0, 999]);
  assert.deepEqual(tableSteps([many], { from: 10, to: 12 }, 50), [10, 11, 12]);
});
