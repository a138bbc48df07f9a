import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { appendFile, mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { ForgeError } from '#contract/errors.ts';
import type { CutRecord } from '#core/foundry/record-source.ts';
import { arrowBytes } from '../../../tests/fixtures/bad-files/arrow-file.ts';
import { exampleRows, jsonLines, table } from '../../../tests/fixtures/bad-files/example-rows.ts';
import { zipFile } from '../../../tests/fixtures/bad-files/zip-file.ts';
import { listRecordFiles } from './list-record-files.ts';
import { openRecordSource, type RecordSourceOptions } from './open-record-source.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'forge-hostile-'));
});
after(() => rm(folder, { recursive: true }));

async function place(name: string, content: string | Uint8Array): Promise<string> {
  const file = path.join(folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
  return file;
}

async function read(file: string, options: RecordSourceOptions = {}): Promise<CutRecord[]> {
  const source = await openRecordSource(file, options);
  const records: CutRecord[] = [];
  for await (const batch of source.records()) records.push(...batch.records);
  return records;
}

function values(records: readonly CutRecord[]): unknown[] {
  return records.map((record) => {
    if (record.kind === 'bad') return [record.reason, record.line];
    return record.kind === 'value' ? record.value : record.fields;
  });
}

async function refused(code: string, pattern: RegExp, run: () => Promise<unknown>): Promise<void> {
  await assert.rejects(run, (error) => {
    assert.ok(error instanceof ForgeError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, pattern);
    return true;
  });
}

const bombText = Buffer.from('prompt,answer\n' + 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,b\n'.repeat(300_000));
const packing = { bytes: 2 ** 20 };

for (const [name, bytes] of [
  ['gzip', gzipSync(bombText)],
  ['zip', zipFile([{ name: 'rows.csv', content: bombText }])],
] as const) {
  test(`a ${name} bomb is refused with its ratio`, async () => {
    const file = await place(`bomb.${name}`, bytes);
    await refused('dataset.expands-too-far', /[2-9]\d\d times .*at most 200 times/, () => read(file, { packing }));
  });
}

test('decompression stops when the disk would be full', async () => {
  const file = await place('full.jsonl.gz', gzipSync(jsonLines(exampleRows(1, 30_000))));
  await refused('dataset.expands-too-far', /free on the disk/, () => read(file, { packing: { freeBytes: 2 ** 20 } }));
});

test('a gzip file cut short gives the rows in front of the cut and one record for the rest', async () => {
  const whole = gzipSync(jsonLines(exampleRows(1, 5_000)));
  const records = await read(await place('cut.jsonl.gz', whole.subarray(0, whole.length >> 1)));
  assert.ok(records.length > 1_000, String(records.length));
  assert.deepEqual(
    records.flatMap((record) => (record.kind === 'bad' ? [record.reason] : [])),
    ['TRUNCATED'],
  );
  assert.equal(records.at(-1)?.kind, 'bad');
});

test('a file that grows while it is read fails the reading', async () => {
  const file = await place('growing.jsonl', jsonLines(exampleRows(1, 5_000)));
  const source = await openRecordSource(file, { windowBytes: 65_536 });
  await refused('dataset.changed-while-reading', /growing/, async () => {
    for await (const { records } of source.records()) if (records.length > 0) await appendFile(file, '{"a":1}\n');
  });
});

test('a file that is cut while it is read fails the reading', async () => {
  const file = await place('shrinking.jsonl', jsonLines(exampleRows(1, 5_000)));
  const source = await openRecordSource(file, { windowBytes: 65_536 });
  await refused('dataset.changed-while-reading', /shrinking/, async () => {
    for await (const { records } of source.records()) if (records.length > 0) await truncate(file, 100);
  });
});

test('the digest is that of the file, read at once or from the middle on', async () => {
  const text = `\uFEFF${jsonLines(exampleRows(1, 3_000))}`;
  const file = await place('digest.jsonl', text);
  const wanted = createHash('sha256').update(text).digest('hex');
  const source = await openRecordSource(file);
  await assert.rejects(source.sha256(), /not read to their end/);
  const batches = [];
  for await (const batch of source.records()) batches.push(batch);
  assert.equal(await source.sha256(), wanted);
  const resumed = await openRecordSource(file);
  let rest = 0;
  for await (const { records } of resumed.records(batches[0]?.after)) rest += records.length;
  assert.equal(rest, 2_000);
  assert.equal(await resumed.sha256(), wanted);
});

test('reading ends when it is aborted', async () => {
  const file = await place('abort.jsonl', jsonLines(exampleRows(1, 5_000)));
  const abort = new AbortController();
  const source = await openRecordSource(file, { signal: abort.signal });
  await assert.rejects(async () => {
    for await (const { records } of source.records()) if (records.length > 0) abort.abort();
  }, /abort/i);
});

test('a table of a million columns is refused', async () => {
  const wide = Array.from({ length: 1_000_000 }, (_, index) => `c${index}`).join(',');
  const file = await place('wide.csv', `${wide}\n${wide}\n`);
  await refused('dataset.too-many-columns', /columns; at most 10,000/, () => read(file));
});

test('a record of a million fields costs that record, not the memory', async () => {
  const file = await place('ragged.csv', `a,b\n1,2\n${'x,'.repeat(1_000_000)}\n3,4\n`);
  assert.deepEqual(values(await read(file)), [
    ['1', '2'],
    ['RAGGED_LONG', 3],
    ['3', '4'],
  ]);
});

test('links that lead out of a folder or around in it are not followed, and names may hold line ends', async () => {
  await place('outside.jsonl', '{"a":"secret"}\n');
  const inside = path.join(folder, 'inside');
  await place('inside/b\nc.jsonl', '{"a":1}\n');
  await place('inside/deeper/a.csv', 'a,b\n1,2\n');
  await place('inside/notes.md', 'no rows');
  await symlink(inside, path.join(inside, 'loop'));
  await symlink(path.join(folder, 'outside.jsonl'), path.join(inside, 'link.jsonl'));
  const { files, ignored } = await listRecordFiles(inside);
  assert.deepEqual(
    files.map(({ name }) => name),
    ['b\nc.jsonl', 'deeper/a.csv'],
  );
  assert.deepEqual(
    ignored.map(({ name, reason }) => [name, reason]),
    [
      ['link.jsonl', 'it is a link to a place outside the folder'],
      ['loop', 'its name is not that of a data file'],
      ['notes.md', 'its name is not that of a data file'],
    ],
  );
  assert.deepEqual(values(await read(files[0]?.path ?? '')), [{ a: 1 }]);
});

test('a folder saved by save_to_disk is read in the order of its list, and nothing else in it', async () => {
  const bytes = (texts: string[]): Buffer => arrowBytes({ prompt: texts }, 'stream');
  await place('saved/data-00000-of-00002.arrow', bytes(['one', 'two']));
  await place('saved/data-00001-of-00002.arrow', bytes(['three']));
  await place('saved/cache-1.arrow', bytes(['not this']));
  const listed = ['data-00001-of-00002.arrow', 'data-00000-of-00002.arrow', '../../outside.jsonl'];
  await place('saved/state.json', JSON.stringify({ _data_files: listed.map((filename) => ({ filename })) }));
  const { files } = await listRecordFiles(path.join(folder, 'saved'));
  const records = (await Promise.all(files.map((file) => read(file.path)))).flat();
  assert.deepEqual(values(records), [{ prompt: 'three' }, { prompt: 'one' }, { prompt: 'two' }]);
});

test('of an archive with several files each is a source of its own', async () => {
  const members = ['b.csv', 'a.jsonl', '__MACOSX/a.jsonl', 'readme.md'].map((name) => ({
    name,
    content: Buffer.from(name === 'b.csv' ? 'p,q\n1,2\n' : '{"a":1}\n'),
    isStored: name === 'a.jsonl',
  }));
  const file = await place('several.zip', zipFile(members));
  await refused('dataset.several-inside', /2 files/, () => read(file));
  const { files } = await listRecordFiles(file);
  assert.deepEqual(
    files.map(({ name }) => name),
    ['several.zip/a.jsonl', 'several.zip/b.csv'],
  );
  const sources = await Promise.all(files.map((one) => openRecordSource(one)));
  assert.deepEqual(
    sources.map((source) => source.shape.container),
    ['jsonl', 'csv'],
  );
});

test('an Arrow file cut short gives the rows in front of the cut and one record for the rest', async () => {
  const whole = arrowBytes({ prompt: ['one', 'two'], n: [1n, 2n ** 60n] }, 'file');
  assert.deepEqual(values(await read(await place('whole.arrow', whole))), [
    { prompt: 'one', n: 1 },
    { prompt: 'two', n: '1152921504606846976' },
  ]);
  const cut = await read(await place('cut.arrow', whole.subarray(0, whole.length - 10)));
  assert.deepEqual(
    cut.map((record) => record.kind),
    ['value', 'value', 'bad'],
  );
  const early = await read(await place('early.arrow', whole.subarray(0, whole.length - 60)));
  assert.deepEqual(values(early), [['TRUNCATED', 1]]);
});

function parquet(): Buffer {
  const rows = exampleRows(1, 2_500);
  const columnData = [
    { name: 'prompt', data: rows.map((row) => row.prompt), type: 'STRING' as const },
    { name: 'when', data: rows.map(() => new Date(0)), type: 'TIMESTAMP' as const },
    { name: 'id', data: rows.map((_, index) => 2n ** 53n + BigInt(index)), type: 'INT64' as const },
    { name: 'messages', data: rows.map((row) => [{ role: 'user', content: row.prompt }]), type: 'JSON' as const },
  ];
  return Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize: 1_000 }));
}

