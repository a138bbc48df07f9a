import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmod, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { ForgeError } from '#contract/errors.ts';
import type { DatasetSource, SourceRecord } from '#core/datasets/dataset-source.ts';
import { readDataset } from '#core/datasets/read-dataset.ts';
import { type DatasetSourceOptions, openDatasetSource } from './dataset-source.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'forge-dataset-'));
});
after(() => rm(folder, { recursive: true }));

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size)
    yield await Promise.resolve(bytes.subarray(start, start + size));
}

async function collect(source: DatasetSource): Promise<SourceRecord[]> {
  const records: SourceRecord[] = [];
  for await (const batch of source.records()) records.push(...batch);
  return records;
}

interface Opened {
  readonly source: DatasetSource;
  readonly records: SourceRecord[];
}

async function openBytes(
  content: string | Buffer,
  options: DatasetSourceOptions & { piece?: number } = {},
): Promise<Opened> {
  const { piece = 65_536, ...rest } = options;
  const source = await openDatasetSource(inPieces(Buffer.from(content), piece), rest);
  return { source, records: await collect(source) };
}

/** Lines and fields of the good records, lines and reasons of the bad ones. */
function brief(records: readonly SourceRecord[]): unknown[] {
  return records.map((record) => {
    if (record.kind === 'bad') return [record.line, record.reason];
    return [record.line, record.kind === 'fields' ? record.fields : record.value];
  });
}

async function rejectsWith(code: string, pattern: RegExp, run: () => Promise<unknown>): Promise<void> {
  await assert.rejects(run, (error) => {
    assert.ok(error instanceof ForgeError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, pattern);
    return true;
  });
}

const table = 'question,answer\nWhy?,Because.\n"Two\nlines, and ""quotes""",ok\n';
const tableRecords = [
  [1, ['question', 'answer']],
  [2, ['Why?', 'Because.']],
  [3, ['Two\nlines, and "quotes"', 'ok']],
];

for (const [name, content, delimiter] of [
  ['commas', table, ','],
  ['semicolons', 'question;answer\nWhy?;Because.\n"Two\nlines, and ""quotes""";ok', ';'],
  ['tabs', 'question\tanswer\nWhy?\tBecause.\n"Two\nlines, and ""quotes"""\tok', '\t'],
  ['bars', 'question|answer\nWhy?|Because.\n"Two\nlines, and ""quotes"""|ok', '|'],
] as const) {
  test(`a table separated by ${name} is recognised by its content`, async () => {
    const { source, records } = await openBytes(content);
    assert.deepEqual([source.container, source.delimiter, brief(records)], ['csv', delimiter, tableRecords]);
  });
}

test('line ends may be LF, CRLF or CR, in tables and in JSON lines', async () => {
  for (const end of ['\n', '\r\n', '\r']) {
    for (const piece of [1, 7, 65_536]) {
      const csv = await openBytes(['question,answer', '', 'a,b', 'c,d', ''].join(end), { piece });
      assert.deepEqual(brief(csv.records), [
        [1, ['question', 'answer']],
        [3, ['a', 'b']],
        [4, ['c', 'd']],
      ]);
      const jsonl = await openBytes(['{"a":1}', '', '{"a":2}', ''].join(end), { piece });
      assert.deepEqual(brief(jsonl.records), [
        [1, { a: 1 }],
        [3, { a: 2 }],
      ]);
    }
  }
});

