import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { exampleRows, jsonLines, table } from '../../../tests/fixtures/bad-files/example-rows.ts';
import { previewFile } from './preview-file.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'forge-preview-'));
});
after(() => rm(folder, { recursive: true }));

async function place(name: string, content: string | Uint8Array): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, content);
  return file;
}

test('a small file is counted exactly, and its worst records come first', async () => {
  const bytes = Buffer.concat([
    Buffer.from(table(exampleRows(1, 30))),
    Buffer.from('x\n'),
    Buffer.from('grün,ja\n', 'latin1'),
    Buffer.from('grün,ja\nschön,nein\n'),
  ]);
  const preview = await previewFile(await place('small.csv', bytes));
  assert.equal(preview.records.length, 20);
  assert.deepEqual(preview.total, { records: 34, isExact: true });
  assert.deepEqual(preview.looked, { records: 34, rejected: 1, fallbackEncoding: 1 });
  assert.deepEqual(
    preview.worst.map(({ record, isLineExact }) => [record.kind, record.line, isLineExact]),
    [
      ['bad', 32, true],
      ['fields', 33, true],
    ],
  );
});

for (const [name, content] of [
  ['JSON lines', jsonLines(exampleRows(1, 60_000))],
  ['a table', table(exampleRows(1, 60_000))],
] as const) {
  test(`a large file of ${name} is estimated from its beginning, its end and places in between`, async () => {
    const preview = await previewFile(await place('large.txt', content));
    assert.equal(preview.total.isExact, false);
    assert.ok(Math.abs(preview.total.records - 60_000) < 3_000, String(preview.total.records));
    assert.equal(preview.looked.rejected, 0);
    assert.ok(preview.looked.records < 40_000);
  });
}

test('trouble far from the beginning is seen where a sample falls on it', async () => {
  const lines = jsonLines(exampleRows(1, 40_000));
  const preview = await previewFile(await place('end.jsonl', `${lines}{"a":nope}\n{"a":1}\n`));
  const [worst] = preview.worst;
  assert.equal(worst?.record.kind, 'bad');
  assert.equal(worst.isLineExact, false);
  assert.equal(worst.record.byteOffset, Buffer.byteLength(lines));
  assert.ok(Math.abs(worst.record.line - 40_001) < 2_000, String(worst.record.line));
});

test('of a compressed file only the beginning is unpacked', async () => {
  const preview = await previewFile(await place('packed.gz', gzipSync(jsonLines(exampleRows(1, 60_000)))));
  assert.equal(preview.shape.compression, 'gzip');
  assert.equal(preview.total.isExact, false);
  assert.ok(preview.looked.records < 12_000);
});

test('an empty file has no records', async () => {
  const preview = await previewFile(await place('empty.csv', ''));
  assert.deepEqual([preview.total, preview.records], [{ records: 0, isExact: true }, []]);
});
