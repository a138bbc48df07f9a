// Imports as a person asks for them, in the thread they run in: D-3, D-4, D-6.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import {
  rejectEntry,
  type FoundryJob,
  type ImportReport,
  type ImportRequest,
  type RejectEntry,
} from '#contract/dataset-versions.ts';
import type { CanonicalRow } from '#contract/rows.ts';
import type { FoundryService } from './foundry-service.ts';
import { ended, imported, importOf, openFoundry, temporaryHome } from './testing/foundry-fixture.ts';

let home = '';
let remove: () => Promise<void> = () => Promise.resolve();
let foundry: FoundryService;
let requests = 0;

before(async () => {
  ({ home, remove } = await temporaryHome());
  foundry = openFoundry(home);
  await mkdir(path.join(home, 'mine'));
});
after(async () => {
  await foundry.stop();
  await remove();
});

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const place = path.join(home, 'mine', name);
  await mkdir(path.dirname(place), { recursive: true });
  await writeFile(place, content);
  return place;
}

async function run(paths: readonly string[], more: Partial<ImportRequest> = {}): Promise<ImportReport> {
  return imported(foundry, importOf(paths, { name: `set-${requests + 1}`, ...more }), `request-${(requests += 1)}`);
}

async function failed(paths: readonly string[], more: Partial<ImportRequest> = {}): Promise<FoundryJob> {
  const job = await ended(foundry, (await foundry.import(importOf(paths, more), `request-${(requests += 1)}`)).id);
  assert.equal(job.state, 'failed', JSON.stringify(job.result));
  return job;
}

function codeOf({ failure }: FoundryJob): string {
  return (failure as { code?: string } | null)?.code ?? '';
}

async function rejectsOf({ rejectsPath }: ImportReport): Promise<RejectEntry[]> {
  const lines = (await readFile(rejectsPath ?? '', 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => rejectEntry.parse(JSON.parse(line)));
}

async function rowsOf({ name, version }: ImportReport): Promise<CanonicalRow[]> {
  const rows: CanonicalRow[] = [];
  for await (const batch of foundry.versions.rows(await foundry.versions.read({ name, version: version ?? 0 })))
    rows.push(...batch.rows);
  return rows;
}

function counts({ seen, accepted, rejected, merged }: ImportReport): number[] {
  return [seen, accepted, rejected, merged];
}

test('every record is accounted for, and every reject tells where it stands and how it begins', async () => {
  const lines = [
    '{"question":"q1","answer":"a1"}',
    '{"question":"ü","answer":""}',
    '{"question":',
    '[1]',
    '{"question":"q1","answer":"a1"}',
  ];
  const report = await run([await file('mixed.jsonl', `${lines.join('\n')}\n{"question":"q","ans`)]);
  assert.deepEqual(counts(report), [6, 1, 4, 1]);
  const rejects = await rejectsOf(report);
  assert.deepEqual(
    rejects.map(({ file: name, line, byteOffset, code, head, headEncoding }) => [
      name,
      line,
      byteOffset,
      code,
      head,
      headEncoding,
    ]),
    [
      ['mixed.jsonl', 2, 32, 'EMPTY_FIELD', lines[1], 'utf-8'],
      ['mixed.jsonl', 3, 62, rejects[1]?.code, lines[2], 'utf-8'],
      ['mixed.jsonl', 4, 75, 'NOT_OBJECT', '[1]', 'utf-8'],
      ['mixed.jsonl', 6, 111, 'TRUNCATED', '{"question":"q","ans', 'utf-8'],
    ],
  );
  assert.match(rejects[1]?.code ?? '', /^(BAD_JSON|TRUNCATED)$/);
  const version = await foundry.versions.read({ name: report.name, version: 1 });
  assert.deepEqual(
    [version.rows, version.seen, version.rejected, version.merged, version.kinds],
    [1, 6, 4, 1, { sft: 1 }],
  );
  assert.deepEqual(
    version.sources.map(({ uri, rows }) => [uri, rows]),
    [['mixed.jsonl', 1]],
  );
});

test('a reject that is not UTF-8 is kept as base64, one of 5,000 bytes by its first 2,000', async () => {
  const broken = Buffer.concat([Buffer.from('{"question":"'), Buffer.from([0xff, 0xfe, 0x81]), Buffer.from('\n')]);
  const long = `{"question":"${'é'.repeat(2_500)}","answer":""}\n`;
  const report = await run([
    await file(
      'heads.jsonl',
      Buffer.concat([broken, Buffer.from(long), Buffer.from('{"prompt":"p","completion":"c"}\n')]),
    ),
  ]);
  const [first, second] = await rejectsOf(report);
  assert.equal(first?.headEncoding, 'base64');
  assert.deepEqual(Buffer.from(first?.head ?? '', 'base64'), broken.subarray(0, -1));
  assert.equal(second?.headEncoding, 'utf-8');
  assert.ok((second?.head.length ?? 0) > 900 && Buffer.byteLength(second?.head ?? '') <= 2_000);
});

test('an empty file, and a header alone: 0 rows, success, no version', async () => {
  for (const [name, content] of [
    ['empty.jsonl', ''],
    ['header.csv', 'question,answer\n'],
  ] as const) {
    const report = await run([await file(name, content)]);
    assert.deepEqual(
      [counts(report), report.version, report.digest, report.rejectsPath],
      [[0, 0, 0, 0], null, null, null],
    );
    assert.match(report.warnings.join(' '), /has no rows/);
  }
});

test('nothing usable: no version, and the rejects are there to look at', async () => {
  const report = await run([await file('unusable.jsonl', '{"question":"q","answer":""}\n')]);
  assert.deepEqual([counts(report), report.version], [[1, 0, 1, 0], null]);
  assert.deepEqual(
    (await rejectsOf(report)).map(({ code }) => code),
    ['EMPTY_FIELD'],
  );
});

test('the same ids: equal content is merged, other content is kept twice and flagged', async () => {
  const lines = [
    ['1', 'q', 'a'],
    ['1', 'q', 'a'],
    ['1', 'q', 'b'],
    ['2', 'q', 'c'],
  ].map(([id, question, answer]) => JSON.stringify({ id, question, answer }));
  const report = await run([await file('ids.jsonl', lines.join('\n'))]);
  assert.deepEqual(counts(report), [4, 3, 0, 1]);
  const rows = await rowsOf(report);
  assert.deepEqual(
    rows.map(({ flags }) => flags.map(({ code }) => code)),
    [['DUP_ID'], ['DUP_ID'], []],
  );
  assert.deepEqual(
    rows.map(({ source }) => source.id),
    ['1', '1', '2'],
  );
  assert.equal(new Set(rows.map(({ id }) => id)).size, 3);
});

test('a spreadsheet export with semicolons in Latin-1 comes with its columns named by hand', async () => {
  const text = 'Frage;Antwort;Nr\nGrüße?;Schöne;1\n"Was; wie?";Öl;2\n';
  const report = await run([await file('export.csv', Buffer.from(text, 'latin1'))], {
    mapping: { prompt: '{Frage} ({Nr})', answer: 'Antwort' },
  });
  const rows = await rowsOf(report);
  assert.deepEqual(
    rows.map((row) => row.kind === 'sft' && row.messages.map(({ content }) => content)),
    [
      ['Grüße? (1)', 'Schöne'],
      ['Was; wie? (2)', 'Öl'],
    ],
  );
});

test('a mapping that names a column which is not there is refused before anything is read', async () => {
  const job = await failed([await file('columns.csv', 'a,b\n1,2\n')], { mapping: { prompt: 'question', answer: 'b' } });
  assert.equal(codeOf(job), 'dataset.column-missing');
});

test('a folder: packed and plain files, one damaged, a loop of links; uris are paths below it', async () => {
  const line = (name: string): string => `${JSON.stringify({ question: name, answer: 'a' })}\n`;
  await file('folder/a.jsonl', line('a'));
  await file('folder/deep/b.jsonl.gz', gzipSync(line('b')));
  await file('folder/broken.parquet', Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(200, 7), Buffer.from('PAR1')]));
  const place = path.join(home, 'mine', 'folder');
  await symlink(place, path.join(place, 'loop'));
  const report = await run([place]);
  assert.deepEqual(counts(report), [3, 2, 1, 0]);
  assert.deepEqual((await rowsOf(report)).map(({ source }) => source.uri).toSorted(), ['a.jsonl', 'deep/b.jsonl.gz']);
  assert.deepEqual(
    (await rejectsOf(report)).map(({ code, file: name }) => [code, name]),
    [['UNREADABLE_FILE', 'broken.parquet']],
  );
  assert.ok(!JSON.stringify(await foundry.versions.read({ name: report.name, version: 1 })).includes(`"uri":"${home}`));
});

