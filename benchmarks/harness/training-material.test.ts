import assert from 'node:assert/strict';
import { test } from 'node:test';
import { datasetRow } from '#contract/datasets.ts';
import { supportRows } from './training-material.ts';

test('the shipped tickets are rows of the contract, and no group stands on both sides', async () => {
  const { train, validation } = await supportRows();
  for (const row of [...train, ...validation]) datasetRow.parse(row);
  assert.ok(train.length >= 240 && validation.length >= 32, `${train.length} and ${validation.length} rows`);
  const groups = new Set(train.map(({ group }) => group));
  assert.deepEqual(
    validation.filter(({ group }) => groups.has(group)),
    [],
  );
});

test('the order is the same every time and does not follow the file', async () => {
  const [one, other] = await Promise.all([supportRows(), supportRows()]);
  assert.deepEqual(one, other);
  const numbers = one.train.map(({ id }) => Number(id.slice('ticket-'.length)));
  assert.notDeepEqual(
    numbers,
    numbers.toSorted((first, second) => first - second),
  );
});
