import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ComparedAnswer, ComparisonEvent, ComparisonView } from '#contract/comparisons.ts';
import { memoryTerminal } from '../testing/memory-terminal.ts';
import { comparisonTable, createPaneWriter, dollars, estimateLine, progressLine } from './comparison-view.ts';
import { outStyle } from './view-style.ts';

const style = outStyle(memoryTerminal());
const answer = (pane: number, more: Partial<ComparedAnswer>): ComparedAnswer => ({
  ...{ pane, label: `model ${pane}`, model: { kind: 'local', model: `m${pane}` }, state: 'streaming', text: '' },
  ...{ failure: null, usage: null, firstTokenMs: null, totalMs: null, tokensPerSecond: null, costUsd: 0, points: null },
  ...more,
});
const turn = (...answers: ComparedAnswer[]): ComparisonEvent => ({
  kind: 'turn',
  turn: { turn: 0, prompt: 'x', expected: null, answers, vote: null, edited: null, revealed: true, kept: [] },
});
const delta = (pane: number, text: string): ComparisonEvent => ({ kind: 'delta', turn: 0, pane, text });

test('answers that come together are written one after another, each whole and once', () => {
  const write = createPaneWriter(style);
  const usage = { promptTokens: 1, completionTokens: 2, cachedPromptTokens: 0 };
  const failure = {
    code: 'x',
    message: 'It is down.',
    remedy: 'Wait.',
    retryable: true,
    exitCode: 3,
    detail: {},
    correlationId: null,
  };
  const done = (pane: number, text: string) =>
    answer(pane, { state: 'done', text, usage, firstTokenMs: 210, tokensPerSecond: 40, costUsd: 0.0031 });
  const events = [
    turn(answer(0, {}), answer(1, {}), answer(2, {})),
    delta(1, 'second '),
    delta(0, 'first\u001b[31m '),
    turn(answer(0, { text: 'first\u001b[31m ' }), done(1, 'second answer'), answer(2, {})),
    delta(0, 'answer'),
    turn(done(0, 'first\u001b[31m answer'), done(1, 'second answer'), answer(2, {})),
    turn(done(0, 'first\u001b[31m answer'), done(1, 'second answer'), answer(2, { state: 'failed', failure })),
  ];
  assert.equal(
    events.map(write).join(''),
    'model 0\nfirst answer\n2 tokens, first after 0.21 s, 40 tokens/s, $0.0031\n\n' +
      'model 1\nsecond answer\n2 tokens, first after 0.21 s, 40 tokens/s, $0.0031\n\n' +
      'model 2\nIt is down. Wait.\n\n',
  );
});

const view: ComparisonView = {
  ...{
    id: 'c-1',
    title: 't',
    createdAt: 0,
    updatedAt: 0,
    state: 'running',
    turns: 12,
    finishedTurns: 3,
    etaSeconds: 80,
  },
  settings: { temperature: 0, maximumTokens: 1, systemPrompt: null, blind: false, capUsd: null },
  models: [0, 1].map((index) => ({ model: { kind: 'local' as const, model: `m${index}` }, label: `model ${index}` })),
  ...{ spentUsd: 0.25, tally: { byModel: {}, ties: 0, none: 0 }, meanPoints: { 'model 0': 50, 'model 1': 75 } },
};

test('progress, cost and estimate are said in words', () => {
  assert.equal(progressLine(view), '3 of 12 prompts, about 1 min left, $0.25 spent');
  assert.deepEqual([0, 0.00312, 0.5, 12].map(dollars), ['$0', '$0.0031', '$0.50', '$12.00']);
  const pane = { label: 'x', inputTokens: 1, outputTokensAtMost: 1 };
  const estimate = { prompts: 1, secondsAbout: 3, usdAtMost: null, panes: [{ ...pane, usdAtMost: null }] };
  assert.equal(estimateLine(estimate), '1 prompt, cost not known, about 3.0 s');
  assert.equal(
    estimateLine({ ...estimate, usdAtMost: 0, secondsAbout: null, panes: [{ ...pane, usdAtMost: 0 }] }),
    '1 prompt, costs nothing',
  );
});

test('the table of a set has a line a model; of a blind one it says how to see the names', () => {
  const turns = [turn(answer(0, { state: 'done', totalMs: 1000 }), answer(1, { state: 'failed' }))].flatMap((event) =>
    event.kind === 'turn' ? [event.turn] : [],
  );
  const lines = comparisonTable(view, turns, style).join('\n');
  assert.match(lines, /model 0\s+1\s+0\s+50\.0\s+1\.0 s\s+\$0/);
  assert.match(lines, /model 1\s+0\s+1\s+75\.0/);
  const blind = { ...view, models: view.models.map(({ label }) => ({ model: null, label })) };
  assert.match(comparisonTable(blind, turns, style).join(), /blind/);
});