test('a damaged file that was named itself fails the import, and leaves nothing', async () => {
  const broken = await file(
    'named.parquet',
    Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(200, 7), Buffer.from('PAR1')]),
  );
  const job = await failed([broken], { name: 'damaged' });
  assert.match(codeOf(job), /^dataset\./);
  assert.equal(existsSync(path.join(home, 'datasets', 'damaged')), false);
  assert.deepEqual(await readdir(path.join(home, 'foundry', job.id)), ['job.json']);
});

test('a dataset of the hub is fetched first; rows and recipe name it, not where it lies', async () => {
  const place = await file('hub-rows.jsonl', '{"question":"q","answer":"a"}\n');
  const own = openFoundry(home, () => Promise.resolve(place));
  const report = await imported(own, importOf(['hf:owner/name'], { name: 'from-hub' }), 'request-hub');
  const version = await own.versions.read({ name: 'from-hub', version: report.version ?? 0 });
  assert.deepEqual(version.recipe.import?.paths, ['hf:owner/name']);
  const [row] = await rowsOf(report);
  assert.deepEqual([row?.source.type, row?.source.uri], ['hub', 'owner/name/hub-rows.jsonl']);
  await own.stop();
});

test('what is not there, a reserved name, a missing folder', async () => {
  assert.equal(codeOf(await failed([path.join(home, 'nowhere.csv')])), 'dataset.not-found');
  const rows = await file('r.csv', 'prompt,completion\n1,2\n');
  for (const name of ['hub', 'uploads', 'joined', 'kept', 'documents', 'con', 'lpt1.rows', 'rows.'])
    await assert.rejects(
      foundry.import(importOf([rows], { name }), `reserved-${name}`),
      { code: 'foundry.name-reserved' },
      name,
    );
});
