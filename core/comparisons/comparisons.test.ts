import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forgeErrorDataOf } from '#contract/client.ts';
import { keptRow } from '#contract/comparisons.ts';
import { ForgeError } from '#contract/errors.ts';
import { readDataset } from '../datasets/read-dataset.ts';
import { createFakeDatasetSource, valueRecords } from '../datasets/fake-dataset-source.ts';
import { hashText } from '../datasets/text-hash.ts';
import { conversationFor } from './conversation.ts';
import { costAtMost, costOfAnswer, createBudget, estimateTokens } from './cost.ts';
import { keptRowOf } from './kept-row.ts';
import { maskFailure } from './mask-names.ts';
import { paneOrder } from './pane-order.ts';
import { secondsLeft } from './time-left.ts';
import { foldTurns, noAnswerYet, type ModelAnswer, type TurnChange, type TurnState } from './turn-change.ts';

const asked = (turn: number, more: Partial<Extract<TurnChange, { kind: 'asked' }>> = {}): TurnChange => ({
  ...{ kind: 'asked', turn, prompt: `question ${turn}`, context: [], expected: null, order: [1, 0], follows: null },
  requestId: null,
  ...more,
});
const answered = (turn: number, model: number, given: string | Partial<ModelAnswer>): TurnChange => ({
  ...{ kind: 'answered', turn, model },
  answer: { ...noAnswerYet, state: 'done', ...(typeof given === 'string' ? { text: given } : given) },
});
const digest = (text: string): string =>
  [1, 2, 3, 4].map((seed) => hashText(text, seed).toString(16).padStart(8, '0')).join('');

test('a log is folded in order; lines about turns nobody asked are left out', () => {
  const turns = foldTurns([
    answered(0, 0, 'too early'),
    asked(0),
    asked(5),
    answered(0, 1, 'b'),
    { kind: 'voted', turn: 0, vote: { model: 1 } },
    { kind: 'kept', turn: 0, as: 'preference', kept: true },
    { kind: 'kept', turn: 0, as: 'example', kept: true },
    { kind: 'kept', turn: 0, as: 'preference', kept: false },
    { kind: 'reopened', turn: 0, model: 1 },
    answered(3, 0, 'nobody asked'),
  ]);
  assert.equal(turns.length, 1);
  const [turn] = turns;
  assert.deepEqual(
    [turn?.answers.map(({ state }) => state), turn?.vote, turn?.revealed, turn?.kept],
    [['waiting', 'waiting'], { model: 1 }, true, ['example']],
  );
});

test('every order of panes comes about equally often, and each is a permutation', () => {
  const counts = new Map<string, number>();
  for (let turn = 0; turn < 6_000; turn += 1) {
    const order = paneOrder({ models: 3, blind: true, seed: 99, turn });
    assert.deepEqual(order.toSorted(), [0, 1, 2]);
    counts.set(order.join(''), (counts.get(order.join('')) ?? 0) + 1);
  }
  assert.equal(counts.size, 6);
  for (const [order, count] of counts) assert.ok(count > 850 && count < 1_150, `${order}: ${count}`);
});

test('a conversation leaves out exchanges without an answer and holds one system message', () => {
  const system = { role: 'system' as const, content: 'of the row' };
  const turns = foldTurns([
    asked(0, { context: [system] }),
    asked(1, { follows: 0 }),
    asked(2, { follows: 1 }),
    answered(0, 0, 'answer 0'),
    answered(1, 0, { text: '', state: 'failed' }),
  ]);
  assert.deepEqual(conversationFor(turns, { turn: 2, model: 0 }, null), [
    system,
    { role: 'user', content: 'question 0' },
    { role: 'assistant', content: 'answer 0' },
    { role: 'user', content: 'question 2' },
  ]);
  assert.equal(conversationFor(turns, { turn: 0, model: 1 }, 'mine')[0]?.content, 'mine');
});

test('money: what runs counts with the most it can cost, and what costs nothing never fails', () => {
  const price = { inputUsd: 2, outputUsd: 10, asOf: '2026-01-01' };
  assert.equal(costAtMost({ kind: 'priced', price }, 500_000, 100_000), 2);
  assert.deepEqual(costOfAnswer({ kind: 'unknown', dearest: price }, { promptTokens: 1e6, completionTokens: 0 }), {
    shownUsd: null,
    countedUsd: 2,
  });
  const budget = createBudget(1, 0.5);
  assert.deepEqual([budget.reserve(0.3), budget.reserve(0.3), budget.reserve(0)], [true, false, true]);
  budget.settle(0.3, 0.1);
  assert.deepEqual([budget.reserve(0.4), budget.spentUsd().toFixed(1)], [true, '0.6']);
  assert.equal(estimateTokens(['x'.repeat(400)]), 104);
});

test('a masked failure names neither model nor provider, path or key, in whatever case', () => {
  const provider = new ForgeError('provider.key-refused', {
    provider: 'Fakery (EU)',
    model: 'm-1',
    secret: 'provider_fakery',
  });
  const file = new ForgeError('serving.load-failed', {
    path: '/models/support/v3/m.gguf',
    reason: 'SUPPORT:V3 is cut off',
  });
  const masked = [provider, file].map((error) =>
    maskFailure(forgeErrorDataOf(error, null), ['support:v3', 'Fakery (EU)', 'm-1'], 'model B'),
  );
  assert.doesNotMatch(JSON.stringify(masked), /fakery|support|m-1/i);
  assert.equal(masked[0]?.message, 'model B refused the key.');
  assert.equal(masked[0]?.code, 'provider.key-refused');
});