test('a table in UTF-8 with a mark, UTF-16 of both orders, and Windows-1252 is decoded and named', async () => {
  const text = 'question,answer\nWie heißt das?,Käse\n';
  const swapped = Buffer.from(text, 'utf16le').swap16();
  const files: readonly (readonly [string, Buffer, boolean])[] = [
    ['utf-8', Buffer.from(text), true],
    ['utf-8-bom', Buffer.from(`\ufeff${text}`), true],
    ['utf-16le', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]), true],
    ['utf-16be', Buffer.concat([Buffer.from([0xfe, 0xff]), swapped]), true],
    ['windows-1252', Buffer.from(text, 'latin1'), false],
  ];
  for (const [name, bytes, certain] of files) {
    for (const piece of [1, 65_536]) {
      const { source, records } = await openBytes(bytes, { piece });
      assert.deepEqual(source.encoding, { name, certain });
      assert.deepEqual(
        brief(records),
        [
          [1, ['question', 'answer']],
          [2, ['Wie heißt das?', 'Käse']],
        ],
        name,
      );
      const flags = records.map((record) => (record.kind === 'bad' ? [] : record.flags));
      assert.deepEqual(flags, [[], name === 'windows-1252' ? ['FALLBACK_ENCODING'] : []]);
    }
  }
});

test('a file that mixes encodings keeps its UTF-8 rows and rejects the others with their lines', async () => {
  const mixed = Buffer.concat([
    Buffer.from('question,answer\nKäse?,ja\n'),
    Buffer.from('Brötchen?,nein\n', 'latin1'),
    Buffer.from('c,d\n'),
  ]);
  const { source, records } = await openBytes(mixed);
  assert.equal(source.encoding.name, 'utf-8');
  assert.deepEqual(brief(records), [
    [1, ['question', 'answer']],
    [2, ['Käse?', 'ja']],
    [3, 'BAD_ENCODING'],
    [4, ['c', 'd']],
  ]);
});

test('wrong and unclosed quotes cost their own line only', async () => {
  const content = 'question,answer\n"a"b,c\nd,"e\nf,g\nh,i"j\nk, "l, m" \nn,o';
  for (const piece of [1, 65_536]) {
    const { records } = await openBytes(content, { piece });
    assert.deepEqual(brief(records), [
      [1, ['question', 'answer']],
      [2, 'BAD_QUOTE'],
      [3, 'BAD_QUOTE'],
      [4, ['f', 'g']],
      [5, 'BAD_QUOTE'],
      [6, ['k', 'l, m']],
      [7, ['n', 'o']],
    ]);
    const open = await openBytes('question,answer\na,"b\nc,d\ne,f\n', { piece });
    assert.deepEqual(brief(open.records), [
      [1, ['question', 'answer']],
      [2, 'UNCLOSED_QUOTE'],
      [3, ['c', 'd']],
      [4, ['e', 'f']],
    ]);
  }
});

test('a quote that is not closed within 1 MiB is given up without holding the file', async () => {
  const rows = 'question number,answer text\n'.repeat(60_000);
  const { records } = await openBytes(`question,answer\na,"b\n${rows}`);
  assert.deepEqual(brief(records.slice(0, 3)), [
    [1, ['question', 'answer']],
    [2, 'UNCLOSED_QUOTE'],
    [3, ['question number', 'answer text']],
  ]);
  assert.equal(records.length, 60_002);
});

test('ragged rows are passed on with their fields for the reader to judge', async () => {
  const { records } = await openBytes('a,b,c\n1,2\n1,2,3,4\n1,2,3\n');
  assert.deepEqual(brief(records), [
    [1, ['a', 'b', 'c']],
    [2, ['1', '2']],
    [3, ['1', '2', '3', '4']],
    [4, ['1', '2', '3']],
  ]);
});

test('JSON lines are recognised whatever the first line is, and one bad line costs one record', async () => {
  const content = '{"a":1}\nnot json\n{"a":NaN}\n{"id":12345678901234567890}\n[1]\n{"a":2';
  const { source, records } = await openBytes(content);
  assert.equal(source.container, 'jsonl');
  assert.deepEqual(brief(records), [
    [1, { a: 1 }],
    [2, 'BAD_JSON'],
    [3, 'NAN_INF'],
    [4, { id: '12345678901234567890' }],
    [5, [1]],
    [6, 'TRUNCATED'],
  ]);
});

