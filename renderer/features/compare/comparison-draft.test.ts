import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparisonRequest } from '#contract/comparisons.ts';
import { emptyDraft, judgeCost, linesOf, requestOf, toggleModel, type ComparisonDraft } from './comparison-draft.ts';
import { base, cloud, tuned } from './fixtures.ts';

const models = [tuned, cloud];
const obstacleOf = (draft: Partial<ComparisonDraft>): string => {
  const outcome = requestOf({ ...emptyDraft, models, ...draft });
  return outcome.kind === 'obstacle' ? outcome.obstacle : 'ready';
};

test('a draft says what it lacks, one thing at a time', () => {
  assert.equal(obstacleOf({ models: [tuned] }), 'too-few-models');
  assert.equal(obstacleOf({ prompt: '  \n' }), 'no-prompt');
  assert.equal(obstacleOf({ prompt: 'x'.repeat(200_001) }), 'prompt-too-long');
  assert.equal(obstacleOf({ prompt: 'x'.repeat(200_000) }), 'ready');
  assert.equal(obstacleOf({ source: 'lines', lines: '\n\n' }), 'no-lines');
  assert.equal(obstacleOf({ source: 'lines', lines: 'x\n'.repeat(2_001) }), 'too-many-lines');
  assert.equal(obstacleOf({ source: 'file', path: ' ' }), 'no-file');
  assert.equal(obstacleOf({ source: 'held-out' }), 'no-main-job');
});

test('every source gives a request that the contract takes', () => {
  const drafts: readonly Partial<ComparisonDraft>[] = [
    { prompt: 'Hello' },
    { source: 'lines', lines: 'One\n\nTwo' },
    { source: 'file', path: ' /data/questions.jsonl ' },
    { source: 'held-out', mainJob: 'support-3' },
  ];
  for (const draft of drafts) {
    const outcome = requestOf({ ...emptyDraft, models, ...draft });
    assert.ok(outcome.kind === 'ready' && comparisonRequest.safeParse(outcome.request).success, JSON.stringify(draft));
  }
});

test('lines are trimmed and empty ones left out', () => {
  assert.deepEqual(linesOf(' One \r\n\n Two'), ['One', 'Two']);
});

test('a model is taken, taken out again, and a fifth refused', () => {
  assert.deepEqual(toggleModel([tuned], base), [tuned, base]);
  assert.deepEqual(toggleModel([tuned, base], { ...tuned }), [base]);
  const four = [tuned, base, cloud, { kind: 'ollama', model: 'a' } as const];
  assert.equal(toggleModel(four, { kind: 'ollama', model: 'b' }), four);
});

test('the cost is judged as the engine judges it', () => {
  assert.equal(judgeCost({ usdAtMost: 0 }, null), 'fine');
  assert.equal(judgeCost({ usdAtMost: 1.2 }, null), 'needs-cap');
  assert.equal(judgeCost({ usdAtMost: 1.2 }, 1), 'over-cap');
  assert.equal(judgeCost({ usdAtMost: 1.2 }, 2), 'fine');
  assert.equal(judgeCost({ usdAtMost: null }, null), 'unknown');
  assert.equal(judgeCost({ usdAtMost: null }, 2), 'fine');
});
