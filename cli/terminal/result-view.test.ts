import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordedResult } from '../testing/recorded-states.ts';
import { palette } from './colour.ts';
import { glyphs } from './glyphs.ts';
import { resultView } from './result-view.ts';
import { displayWidth } from './text.ts';

const style = { width: 80, palette: palette('none'), glyphs: glyphs(true) };
const shown = (width: number): string[] =>
  resultView(recordedResult, { notes: ['two rows were put aside'], stays: true }, { ...style, width });

test('the verdict stands first, between rules, before every figure', () => {
  const lines = shown(80);
  assert.deepEqual(lines.slice(0, 5), [
    '━'.repeat(80),
    '',
    '  Better by 81 points (76 to 86) on 80 rows of 27 groups it had not seen.',
    '',
    '━'.repeat(80),
  ]);
  assert.deepEqual(lines.slice(6, 11), [
    '  base     0.0  ●───────────────────────────────────────────────── of 100',
    '  tuned   80.8  ────────────────────────────────────────●───────── of 100',
    '',
    '  difference  +80.8 points, 95 % interval +76.1 to +85.5',
    '  Measured on 80 rows in 27 groups that were kept aside, as served (Q8_0).',
  ]);
});

test('both answers stand side by side where there is room and under each other where there is not', () => {
  const wide = shown(80).find((line) => line.includes('before: SmolLM2')) ?? '';
  assert.match(wide, /before: SmolLM2-135M-Instruct {2,}after: support:v1/);
  const narrow = shown(60);
  assert.equal(narrow.includes('  after: support:v1'), true, narrow.join('\n'));
});

test('text of 60 or 160 columns keeps to its width; paths stay whole so that they can be copied', () => {
  for (const width of [60, 80, 160]) {
    for (const line of shown(width)) {
      if (!line.includes('/home/')) assert.ok(displayWidth(line) <= width, `${displayWidth(line)} > ${width}: ${line}`);
    }
  }
});

test('it names three commands to go on with and says which steps were reused', () => {
  const lines = shown(80);
  assert.deepEqual(
    lines.slice(lines.indexOf('Next') + 1).map((line) => line.trim().split(/ {3,}/)[0]),
    ['forge inference support:v1 "your question"', 'forge train --dataset your-examples.csv', 'forge ui'],
  );
  assert.match(lines.join('\n'), /Dataset {9}reused/);
  assert.match(lines.join('\n'), /Training {4}2 min 22 s/);
});

test('without an interval it says so, and a model that was not exported is not offered for questions', () => {
  const lines = resultView(
    { ...recordedResult, interval: null, ggufPath: null, served: null, baseScore: null, tunedScore: null, delta: null },
    { notes: [], stays: false },
    style,
  ).join('\n');
  assert.equal(lines.includes('forge inference'), false);
  assert.equal(lines.includes('server'), false);
  const few = resultView({ ...recordedResult, interval: null }, { notes: [], stays: true }, style).join('\n');
  assert.match(few, /\+80\.8 points, no interval: too few groups of rows/);
});

test('an answer can not steer the terminal', () => {
  const served =
    recordedResult.served === null ? null : { ...recordedResult.served, answer: '\u001b[2J\u001b]0;x\u0007gone' };
  assert.equal(
    resultView({ ...recordedResult, served }, { notes: [], stays: true }, style)
      .join('\n')
      .includes('\u001b'),
    false,
  );
});
