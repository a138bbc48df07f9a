import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ShownRow } from '#contract/dataset-preview.ts';
import { datasetVersion } from '#contract/dataset-versions.ts';
import { ForgeError } from '#contract/errors.ts';
import { sftRow } from '#core/foundry/fake-rows.ts';
import { sampleTokens, type ShownRows } from './sample-tokens.ts';
import { estimatedTokensOf } from './study-order.ts';

const digest = 'a'.repeat(64);
const version = (rows: number) =>
  datasetVersion.parse({
    ...{
      schema: 'forge.dataset/1',
      name: 'x',
      version: 1,
      createdAt: 0,
      parent: null,
      digest,
      rows,
      kinds: { sft: rows },
    },
    ...{ recipe: { import: null, steps: [], split: null }, seen: rows, rejected: 0, merged: 0, sizeBytes: 1 },
    ...{ files: { rows: digest, rejects: null }, sources: [], warnings: [] },
  });

const row = sftRow('How long is the coast of Britain?', 'It depends on the length of the ruler.');

/** Rows whose place is their id; the tokenizer says twice the estimate. */
function shownRows(tokensOf: (place: number) => number | null): ShownRows & { places: number[] } {
  const places: number[] = [];
  return {
    places,
    page: ({ offset }) => {
      const paged = { place: offset, id: String(offset), kind: 'sft' as const, prompt: '', answer: '' };
      const rest = { promptCharacters: 1, answerCharacters: 1, group: '', source: '', line: null, flags: [] };
      return Promise.resolve({ total: 1, rows: [{ ...paged, ...rest }] });
    },
    row: () => Promise.resolve(row),
    showRow({ id }) {
      places.push(Number(id));
      return Promise.resolve({ tokens: tokensOf(Number(id)) } as ShownRow);
    },
  };
}

test('rows spread over the whole version are counted, and their ratio to the estimate is told', async () => {
  const rows = shownRows(() => 2 * estimatedTokensOf(row));
  const sample = await sampleTokens(rows, version(100_000), 'qwen');
  assert.equal(sample?.ratio, 2);
  assert.equal(sample?.counts.length, 200);
  assert.deepEqual([rows.places[0], rows.places[1], rows.places.at(-1)], [0, 500, 99_500]);
});

test('every row of a small version is counted', async () => {
  const sample = await sampleTokens(
    shownRows((place) => place + 1),
    version(3),
    'qwen',
  );
  assert.deepEqual(sample?.counts, [
    [0, 1],
    [1, 2],
    [2, 3],
  ]);
});

test('without a tokenizer there is no sample, and rows that are no conversation are passed over', async () => {
  assert.equal(
    await sampleTokens(
      shownRows(() => null),
      version(10),
      'qwen',
    ),
    null,
  );
  const texts = {
    ...shownRows(() => 1),
    showRow: () => Promise.reject(new ForgeError('foundry.not-shown', { kind: 'text' })),
  };
  assert.equal(await sampleTokens(texts, version(10), 'qwen'), null);
});