test('a Parquet file gives JSON values: dates as ISO, large integers as text', async () => {
  const file = await place('rows.parquet', parquet());
  const records = await read(file);
  const [first] = exampleRows(1, 1);
  assert.equal(records.length, 2_500);
  assert.deepEqual(values(records.slice(0, 1)), [
    {
      prompt: first?.prompt,
      when: '1970-01-01T00:00:00.000Z',
      id: '9007199254740992',
      messages: JSON.stringify([{ role: 'user', content: first?.prompt }]),
    },
  ]);
  const source = await openRecordSource(file);
  const batches = [];
  for await (const batch of source.records()) batches.push(batch);
  const rest = [];
  for await (const batch of (await openRecordSource(file)).records(batches[1]?.after)) rest.push(...batch.records);
  assert.deepEqual(rest, records.slice(2_000));
});

test('a Parquet file that is damaged in the middle loses a row group, one without its end is refused', async () => {
  const bytes = parquet();
  const hurt = Buffer.from(bytes);
  hurt.fill(0xff, 8, 600);
  const records = await read(await place('hurt.parquet', hurt));
  assert.deepEqual(
    records.flatMap((record) => (record.kind === 'bad' ? [record.reason] : [])),
    ['TRUNCATED'],
  );
  assert.equal(records.length, 1_501);
  const cut = await place('cut.parquet', bytes.subarray(0, bytes.length - 100));
  await refused('dataset.damaged', /not written or copied to its end/, () => read(cut));
});

