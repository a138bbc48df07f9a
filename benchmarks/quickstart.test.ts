import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verdictOf } from './harness/benchmark.ts';
import { forecastFigure } from './quickstart.ts';

const figureOf = (forecastSeconds: number | null, actualSeconds: number | null) =>
  forecastFigure({ forecastSeconds, actualSeconds, stopReason: 'completed' });

test('a forecast is judged by its distance from the real time, in either direction', () => {
  assert.equal(figureOf(120, 100).value, 20);
  assert.equal(verdictOf(figureOf(120, 100)), 'met');
  assert.equal(figureOf(70, 100).value, 30);
  assert.equal(verdictOf(figureOf(70, 100)), 'missed');
  assert.match(figureOf(120, 100).detail, /Forecast 120 s after three measured steps, real 100 s; .* by completed/);
});

test('a training that told no forecast misses the bar', () => {
  assert.equal(verdictOf(figureOf(null, null)), 'missed');
  assert.equal(verdictOf(figureOf(120, null)), 'missed');
});
