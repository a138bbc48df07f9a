import assert from 'node:assert/strict';
import { test } from 'node:test';
import { roundScale, stepTicks } from './chart-scale.ts';
import { palette } from './colour.ts';
import { glyphs } from './glyphs.ts';
import { lossCurve, type CurvePoint } from './loss-curve.ts';
import { displayWidth } from './text.ts';

const style = { width: 44, height: 6, palette: palette('none'), glyphs: glyphs(true) };
const falling: CurvePoint[] = [1, 2, 3, 4, 5, 6, 7, 8].map((step) => ({ step, value: 4 - step / 4 }));

test('a falling curve goes from the upper left to where training is, with both axes labelled', () => {
  assert.deepEqual(lossCurve({ training: falling, heldOut: [{ step: 4, value: 3 }], plannedSteps: 16 }, style), [
    'loss   ⠤⠤ training 2.00   ● held-out 3.00',
    '     │  ⠐⠢⡀',
    '     │    ⠈⠒⠤⡀',
    '   3 ┤       ⠈⠑●⣀',
    '     │           ⠙⠤⣀',
    '     │              ⠑⠢⢄',
    '   2 ┤                 ⠉⠢⠄',
    '     └──────────────────────────────────────',
    '      0                     10          step',
  ]);
});

test('without Unicode the same is drawn with ASCII only', () => {
  const lines = lossCurve({ training: falling, heldOut: [], plannedSteps: null }, { ...style, glyphs: glyphs(false) });
  assert.equal(
    lines.every((line) => /^[\u0020-\u007e]*$/.test(line)),
    true,
    lines.join('\n'),
  );
  assert.ok(lines.some((line) => line.includes('*')));
});

test('a loss that was not finite breaks the line and stands on the floor', () => {
  const broken: CurvePoint[] = [
    { step: 1, value: 3 },
    { step: 2, value: null },
    { step: 3, value: 3 },
  ];
  const floor = lossCurve({ training: broken, heldOut: [], plannedSteps: null }, style).at(-2) ?? '';
  assert.match(floor, /─✗─/);
});

test('nothing is drawn before there is a finite value', () => {
  assert.deepEqual(lossCurve({ training: [], heldOut: [], plannedSteps: 10 }, style), []);
  assert.deepEqual(lossCurve({ training: [{ step: 1, value: null }], heldOut: [], plannedSteps: 10 }, style), []);
});

test('no line is wider than asked, whatever the values', () => {
  const shapes: CurvePoint[][] = [
    [{ step: 0, value: 0 }],
    [
      { step: 1, value: 1e-7 },
      { step: 2, value: 2e-7 },
    ],
    [
      { step: 1, value: 12_345 },
      { step: 200_000, value: 0.001 },
    ],
    Array.from({ length: 3000 }, (_, step) => ({ step, value: Math.sin(step) })),
  ];
  for (const width of [30, 60, 160]) {
    for (const training of shapes) {
      const lines = lossCurve({ training, heldOut: training, plannedSteps: null }, { ...style, width });
      assert.equal(lines.length, style.height + 3);
      for (const line of lines.slice(1))
        assert.ok(displayWidth(line) <= width, `${displayWidth(line)} > ${width}: ${line}`);
    }
  }
});

test('scales have at least two round ticks inside their range', () => {
  for (const [low, high] of [
    [2.4, 3.9],
    [0, 0],
    [1.01, 1.02],
    [0.5, 900],
    [-1, 1],
  ] as const) {
    const scale = roundScale(low, high, 3);
    assert.ok(scale.ticks.length >= 2, `${low} to ${high}: ${scale.ticks.join(' ')}`);
    assert.ok(scale.low <= low && scale.high >= high);
    assert.equal(new Set(scale.ticks.map((tick) => tick.toFixed(scale.digits))).size, scale.ticks.length);
  }
  assert.deepEqual(stepTicks(172, 5), [0, 50, 100, 150]);
  assert.deepEqual(stepTicks(2, 5), [0, 1, 2]);
});