test('a masked failure gives no command with a mask in it, and its values still fill the sentences of other languages', () => {
  const refused = forgeErrorDataOf(
    new ForgeError('provider.key-refused', {
      provider: 'Fakery',
      model: 'm-1',
      secret: 'provider_fakery',
      status: 401,
    }),
    null,
  );
  const { windowRemedy: _, ...keptBefore } = refused;
  for (const failure of [refused, keptBefore]) {
    const masked = maskFailure(failure, ['m-1'], 'model B');
    assert.equal(masked.remedy, 'Make a new key at the provider and enter it under Settings, Providers and keys.');
    assert.deepEqual(masked.detail, { provider: 'model B', model: 'model B', secret: 'model B', status: 401 });
  }
});

test('time left counts models on this machine one after the other, clouds side by side, and says nothing before it knows', () => {
  const models = [
    { model: { kind: 'local' as const, model: 'a' } },
    { model: { kind: 'ollama' as const, model: 'b' } },
    { model: { kind: 'cloud' as const, provider: 'p', model: 'c' } },
  ];
  const order = [0, 1, 2];
  const begun = [
    asked(0, { order }),
    asked(1, { order }),
    asked(2, { order }),
    answered(0, 0, { text: 'x', totalMs: 2_000 }),
  ];
  assert.equal(secondsLeft(foldTurns(begun), models), null);
  const done = [...begun, answered(0, 1, { text: 'x', totalMs: 1_000 }), answered(0, 2, { text: 'x', totalMs: 9_000 })];
  assert.equal(secondsLeft(foldTurns(done), models), 18);
});

function votedTurn(more: TurnChange[] = []): TurnState[] {
  return foldTurns([
    asked(0),
    answered(0, 0, 'good'),
    answered(0, 1, 'bad'),
    { kind: 'voted', turn: 0, vote: { model: 0 } },
    ...more,
  ]);
}

const keep = { comparison: 'c-1', turn: 0, as: 'example' as const, rejected: null, systemPrompt: null, digest };
const code = (wanted: string) => (error: unknown) => error instanceof ForgeError && error.code === wanted;

test('a kept example is the edited answer, else the one voted best', () => {
  const voted = keptRow.parse(keptRowOf(votedTurn(), keep));
  assert.ok(voted.kind === 'sft');
  assert.deepEqual(voted.messages, [
    { role: 'user', content: 'question 0' },
    { role: 'assistant', content: 'good' },
  ]);
  assert.deepEqual(voted.source, { type: 'comparison', uri: 'c-1', line: 1, id: 'c-1#0' });
  const edited = keptRowOf(votedTurn([{ kind: 'edited', turn: 0, edited: { model: 1, text: 'better' } }]), keep);
  assert.ok(edited.kind === 'sft');
  assert.deepEqual(
    [edited.messages.at(-1)?.content, edited.flags],
    ['better', [{ check: 'comparison', code: 'EDITED' }]],
  );
  assert.notEqual(edited.id, voted.id);
  assert.equal(edited.group, voted.group);
});

test('a kept pair rejects the answer that lost, or what the edited one was made from', () => {
  const pair = { ...keep, as: 'preference' as const };
  const partsOf = (turns: readonly TurnState[], rejected: number | null): unknown => {
    const row = keptRow.parse(keptRowOf(turns, { ...pair, rejected }));
    return row.kind === 'preference' && [row.prompt, row.chosen, row.rejected].map((part) => part.at(-1)?.content);
  };
  assert.deepEqual(partsOf(votedTurn(), null), ['question 0', 'good', 'bad']);
  const edited = votedTurn([{ kind: 'edited', turn: 0, edited: { model: 0, text: 'better' } }]);
  assert.deepEqual(partsOf(edited, null), ['question 0', 'better', 'good']);
  assert.deepEqual(partsOf(edited, 1), ['question 0', 'better', 'bad']);
});

test('what cannot be kept is refused: nothing chosen, nothing rejected, equal answers', () => {
  const open = foldTurns([asked(0), answered(0, 0, 'x'), answered(0, 1, 'x')]);
  assert.throws(() => keptRowOf(open, keep), code('comparison.nothing-to-keep'));
  const same = foldTurns([
    asked(0),
    answered(0, 0, 'x '),
    answered(0, 1, 'x'),
    { kind: 'voted', turn: 0, vote: { model: 0 } },
  ]);
  assert.throws(() => keptRowOf(same, { ...keep, as: 'preference' }), code('comparison.same-answers'));
  const three = foldTurns([
    asked(0, { order: [0, 1, 2] }),
    ...[0, 1, 2].map((model) => answered(0, model, `answer ${model}`)),
    { kind: 'voted', turn: 0, vote: { model: 2 } },
  ]);
  assert.throws(() => keptRowOf(three, { ...keep, as: 'preference' }), code('comparison.nothing-rejected'));
});

test('kept examples are read as a dataset, their leak groups with them', async () => {
  const rows = Array.from({ length: 10 }, (_, index) =>
    keptRowOf(
      foldTurns([
        asked(0, { prompt: `a quite different question about thing number ${index * 7919}` }),
        answered(0, 0, `answer ${index}`),
        { kind: 'voted', turn: 0, vote: { model: 0 } },
      ]),
      { ...keep, comparison: `c-${index}`, systemPrompt: 'Be brief.' },
    ),
  );
  const read = await readDataset(
    createFakeDatasetSource(valueRecords(rows.map((row) => JSON.parse(JSON.stringify(row)) as unknown))),
  );
  assert.deepEqual([read.rows.length, read.report.rejected.total], [10, 0]);
  const fourth = rows[3];
  assert.deepEqual(read.rows[3]?.messages, fourth?.kind === 'sft' ? fourth.messages : null);
});
