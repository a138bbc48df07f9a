import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mainJobSteps } from '#contract/main-job.ts';
import { recordedTraining, recordedView } from '../testing/recorded-states.ts';
import { palette } from './colour.ts';
import { glyphs } from './glyphs.ts';
import { mainJobScreen, type MainJobScreenState } from './main-job-screen.ts';
import { displayWidth } from './text.ts';

const trainStep = mainJobSteps.indexOf('train');
const plain = { width: 79, palette: palette('none'), glyphs: glyphs(true) };
const training: MainJobScreenState = {
  view: recordedView(trainStep),
  elapsedSeconds: 232,
  sinceViewSeconds: 1,
  training: recordedTraining(84),
  footer: 'Ctrl-C stops; what is done is kept',
};

test('every step has its line, the running one its bar and time left', () => {
  const lines = mainJobScreen({ ...training, training: null, view: recordedView(2) }, plain, 40);
  assert.deepEqual(lines.slice(0, 7), [
    ' Forge  support:v1                                                   3 min 52 s',
    '',
    ' ✓ Machine     2 cores, 8.0 GB memory, no GPU: profile cpu, no acc…       0.4 s',
    ' ✓ Dataset     240 rows to learn from, 60 to steer by, 80 kept asi…       3.2 s',
    ' ▸ Python      ready (torch 2.13.0+cpu)                                   9.1 s',
    '               ━━━━━━━━━━━━━━━━━━━────────────────────  48 %  about 2 min left',
    ' · Base model',
  ]);
  assert.equal(lines.at(-1), ' Ctrl-C stops; what is done is kept');
});

test('on a low terminal the steps are folded so that the curve has room', () => {
  const lines = mainJobScreen(training, plain, 23);
  assert.equal(lines.length <= 23, true);
  assert.match(lines[2] ?? '', /^ ✓ 7 steps done/);
  assert.match(lines[3] ?? '', /^ ▸ Training {4}step 84 of 172/);
  assert.match(lines[5] ?? '', /^ · then Export, File check, Comparison, Deploy, Serve$/);
  assert.ok(
    lines.some((line) => line.includes('● held-out')),
    lines.join('\n'),
  );
  assert.ok(lines.some((line) => line.includes('held-out loss 2.71 (−1.07 since the start) · 195 tokens/s')));
});

test('it never takes more columns or rows than there are, with colours as without', () => {
  for (const colours of ['none', 'extended'] as const) {
    for (const width of [40, 60, 80, 160]) {
      for (const rows of [6, 12, 24, 50]) {
        for (const state of [training, { ...training, training: null }]) {
          const lines = mainJobScreen(state, { ...plain, palette: palette(colours), width }, rows);
          assert.ok(lines.length <= rows, `${lines.length} lines in ${rows} rows at ${width}`);
          for (const line of lines) assert.ok(displayWidth(line) <= width, `${displayWidth(line)} > ${width}: ${line}`);
        }
      }
    }
  }
});

test('reused, skipped, failed and stopped steps are told apart in words, not by colour alone', () => {
  const steps = recordedView(6).steps.map((step, index) => {
    const states = ['done', 'reused', 'skipped', 'failed', 'interrupted'] as const;
    return { ...step, state: states[index] ?? 'waiting' } as const;
  });
  const lines = mainJobScreen({ ...training, training: null, view: { ...training.view, steps } }, plain, 40);
  assert.deepEqual(
    lines.slice(2, 7).map((line) => [line.slice(1, 2), line.trim().split(/ {2,}/).at(-1)]),
    [
      ['✓', '0.4 s'],
      ['✓', 'reused'],
      ['–', 'left out'],
      ['✗', '0.2 s'],
      ['–', 'stopped'],
    ],
  );
});