test('a JSON array and pretty-printed objects are read value by value with their lines', async () => {
  const values = [
    { prompt: 'a "quoted" ] } {', completion: 'b\\' },
    { prompt: 'c', completion: { deep: [1, [2]] } },
  ];
  const forms = [
    JSON.stringify(values),
    JSON.stringify(values, null, 2),
    values.map((value) => JSON.stringify(value, null, 2)).join('\n'),
  ];
  for (const form of forms) {
    for (const piece of [1, 65_536]) {
      const { source, records } = await openBytes(form, { piece });
      assert.equal(source.container, 'json-array');
      assert.deepEqual(
        records.map((record) => record.kind === 'value' && record.value),
        values,
      );
    }
  }
  const broken = await openBytes('[\n{"a":1},\n{"a":},\n7,\n"x",\n{"a":3}\n,{"b":');
  assert.deepEqual(brief(broken.records), [
    [2, { a: 1 }],
    [3, 'BAD_JSON'],
    [4, 7],
    [5, 'x'],
    [6, { a: 3 }],
    [7, 'TRUNCATED'],
  ]);
});

test('JSON nested deeper than 256 is rejected, brackets in strings do not count', async () => {
  const deep = `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
  const shallow = JSON.stringify({ a: '['.repeat(1000) });
  const { records } = await openBytes(`${shallow}\n${deep}\n{"a":1}`);
  assert.deepEqual(
    records.map((record) => (record.kind === 'bad' ? record.reason : record.kind)),
    ['value', 'TOO_DEEP', 'value'],
  );
});

test('records over the limit are rejected without stopping the file, in every container', async () => {
  const long = 'x'.repeat(5000);
  for (const piece of [100, 65_536]) {
    const options = { maximumRecordBytes: 1000, piece };
    const csv = await openBytes(`q,a\n1,2\n${long},b\n"y","${long}"\n3,4\n`, options);
    assert.deepEqual(brief(csv.records), [
      [1, ['q', 'a']],
      [2, ['1', '2']],
      [3, 'TOO_LONG'],
      [4, 'TOO_LONG'],
      [5, ['3', '4']],
    ]);
    const jsonl = await openBytes(`{"a":1}\n{"a":"${long}"}\n{"a":2}\n`, options);
    assert.deepEqual(brief(jsonl.records), [
      [1, { a: 1 }],
      [2, 'TOO_LONG'],
      [3, { a: 2 }],
    ]);
    const array = await openBytes(`[{"a":1},\n{"a":"${long}"},\n{"a":2}]`, options);
    assert.deepEqual(brief(array.records), [
      [1, { a: 1 }],
      [2, 'TOO_LONG'],
      [3, { a: 2 }],
    ]);
  }
});

test('any table of texts comes back as it was written, however the bytes arrive', async () => {
  const cell = fc.string({
    maxLength: 12,
    unit: fc.constantFrom('a', 'é', '"', ',', ';', '\n', '\r\n', ' ', '|', '日'),
  });
  const rows = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(rows, fc.integer({ min: 1, max: 40 }), async (cells, piece) => {
      const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
      const content = `question,answer\n${cells.map((pair) => pair.map(quoted).join(',')).join('\n')}\n`;
      const { records } = await openBytes(content, { piece });
      assert.deepEqual(
        records.slice(1).map((record) => record.kind === 'fields' && record.fields),
        cells,
      );
    }),
    { numRuns: 100 },
  );
});

test('any bytes at all end in records or in an error with a code', async () => {
  const bytes = fc.uint8Array({ maxLength: 400 }).map((value) => Buffer.from(value));
  const syntax = fc.string({
    maxLength: 200,
    unit: fc.constantFrom('{', '}', '[', ']', '"', '\\', ',', ':', '\n', 'a', '1'),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        bytes,
        syntax.map((text) => Buffer.from(text)),
      ),
      async (content) => {
        const outcome = await openBytes(content, { piece: 13 }).catch((error: unknown) => error);
        assert.ok(outcome instanceof ForgeError || !(outcome instanceof Error), String(outcome));
      },
    ),
    { numRuns: 300 },
  );
});

const binaries: readonly (readonly [string, Buffer, RegExp])[] = [
  ['an Excel file', Buffer.from('PK\x03\x04 more'), /ZIP archive \(Excel/],
  ['a PDF', Buffer.from('%PDF-1.7'), /PDF/],
  ['a model', Buffer.from('GGUF\x03\0\0\0'), /GGUF model/],
  ['random bytes', createHash('sha512').update('x').digest().subarray(0, 64), /binary data/],
  ['UTF-16 without a mark', Buffer.from('question,answer\n', 'utf16le'), /UTF-16 text without/],
];
for (const [name, bytes, pattern] of binaries) {
  test(`${name} is refused as binary, in words`, async () => {
    await rejectsWith('dataset.binary', pattern, () => openBytes(bytes));
  });
}

test('missing files, folders, devices, empty and unreadable files each have their own error', async () => {
  const at = (name: string): string => path.join(folder, name);
  await rejectsWith('dataset.not-found', /missing\.csv/, () => openDatasetSource(at('missing.csv')));
  await rejectsWith('dataset.is-directory', /is a folder/, () => openDatasetSource(folder));
  if (process.platform !== 'win32')
    await rejectsWith('dataset.not-a-file', /ordinary/, () => openDatasetSource('/dev/null'));
  for (const [name, content] of [
    ['empty.csv', ''],
    ['blank.csv', ' \n\r\n\t'],
    ['mark.csv', '\ufeff\n'],
  ] as const) {
    await writeFile(at(name), content);
    await rejectsWith('dataset.empty', /is empty/, () => openDatasetSource(at(name)));
  }
  await writeFile(at('locked.csv'), 'a,b');
  await chmod(at('locked.csv'), 0o000);
  const readableAnyway = process.platform === 'win32' || process.getuid?.() === 0;
  const locked = openDatasetSource(at('locked.csv'));
  if (readableAnyway) assert.equal((await locked).container, 'csv');
  else await rejectsWith('dataset.not-readable', /permission denied/, () => locked);
});

test('a file over the limit is refused before it is read, a stream as soon as it passes the limit', async () => {
  const file = path.join(folder, 'huge.jsonl');
  const handle = await open(file, 'w');
  await handle.truncate(10 * 2 ** 30);
  await handle.close();
  const started = performance.now();
  await rejectsWith('dataset.too-large', /10\.0 GiB, more than the 2\.0 GiB/, () => openDatasetSource(file));
  assert.ok(performance.now() - started < 1000);
  const stream = (): Promise<unknown> => openBytes('a,b\n1,2\n'.repeat(100), { maximumBytes: 200, piece: 50 });
  await rejectsWith('dataset.too-large', /the stream/, stream);
});

test('a file that changes while it is read is refused', async () => {
  const file = path.join(folder, 'growing.csv');
  await writeFile(file, 'question,answer\n'.repeat(400_000));
  const source = await openDatasetSource(file);
  await writeFile(file, 'more', { flag: 'a' });
  await rejectsWith('dataset.changed-while-reading', /changed/, () => collect(source));
});

test('reading stops when it is aborted', async () => {
  const stop = new AbortController();
  const source = await openDatasetSource(inPieces(Buffer.from('a,b\n1,2\n'), 4), { signal: stop.signal });
  stop.abort();
  await assert.rejects(collect(source), { name: 'AbortError' });
});

test('a file on disk ends as rows with the size and SHA-256 of its bytes', async () => {
  const file = path.join(folder, 'tickets.txt');
  const content = `\ufeffgroup;ticket;answer\r\n${Array.from({ length: 9 }, (_, n) => `g${n};Frage ${n}?;Antwort ${n}`).join('\r\n')}\r\n`;
  await writeFile(file, content);
  const { rows, report } = await readDataset(await openDatasetSource(file));
  assert.equal(rows.length, 9);
  assert.deepEqual(
    [report.name, report.sizeBytes, report.sha256, report.delimiter, report.encoding.name],
    ['tickets.txt', Buffer.byteLength(content), createHash('sha256').update(content).digest('hex'), ';', 'utf-8-bom'],
  );
  assert.match(rows[0]?.id ?? '', /^[0-9a-f]{32}$/);
});
