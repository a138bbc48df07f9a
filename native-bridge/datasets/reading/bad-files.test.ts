import assert from 'node:assert/strict';
import { test } from 'node:test';
import { badFiles } from '../../../tests/fixtures/bad-files/bad-files.ts';
import type { BadFile } from '../../../tests/fixtures/bad-files/example-rows.ts';
import { checkReading, type ReadingResult } from '../../../tests/fuzz/check-reading.ts';

function content(record: ReadingResult['records'][number] | undefined): unknown {
  if (record === undefined || record.kind === 'bad') return undefined;
  return record.kind === 'fields' ? [...record.fields] : record.value;
}

function flagCounts({ records }: ReadingResult): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const flag of records.flatMap((record) => record.flags)) counts[flag] = (counts[flag] ?? 0) + 1;
  return counts;
}

function assertAsExpected({ expected }: BadFile, result: ReadingResult): void {
  const { shape, records } = result;
  const bad = records.flatMap((record) => (record.kind === 'bad' ? [[record.reason, record.line]] : []));
  const good = records.filter((record) => record.kind !== 'bad');
  assert.equal(shape.container, expected.container);
  assert.deepEqual(bad, expected.bad ?? []);
  assert.equal(good.length, expected.good);
  assert.deepEqual(flagCounts(result), expected.flags ?? {});
  if (expected.delimiter !== undefined) assert.equal(shape.delimiter, expected.delimiter);
  if (expected.encoding !== undefined) assert.equal(shape.encoding.name, expected.encoding);
  if (expected.columns !== undefined) assert.deepEqual(shape.columns, expected.columns);
  if (expected.first !== undefined) assert.deepEqual(content(good[0]), expected.first);
  if (expected.last !== undefined) assert.deepEqual(content(good.at(-1)), expected.last);
}

for (const file of badFiles(1)) {
  test(`${file.name} (${file.fileName}): exactly what D-4 says, in one piece, in small ones and resumed`, async () => {
    const { bytes, fileName, maximumRecordBytes } = file;
    const options = maximumRecordBytes === undefined ? {} : { maximumRecordBytes };
    for (const windowBytes of [16, 61, 4_096]) {
      const result = await checkReading({ bytes, fileName, options, windowBytes, resumeAt: 0.5 });
      assertAsExpected(file, result);
    }
  });
}
