import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atLeast, atMost, verdictOf } from './benchmark.ts';
import { measuredFile, mergeMeasured, type Measurement } from './measured-file.ts';
import { quantity, renderReport } from './report.ts';

const speed = {
  name: 'speed',
  question: 'Ours against theirs.',
  minutes: 8,
  promises: [{ name: 'ratio', bar: 'at least 1.3 x' }],
};
const size = { name: 'size', question: 'How much memory?', minutes: 1, promises: [{ name: 'memory', bar: '' }] };

function measurementOf(benchmark: string, changes: Partial<Measurement> = {}): Measurement {
  return {
    benchmark,
    date: '2026-11-21T10:00:00.000Z',
    commit: 'abc1234',
    command: `npm run bench -- --only ${benchmark}`,
    machine: { processor: 'A | B', cores: 2, memoryBytes: 24 * 2 ** 30, system: 'linux x64', node: '24.1.0' },
    loadBefore: 0.04,
    seconds: 61.2,
    figures: [{ name: 'ratio', value: 1.834, unit: 'x', bar: atLeast(1.3), detail: 'Two rounds' }],
    obstacle: null,
    ...changes,
  };
}

test('a figure at its bar meets it, one beyond misses it, and one that is no number meets nothing', () => {
  const verdicts = [
    verdictOf({ value: 1.3, bar: atLeast(1.3) }),
    verdictOf({ value: 1.29, bar: atLeast(1.3) }),
    verdictOf({ value: 151, bar: atMost(150) }),
    verdictOf({ value: Number.NaN, bar: atMost(150) }),
    verdictOf({ value: 3, bar: null }),
  ];
  assert.deepEqual(verdicts, ['met', 'missed', 'missed', 'missed', 'no bar']);
});

test('what was not measured stands in the table and in a list of its own', () => {
  const text = renderReport([speed, size], { v: 1, measurements: [] });
  assert.match(text, /\| ratio \| at least 1\.3 x \| not measured yet \| {2}\| `npm run bench -- --only speed` \|/);
  assert.match(
    text,
    /## Not measured yet\n\n- \*\*speed\*\*: Ours against theirs\. \(takes about 8 min\)\n- \*\*size\*\*/,
  );
});

test('a measured figure shows its bar, its value, its verdict, its command, and its section the machine', () => {
  const text = renderReport([speed, size], { v: 1, measurements: [measurementOf('speed')] });
  assert.match(text, /\| ratio \| at least 1\.3 x \| 1\.83 x \| met \| `npm run bench -- --only speed` \|/);
  assert.match(text, /## speed\n\nOurs against theirs\.\n\n- ratio: 1\.83 x\. Two rounds\n/);
  assert.match(text, /2026-11-21, commit abc1234, 61 s, load before the run 0\.0; A \| B, 2 cores, 24 GiB/);
  assert.doesNotMatch(text, /\*\*speed\*\*/);
});

test('a missed bar is told in bold, and a promised figure that the run left out is named', () => {
  const figures = [{ name: 'other', value: 0.2, unit: 'x', bar: atLeast(1), detail: '' }];
  const text = renderReport([speed], { v: 1, measurements: [measurementOf('speed', { figures })] });
  assert.match(text, /\| other \| at least 1 x \| 0\.2 x \| \*\*missed\*\* \|/);
  assert.match(text, /\| ratio \| at least 1\.3 x \| not measured in this run \|/);
});

test('an obstacle is told in the list, and never takes the place of figures', () => {
  const obstacle = measurementOf('speed', { figures: [], obstacle: 'no | compiler\nhere' });
  assert.match(
    renderReport([speed], { v: 1, measurements: [obstacle] }),
    /\*\*speed\*\*: Ours against theirs\. \(tried and not possible: no \\\| compiler here\)/,
  );
  const before = { v: 1 as const, measurements: [measurementOf('speed')] };
  assert.deepEqual(mergeMeasured(before, [obstacle]), before);
});

test('a new run replaces the older one of the same benchmark and leaves the others', () => {
  const before = { v: 1 as const, measurements: [measurementOf('speed'), measurementOf('size')] };
  const newer = measurementOf('speed', { commit: 'def5678' });
  const merged = mergeMeasured(before, [newer]);
  assert.deepEqual(
    merged.measurements.map(({ benchmark, commit }) => [benchmark, commit]),
    [
      ['size', 'abc1234'],
      ['speed', 'def5678'],
    ],
  );
  assert.deepEqual(measuredFile.parse(JSON.parse(JSON.stringify(merged))), merged);
});

test('quantities keep three figures that count', () => {
  assert.deepEqual(
    [quantity(1.8349, 'x'), quantity(412.4, 'ms'), quantity(0, ''), quantity(2e-7, 'nats'), quantity(Number.NaN, '')],
    ['1.83 x', '412 ms', '0', '2.0e-7 nats', 'not a number'],
  );
});
