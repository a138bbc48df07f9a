import assert from 'node:assert/strict';
import { mkdtemp, open, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { arrowBytes } from '../../../tests/fixtures/bad-files/arrow-file.ts';
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

test('a packed file that is cut short says so among the worst', async () => {
  const whole = gzipSync(jsonLines(exampleRows(1, 500)));
  const preview = await previewFile(await place('cut.gz', whole.subarray(0, whole.length >> 1)));
  const [worst] = preview.worst;
  assert.equal(worst?.record.kind === 'bad' && worst.record.reason, 'TRUNCATED');
});

/** Every byte that is read of any file while `work` runs. */
async function bytesRead(work: () => Promise<unknown>): Promise<number> {
  const handle = await open(folder);
  const prototype = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
  const original = prototype.read;
  let sum = 0;
  const counting = async function (this: FileHandle, ...given: Parameters<FileHandle['read']>) {
    const result = await original.apply(this, given);
    sum += result.bytesRead;
    return result;
  };
  prototype.read = counting as unknown as FileHandle['read'];
  try {
    await work();
  } finally {
    prototype.read = original;
  }
  return sum;
}

/** D-1: the first 4 MB, the last 64 KB and 16 random 64 KB blocks. */
const mostRead = 4_000_000 + 65_536 * 17 + 65_536;
const long = exampleRows(3, 1).map(({ answer }) => answer.repeat(400))[0] ?? '';
const texts = Array.from({ length: 800 }, (_, row) => `${row} ${long.slice(row % 1_000)}`);
const columnData = [{ name: 'text', data: texts, type: 'STRING' as const }];

for (const [name, bytes] of [
  ['JSON lines', () => Buffer.from(texts.map((text) => JSON.stringify({ text })).join('\n'))],
  ['a table', () => Buffer.from(`a,b\n${texts.map((text) => `1,"${text.replaceAll('"', '""')}"`).join('\n')}`)],
  ['one line', () => Buffer.from(`{"a":"${'x'.repeat(30_000_000)}"}`)],
  ['one object around a list', () => Buffer.from(JSON.stringify({ v: 1, items: texts.map((text) => ({ text })) }))],
  [
    'gzip',
    () => gzipSync(Buffer.from(Array.from({ length: 3_000_000 }, (_, row) => `{"n":${Math.sin(row)}}`).join('\n'))),
  ],
  ['Parquet', () => Buffer.from(parquetWriteBuffer({ columnData, codec: 'UNCOMPRESSED' }))],
] as const)
  test(`of a large file of ${name} no more is read than a first look may`, async () => {
    const content = bytes();
    const file = await place(`large ${name}`, content);
    assert.ok(content.length > 12_000_000, `${content.length} bytes`);
    const read = await bytesRead(() => previewFile(file));
    assert.ok(read > 1_000 && read <= mostRead, `${read} of ${content.length} bytes`);
  });

test('of an Arrow file the first batch of rows is read once, and nothing behind it', async () => {
  const content = arrowBytes({ text: texts }, 'stream');
  const file = await place('one batch.arrow', content);
  const read = await bytesRead(() => previewFile(file));
  assert.ok(read < content.length + mostRead, `${read} of ${content.length} bytes`);
});