test('what is no data is refused by its content, and a place that is none by its name', async () => {
  const pdf = await place('rows.csv', Buffer.from('%PDF-1.7\n...'));
  await refused('dataset.binary', /PDF/, () => read(pdf));
  await refused('dataset.not-found', /nowhere/, () => read(path.join(folder, 'nowhere.csv')));
  await refused('dataset.is-directory', /folder/, () => read(folder));
  const empty = path.join(folder, 'nothing-in-it');
  await mkdir(empty);
  await refused('dataset.folder-without-examples', /it is empty/, () => listRecordFiles(empty));
  const word = await place('a.zip', zipFile([{ name: 'word/document.xml', content: Buffer.from('<w/>') }]));
  await refused('dataset.binary', /without data files/, () => read(word));
  const locked = zipFile([{ name: 'rows.csv', content: Buffer.from('a,b\n1,2\n') }]);
  // Bit 0 of the flags of both headers (APPNOTE 4.4.4): encrypted.
  for (const flags of [6, locked.indexOf('PK\u0001\u0002') + 8])
    locked.writeUInt16LE(locked.readUInt16LE(flags) | 1, flags);
  const lockedFile = await place('locked.zip', locked);
  await refused('dataset.damaged', /rows\.csv in it is locked with a password/, () => read(lockedFile));
  await refused('dataset.encoding-unknown', /klingon/, () => read(pdf, { encoding: 'klingon' }));
});

test('a declared encoding comes before the detected one', async () => {
  const file = await place(
    'koi.csv',
    Buffer.from([...Buffer.from('prompt,answer\n'), 0xf0, 0xd2, 0xc9, 0x2c, 0xc1, 0x0a]),
  );
  assert.deepEqual(values(await read(file, { encoding: 'koi8-r' })), [['При', 'а']]);
});

test('what the person says of separator and header counts', async () => {
  const file = await place('said.csv', table([{ prompt: 'a;b', answer: 'c' }]));
  assert.deepEqual(values(await read(file, { delimiter: ';', hasHeader: false })), [
    ['prompt,answer'],
    ['RAGGED_LONG', 2],
  ]);
});
