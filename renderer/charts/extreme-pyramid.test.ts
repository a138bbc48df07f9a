import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ExtremePyramid, type Extremes } from './extreme-pyramid.ts';
import { GrowableColumn } from './growable-column.ts';

/** Small, seeded, good enough: the same numbers at every run. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function bruteForce(values: GrowableColumn, from: number, to: number): Extremes {
  const found: Extremes = { lowest: -1, highest: -1, firstGap: -1 };
  for (let index = from; index < Math.min(to, values.length); index += 1) {
    const value = values.at(index);
    if (Number.isNaN(value)) {
      if (found.firstGap < 0) found.firstGap = index;
      continue;
    }
    if (found.lowest < 0 || value < values.at(found.lowest)) found.lowest = index;
    if (found.highest < 0 || value > values.at(found.highest)) found.highest = index;
  }
  return found;
}

function filled(length: number, random: () => number): { values: GrowableColumn; pyramid: ExtremePyramid } {
  const values = new GrowableColumn();
  const pyramid = new ExtremePyramid(values);
  for (let index = 0; index < length; index += 1) {
    values.push(random() < 0.02 ? Number.NaN : random());
    pyramid.extend();
  }
  return { values, pyramid };
}

/** Equal values may be found at different places; the values must be the same. */
function assertSameExtremes(values: GrowableColumn, found: Extremes, expected: Extremes): void {
  assert.deepEqual(
    { low: values.at(found.lowest), high: values.at(found.highest), gap: found.firstGap },
    { low: values.at(expected.lowest), high: values.at(expected.highest), gap: expected.firstGap },
  );
}

test('the pyramid finds what looking at every value finds, on random data and random stretches', () => {
  const random = randomOf(7);
  for (const length of [1, 15, 16, 17, 255, 256, 257, 4_096, 10_000]) {
    const { values, pyramid } = filled(length, random);
    for (let trial = 0; trial < 200; trial += 1) {
      const from = Math.floor(random() * length);
      const to = from + Math.floor(random() * (length - from + 2));
      assertSameExtremes(values, pyramid.extremes(from, to), bruteForce(values, from, to));
    }
  }
});

test('the pyramid stays right when values are changed, put between others or taken in by many at once', () => {
  const random = randomOf(11);
  const { values, pyramid } = filled(3_000, random);
  for (let trial = 0; trial < 300; trial += 1) {
    const index = Math.floor(random() * values.length);
    if (random() < 0.5) values.set(index, random() < 0.1 ? Number.NaN : random() * 3 - 1);
    else values.insert(index, random() * 3 - 1);
    pyramid.rebuildFrom(index);
    if (trial % 20 === 0) for (let more = 0; more < 40; more += 1) values.push(random());
    pyramid.extend();
    const from = Math.floor(random() * values.length);
    const to = from + Math.floor(random() * (values.length - from + 1));
    assertSameExtremes(values, pyramid.extremes(from, to), bruteForce(values, from, to));
  }
  assertSameExtremes(values, pyramid.extremes(0, values.length), bruteForce(values, 0, values.length));
});

test('a stretch without numbers has no extremes, and an empty one has nothing', () => {
  const values = new GrowableColumn();
  const pyramid = new ExtremePyramid(values);
  assert.deepEqual(pyramid.extremes(0, 10), { lowest: -1, highest: -1, firstGap: -1 });
  for (let index = 0; index < 40; index += 1) values.push(Number.NaN);
  pyramid.extend();
  assert.deepEqual(pyramid.extremes(3, 40), { lowest: -1, highest: -1, firstGap: 3 });
});

test('of a million points each of a thousand columns is answered without reading the million again', () => {
  const random = randomOf(3);
  const { values, pyramid } = filled(1_000_000, random);
  let asked = 0;
  const counting = Object.create(values) as GrowableColumn;
  Object.defineProperty(counting, 'at', {
    value: (index: number) => {
      asked += 1;
      return values.at(index);
    },
  });
  Object.defineProperty(counting, 'length', { get: () => values.length });
  const counted = new ExtremePyramid(counting);
  counted.extend();
  asked = 0;
  for (let column = 0; column < 1_000; column += 1) {
    const found = counted.extremes(column * 1_000, (column + 1) * 1_000);
    assertSameExtremes(values, found, pyramid.extremes(column * 1_000, (column + 1) * 1_000));
  }
  assert.ok(asked < 1_000_000 / 2, `${asked} values were read`);
  assertSameExtremes(values, pyramid.extremes(0, values.length), bruteForce(values, 0, values.length));
});
