import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { createHash } from 'node:crypto';
import { createRowImporter } from '#core/foundry/import/row-importer.ts';
import { openRecordSource } from '#native-bridge/datasets/reading/open-record-source.ts';
import { importPreview, type PreviewRequest } from '#contract/import-preview.ts';
import { previewImport } from './preview-import.ts';

const root = await mkdtemp(path.join(tmpdir(), 'forge-preview-'));
after(() => rm(root, { recursive: true, force: true }));

const nothingSaid = { mapping: null, encoding: null, delimiter: null, hasHeader: null, systemPrompt: null };

async function look(place: string, said: Partial<PreviewRequest> = {}) {
  const preview = await previewImport({ ...nothingSaid, paths: [place], ...said });
  return importPreview.parse(preview);
}

async function file(name: string, content: string | Buffer): Promise<string> {
  const place = path.join(root, name);
  await mkdir(path.dirname(place), { recursive: true });
  await writeFile(place, content);
  return place;
}

const office = [
  'Anliegen;Bearbeiter;Antwort',
  'Wo ist mein Paket?;ann;Es ging am Montag los und ist unterwegs.',
  'Größe passt nicht, was nun?;ben;Schicken Sie die Schuhe einfach zurück.',
  ';cem;Danke für den Anruf, bis morgen.',
].join('\r\n');

test('a spreadsheet of an office: its places are suggested, and with them its rows come out', async () => {
  const place = await file('office.csv', Buffer.from(office, 'latin1'));
  const first = await look(place);
  assert.deepEqual(
    [first.container, first.delimiter, first.hasHeader, first.encoding.name],
    ['csv', ';', true, 'windows-1252'],
  );
  assert.equal(first.format, null);
  assert.deepEqual(first.suggested, { prompt: 'Anliegen', answer: 'Antwort' });
  const mapped = await look(place, { mapping: first.suggested });
  assert.deepEqual(
    mapped.records.map(({ line, outcome }) => [line, outcome.kind]),
    [
      [2, 'row'],
      [3, 'row'],
      [4, 'rejected'],
    ],
  );
  assert.equal(mapped.columns[1]?.example, 'ann');
});

test('records of a known shape need no places, and a broken one among them is shown as it stands', async () => {
  const good = '{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello."}]}';
  const place = await file('chat.jsonl', `${good}\n{"messages":[\n${good}\n`);
  const seen = await look(place);
  assert.equal(seen.format, 'messages');
  assert.deepEqual(seen.suggested, {});
  const broken = seen.worst.find(({ code }) => code !== null);
  assert.equal(broken?.line, 2);
  assert.equal(broken?.head.startsWith('{"messages":['), true);
});

/** The rows and rejects of an import of a whole file, by the same parts that an import is made of. */
async function importedCounts(place: string): Promise<[rows: number, rejected: number]> {
  const source = await openRecordSource(place);
  const importer = createRowImporter({
    ...{ uri: 'x', sourceType: 'file', columns: source.shape.columns, mapping: null, systemPrompt: null },
    ...{ domain: null, licence: null, teacher: null },
    digest: (text) => createHash('sha256').update(text).digest('hex'),
  });
  const counts: [number, number] = [0, 0];
  for await (const { records } of source.records())
    for (const record of records)
      for (const { outcome } of importer.takeAll(record)) counts[outcome.kind === 'row' ? 0 : 1] += 1;
  return counts;
}

const wrapped = (count: number, indent?: number): string => {
  const items = Array.from({ length: count }, (_, row) => ({
    question: `Where is parcel ${row}? "It" was [here] {once}.`,
    answer: row === 3 ? '' : `In drawer ${row}. ${'It is still there. '.repeat(8)}`,
  }));
  return JSON.stringify({ exported: '2026 [{', by: { name: 'x', tags: [] }, items, count }, null, indent);
};

for (const [name, count, indent] of [
  ['small, in one line', 30, 0],
  ['small, over lines', 12, 2],
  ['of 2 MB', 8_000, 0],
  ['of 6 MB, over lines', 22_000, 2],
  ['of 6 MB in one line', 24_000, 0],
] as const)
  test(`records in a wrapper, ${name}: what is shown beforehand is what an import takes`, async () => {
    const place = await file(`wrapped ${name}.json`, wrapped(count, indent));
    const seen = await look(place);
    assert.deepEqual(await importedCounts(place), [count - 1, 1]);
    assert.equal(seen.records.length, Math.min(20, count));
    assert.deepEqual(
      seen.records.slice(2, 5).map(({ outcome }) => outcome.kind),
      ['row', 'rejected', 'row'],
    );
    assert.deepEqual(
      seen.columns.map(({ name: column }) => column),
      ['question', 'answer'],
    );
    const off = Math.abs(seen.total.records - count) / count;
    assert.ok(off <= (seen.total.isExact ? 0 : 0.1), `${seen.total.records} of ${count}`);
  });

test('of a folder the first file with records is looked at, and all that would be read are counted', async () => {
  await file('folder/a-empty.csv', 'question,answer\n');
  await file('folder/b.jsonl', '{"question":"Where is it?","answer":"There."}\n');
  await file('folder/notes.exe', 'x');
  const seen = await look(path.join(root, 'folder'));
  assert.equal(seen.file, 'b.jsonl');
  assert.deepEqual([seen.files.count, seen.files.ignored], [2, 1]);
});

test('what the person says about a file overrides what was found', async () => {
  const place = await file('bars.csv', 'a|b\nc|d\n');
  const seen = await look(place, { delimiter: '|', hasHeader: false });
  assert.deepEqual([seen.delimiter, seen.hasHeader, seen.records.length], ['|', false, 2]);
});

test('a place where nothing is says so', async () => {
  await assert.rejects(look(path.join(root, 'no-such-file.csv')), { code: 'dataset.not-found' });
});
