import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzzOne } from './fuzz-one.ts';

test('150 made-up and broken files are read the same in one piece, in small ones and resumed, and every byte is accounted for', async () => {
  let records = 0;
  for (let number = 1_000; number < 1_150; number += 1) {
    const outcome = await fuzzOne(number);
    records += outcome.records;
  }
  assert.ok(records > 500, `${records} records`);
});
