import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalRow, type CanonicalRow } from '#contract/rows.ts';
import { sftRow, textRow } from '../fake-rows.ts';
import { encodeRow } from './encode-row.ts';
import { fileOf, splitOf } from './export-files.ts';
import { canCarry, cannotCarry } from './format-limits.ts';
import { countFeatures, noFeatures } from './row-features.ts';
import { trainerFiles } from './trainer-files.ts';

const shared = { id: 'a', group: 'a', source: { type: 'file', uri: 'a.jsonl' } };
const call = { id: 'c1', name: 'find', arguments: '{"word":"x"}' };
const tools = [{ type: 'function', function: { name: 'find' } }];
const calling = canonicalRow.parse({
  ...{ ...shared, kind: 'sft', tools },
  messages: [
    { role: 'user', content: 'Find x.' },
    { role: 'assistant', content: '', tool_calls: [call] },
    { role: 'tool', content: 'found', tool_call_id: 'c1' },
    { role: 'assistant', content: 'There it is.', weight: 1 },
  ],
});
const pair: CanonicalRow = canonicalRow.parse({
  ...{ ...shared, kind: 'preference' },
  prompt: [{ role: 'user', content: 'Q' }],
  chosen: [{ role: 'assistant', content: 'good' }],
  rejected: [{ role: 'assistant', content: 'bad' }],
});

test('OpenAI: calls stand inside `function`, weights and links stay; a pair is input and two outputs', () => {
  assert.deepEqual(encodeRow('openai', calling), {
    messages: [
      { role: 'user', content: 'Find x.' },
      {
        role: 'assistant',
        content: '',
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'find', arguments: '{"word":"x"}' } }],
      },
      { role: 'tool', content: 'found', tool_call_id: 'c1' },
      { role: 'assistant', content: 'There it is.', weight: 1 },
    ],
    tools,
  });
  assert.deepEqual(encodeRow('openai', pair), {
    input: { messages: [{ role: 'user', content: 'Q' }] },
    preferred_output: [{ role: 'assistant', content: 'good' }],
    non_preferred_output: [{ role: 'assistant', content: 'bad' }],
  });
});

test('Alpaca: the last question and answer, earlier ones as history, the instruction as system', () => {
  const row = canonicalRow.parse({
    ...{ ...shared, kind: 'sft' },
    messages: ['system', 'user', 'assistant', 'user', 'assistant'].map((role, index) => ({
      role,
      content: `m${index}`,
    })),
  });
  assert.deepEqual(encodeRow('alpaca', row), {
    ...{ instruction: 'm3', input: '', output: 'm4', system: 'm0' },
    history: [['m1', 'm2']],
  });
});

test('LLaMA-Factory: ShareGPT turns, and an entry of dataset_info.json for each file', () => {
  assert.deepEqual(encodeRow('llama-factory', pair), {
    conversations: [{ from: 'human', value: 'Q' }],
    chosen: { from: 'gpt', value: 'good' },
    rejected: { from: 'gpt', value: 'bad' },
  });
  const [info] = trainerFiles('llama-factory', 'mine', ['train.jsonl', 'preference-train.jsonl', 'text-train.jsonl']);
  const entries = JSON.parse(info?.text ?? '') as Record<string, Record<string, unknown>>;
  assert.deepEqual(Object.keys(entries), ['mine-train', 'mine-preference-train', 'mine-text-train']);
  assert.equal(entries['mine-preference-train']?.['ranking'], true);
  assert.deepEqual(entries['mine-text-train'], { file_name: 'text-train.jsonl', columns: { prompt: 'text' } });
});

test('Axolotl: a yaml block that trains on training files only, pairs apart, validation as test_datasets', () => {
  const [file] = trainerFiles('axolotl', 'mine', [
    'preference-train.jsonl',
    'test.jsonl',
    'train.jsonl',
    'valid.jsonl',
  ]);
  const blocks = (file?.text ?? '').split('\n\n');
  assert.match(blocks[0] ?? '', /^datasets:\n {2}- path: \.\/train\.jsonl[\s\S]*type: chat_template/);
  assert.match(blocks[1] ?? '', /rl: dpo[\s\S]*preference-train/);
  assert.match(blocks[2] ?? '', /^test_datasets:[\s\S]*valid\.jsonl/);
  assert.doesNotMatch(file?.text ?? '', /\.\/test\.jsonl/);
});

test('what a format cannot carry is counted: whole rows and parts of rows', () => {
  const counts = noFeatures();
  for (const row of [calling, pair, textRow('Once.')]) countFeatures(counts, row);
  const losses = (format: 'alpaca' | 'mlx' | 'openai', loses: 'row' | 'part') =>
    cannotCarry(format, counts).flatMap((loss) => (loss.loses === loses ? [loss.what] : []));
  assert.deepEqual(losses('openai', 'row'), ['text']);
  assert.deepEqual(losses('mlx', 'row'), ['preference', 'text', 'weights']);
  assert.ok(losses('alpaca', 'row').includes('tool-messages'));
  assert.ok(losses('openai', 'part').includes('origin'));
  assert.throws(() => encodeRow('mlx', pair), RangeError);
});

test('rows that wait for a decision about their teacher are not written for a trainer', () => {
  const waiting = sftRow('Q', 'A', { training_eligible: 'review' });
  assert.deepEqual([canCarry('mlx', waiting), canCarry('parquet', waiting)], [false, true]);
});

test('files are called after kind and side; only MLX is split where nobody chose', () => {
  assert.equal(splitOf('trl', null), null);
  assert.notEqual(splitOf('mlx', null), null);
  assert.equal(fileOf('csv', pair, null), 'preference-train.csv');
  const sides = new Set(
    Array.from({ length: 200 }, (_, index) =>
      fileOf('mlx', sftRow('q', 'a', { group: `g${index}` }), splitOf('mlx', null)),
    ),
  );
  assert.deepEqual([...sides].toSorted(), ['test.jsonl', 'train.jsonl', 'valid.jsonl']);
});
