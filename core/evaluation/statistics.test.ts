import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSeededRandom, createXoshiro128 } from './seeded-random.ts';
import { compare, expectedVisibleDifference } from './statistics.ts';
import { normalQuantile, normalUpperTail, studentQuantile, studentUpperTail } from './student.ts';

function near(actual: number | undefined | null, expected: number, tolerance: number): void {
  assert.ok(
    actual !== undefined && actual !== null && Math.abs(actual - expected) <= tolerance,
    `${actual} is not ${expected} +- ${tolerance}`,
  );
}

/** Points of two models whose difference is `differences[i]`. */
function pointsOf(differences: readonly number[]): { base: number[]; tuned: number[] } {
  return { base: differences.map((d) => 50 - d / 2), tuned: differences.map((d) => 50 + d / 2) };
}

test('the generator gives the numbers of the published xoshiro128**', () => {
  const random = createXoshiro128([1, 2, 3, 4]);
  assert.deepEqual(
    Array.from({ length: 6 }, () => random.next()),
    [11520, 0, 5927040, 70819200, 2031721883, 1637235492],
  );
});

test('the t and normal distributions agree with scipy', () => {
  near(studentQuantile(0.025, 19), 2.0930240544083087, 1e-9);
  near(studentQuantile(0.025, 39), 2.022690920036761, 1e-9);
  near(studentQuantile(0.2, 159), 0.8438877128308119, 1e-9);
  near(studentUpperTail(2.5, 10), 0.01572342211830441, 1e-12);
  near(studentUpperTail(1, 1), 0.25, 1e-12);
  near(normalUpperTail(1.96), 0.024997895148220435, 1e-7);
  near(normalQuantile(0.0159), 2.1469156180927325, 1e-5);
});

test('the interval over independent rows agrees with a resampling in numpy', () => {
  const differences = Array.from({ length: 100 }, (_, index) => ((index * 37) % 101) - 40);
  const { base, tuned } = pointsOf(differences);
  const result = compare({ base: base, tuned: tuned, clusters: differences.map((_, index) => `g${index}`) });
  near(result.delta, 9.86, 1e-9);
  near(result.interval?.[0], 4.02, 0.25);
  near(result.interval?.[1], 15.69, 0.25);
  assert.ok((result.p ?? 1) < 0.005);
});

test('rows of one group are resampled together, with interval, error and visible difference as in numpy', () => {
  const [differences, clusters]: [number[], string[]] = [[], []];
  for (let group = 0; group < 60; group += 1) {
    for (let row = 0; row <= group % 3; row += 1) {
      differences.push(((group * 29) % 61) - 20);
      clusters.push(`g${group}`);
    }
  }
  const { base, tuned } = pointsOf(differences);
  const result = compare({ base, tuned, clusters });
  assert.equal(result.clusters, 60);
  near(result.delta, 9.975, 1e-9);
  near(result.interval?.[0], 4.97, 0.2);
  near(result.interval?.[1], 14.96, 0.2);
  near(result.minimumVisible, 7.105439796384597, 1e-6);
});

test('fewer than 20 groups give neither an interval nor a p', () => {
  const differences = Array.from({ length: 38 }, () => 80);
  const { base, tuned } = pointsOf(differences);
  const result = compare({ base: base, tuned: tuned, clusters: differences.map((_, index) => `g${index % 19}`) });
  assert.deepEqual(
    { interval: result.interval, p: result.p, visible: result.minimumVisible, clusters: result.clusters },
    { interval: null, p: null, visible: null, clusters: 19 },
  );
});

test('equal scores on every row have no difference and no visible limit', () => {
  const same = Array.from({ length: 40 }, (_, index) => index);
  const result = compare({ base: same, tuned: same, clusters: same.map(String) });
  assert.deepEqual([result.delta, result.interval, result.p, result.minimumVisible], [0, [0, 0], 1, null]);
});

test('right or wrong scores of independent rows also get the exact McNemar test', () => {
  const base = Array.from({ length: 40 }, (_, index) => (index < 11 ? 0 : 100));
  const tuned = Array.from({ length: 40 }, (_, index) => (index < 1 || index === 39 ? 0 : 100));
  const { mcnemar } = compare({ base: base, tuned: tuned, clusters: base.map((_, index) => String(index)) });
  assert.equal(mcnemar?.onlyBase, 1);
  assert.equal(mcnemar?.onlyTuned, 10);
  near(mcnemar?.p, 0.01171875, 1e-12);
});

test('the same seed gives the same comparison, and turning the sides round turns the signs', () => {
  const random = createSeededRandom(3);
  const base = Array.from({ length: 90 }, () => random.below(101));
  const tuned = Array.from({ length: 90 }, () => random.below(101));
  const clusters = base.map((_, index) => `g${index >> 1}`);
  const [first, again, turned] = [
    compare({ base, tuned, clusters }),
    compare({ base, tuned, clusters }),
    compare({ base: tuned, tuned: base, clusters }),
  ];
  assert.deepEqual(first, again);
  near(turned.interval?.[0], -(first.interval?.[1] ?? NaN), 1e-9);
  near(turned.p, first.p ?? NaN, 1e-9);
});

test('unpaired rows and points outside 0 to 100 are bugs', () => {
  assert.throws(() => compare({ base: [1], tuned: [1, 2], clusters: ['a', 'b'] }), /paired/);
  assert.throws(() => compare({ base: [0.5], tuned: [NaN], clusters: ['a'] }), /0 to 100/);
  assert.throws(() => compare({ base: [0], tuned: [101], clusters: ['a'] }), /0 to 100/);
});

test('the visible difference before a run agrees with the published planning table', () => {
  near(expectedVisibleDifference(160, 160), 4.9, 0.05);
  near(expectedVisibleDifference(80, 80), 6.9, 0.12);
  near(expectedVisibleDifference(80, 40), 8.7, 0.05);
  assert.equal(expectedVisibleDifference(30, 15), null);
});

/** Half of the rows unchanged, half jumping by 28 either way (the mixture of the evaluation notes), groups of two alike. */
function nullComparison(seed: number, groups: number, resamples: number): boolean {
  const random = createSeededRandom(seed);
  const [differences, clusters]: [number[], string[]] = [[], []];
  for (let group = 0; group < groups; group += 1) {
    const shared = 8 * (random.fraction() + random.fraction() - 1);
    for (let row = 0; row < 2; row += 1) {
      const jump = random.fraction() < 0.5 ? 0 : random.fraction() < 0.5 ? -28 : 28;
      differences.push(shared + jump);
      clusters.push(`g${group}`);
    }
  }
  const { base, tuned } = pointsOf(differences);
  const { interval } = compare({ base, tuned, clusters }, { seed, resamples });
  return interval !== null && (interval[0] > 0 || interval[1] < 0);
}

test('models without a difference are called different in about 5 of 100 comparisons with 80 groups', () => {
  const runs = 1500;
  let wrong = 0;
  for (let run = 0; run < runs; run += 1) if (nullComparison(run + 1, 80, 500)) wrong += 1;
  assert.ok(wrong / runs >= 0.04 && wrong / runs <= 0.065, `${wrong} of ${runs}`);
});
