// The stable machine-readable forms of `forge data ... --json` and `forge study --json`, each on real input against the real engine: exactly these keys, counts that
// are true, and a file whose lines name the rows concerned.
import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { connectEngine } from '../../cli/engine-connection.ts';
import { forge, newHome } from '../bad-input/forge-command.ts';

let home = '';
const cleanUps: (() => Promise<void>)[] = [];
let connection: Awaited<ReturnType<typeof connectEngine>> | null = null;

type Printed = Record<string, unknown>;

async function json(...words: string[]): Promise<Printed> {
  const { code, out, err } = await forge([...words, '--json', '--home', home]);
  assert.equal(code, 0, `${words.join(' ')}: ${err}${out}`);
  return JSON.parse(out) as Printed;
}

async function linesAt(printed: Printed): Promise<Printed[]> {
  const text = await readFile(String(printed['rowsPath']), 'utf8');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Printed);
}

/** These keys are there, these values are true; times and memory only have to be numbers. */
function hasForm(printed: Printed, counts: Printed, others: readonly string[]): void {
  assert.deepEqual(Object.keys(printed).toSorted(), [...Object.keys(counts), ...others].toSorted());
  assert.deepEqual(Object.fromEntries(Object.keys(counts).map((key) => [key, printed[key]])), counts);
}

const subjects = 'amber basin cedar delta ember fjord grove harbor inlet jungle kernel lagoon'.split(' ');

/** 60 rows of their own words, one near copy, one row with personal data; then an exact repeat and a record without an answer. */
function lines(edit: boolean): string {
  const own = Array.from({ length: 60 }, (_, row) => ({
    id: `t-${row}`,
    question: `What is the ${subjects[row % 12] ?? ''} of number ${row * 13}, and who keeps its ${subjects[(row * 5) % 12] ?? ''}?`,
    answer: `The ${subjects[(row * 7) % 12] ?? ''} keeps number ${row * 17}${edit && row < 3 ? ', since Tuesday' : ''}.`,
  }));
  const long = Array.from({ length: 40 }, (_, word) => `${subjects[word % 12] ?? ''}${word}`).join(' ');
  const extra = [
    { id: 'long', question: 'What came first of all of them?', answer: long },
    { id: 'near', question: 'What came first of all of them?', answer: `${long} indeed` },
    { id: 'mail', question: 'Who wrote this letter to us?', answer: 'Ann did; write to ann.lee@example.org about it.' },
  ];
  const bad = [own[5], { id: 'empty', question: 'And then?', answer: '' }];
  return [...own, ...extra, ...(edit ? [] : bad)].map((line) => JSON.stringify(line)).join('\n');
}

let imported: Printed = {};

before(async () => {
  home = await newHome({ after: (work) => void cleanUps.push(work) });
  connection = await connectEngine({ home, environment: { ...process.env, FORGE_NETWORK_OFFLINE: 'true' } });
  const folder = path.join(home, 'my files');
  await mkdir(folder, { recursive: true });
  for (const [name, edit] of [
    ['march.jsonl', false],
    ['april.jsonl', true],
  ] as const) {
    await writeFile(path.join(folder, name), lines(edit));
    const printed = await json('data', 'import', path.join(folder, name), '--as', 'letters');
    if (!edit) imported = printed;
  }
});
after(async () => {
  await connection?.client.engine.stop();
  connection?.close();
  for (const cleanUp of cleanUps) await cleanUp();
});

test('forge data import', async () => {
  hasForm(imported, { name: 'letters', version: 1, seen: 65, accepted: 63, rejected: 1, merged: 1 }, [
    ...['digest', 'rejectsPath', 'seconds', 'peakBytes'],
  ]);
  assert.match(String(imported['digest']), /^[0-9a-f]{64}$/);
  const rejects = (await readFile(String(imported['rejectsPath']), 'utf8')).trim().split('\n');
  assert.equal((JSON.parse(rejects[0] ?? '{}') as Printed)['code'], 'EMPTY_FIELD');
});

const checked = ['rowsPath', 'seconds'];
const first = { name: 'letters', version: 1, rows: 63 };

test('forge data dedupe', async () => {
  const printed = await json('data', 'dedupe', 'letters:v1');
  const counts = { exact: 0, exactClusters: 0, near: 1, nearClusters: 1, kept: 62, over: 'both', threshold: 0.8 };
  hasForm(printed, { ...first, check: 'dedupe', ...counts }, [...checked, 'peakBytes']);
  const [row, ...more] = await linesAt(printed);
  assert.deepEqual([Object.keys(row ?? {}), row?.['kind'], more.length], [['id', 'kind', 'keeps'], 'near', 0]);
});

test('forge data split', async () => {
  const printed = await json('data', 'split', 'letters:v1', '--seed', '7');
  hasForm(printed, { ...first, check: 'split', seed: 7, leaks: { exactPairs: 0, nearPairs: 0 } }, [
    ...[...checked, 'sides', 'groups', 'leftOut', 'largestGroupRows', 'naive'],
  ]);
  const sides = printed['sides'] as Record<string, number>;
  const rows = await linesAt(printed);
  assert.equal(rows.length, 63);
  for (const side of ['train', 'validation', 'test'])
    assert.equal(rows.filter((row) => row['side'] === side).length, sides[side], side);
});

test('forge data contamination', async () => {
  const printed = await json('data', 'contamination', 'letters:v1');
  hasForm(printed, { ...first, check: 'contamination', certain: 0, review: 0, hits: [] }, [...checked, 'sets']);
  assert.deepEqual(await linesAt(printed), []);
});

test('forge data pii', async () => {
  const printed = await json('data', 'pii', 'letters:v1');
  const kinds = [{ kind: 'email', findings: 1, rows: 1 }];
  hasForm(printed, { ...first, check: 'pii', concerned: 1, kinds }, checked);
  const [row] = await linesAt(printed);
  assert.match(String(row?.['id']), /^[0-9a-f]{32}$/);
  assert.doesNotMatch(JSON.stringify(row), /ann\.lee/);
});

test('forge data diff', async () => {
  const printed = await json('data', 'diff', 'letters:v1', 'letters:v2');
  hasForm(printed, { schema: 'forge.diff/1', same: 60, added: 0, removed: 0, changed: 3, moved: 0 }, [
    ...[...checked, 'before', 'after', 'peakBytes'],
  ]);
  const rows = await linesAt(printed);
  assert.deepEqual(
    rows.map(({ change }) => change),
    ['changed', 'changed', 'changed'],
  );
  const { out } = await forge(['data', 'diff', 'letters', '--home', home]);
  assert.match(out, /letters:v1 \(63 rows\) to letters:v2 \(63 rows\)/);
  assert.match(out, /changed +3 +the same row of the source/);
});

test('forge study', async () => {
  const printed = await json('study', 'letters:v1');
  const { schema, rows, version, duplicates } = printed as Printed & { duplicates: { near: Printed } };
  assert.deepEqual([schema, rows, version], ['forge.study/1', 63, { name: 'letters', version: 1 }]);
  assert.equal(duplicates.near['count'], 1);
});

test('a dataset goes whole, says so, and each version comes back', async () => {
  const refused = await forge(['data', 'remove', 'letters', '--home', home]);
  assert.deepEqual([refused.code, /letters:v1, letters:v2/.test(refused.err.replace(/\s+/g, ' '))], [2, true]);
  const removed = await json('data', 'remove', 'letters', '--yes');
  hasForm(removed, { removed: ['letters:v1', 'letters:v2'], usedBy: [] }, ['freedBytes']);
  assert.deepEqual(await json('data', 'versions', 'letters'), []);
  for (const id of ['letters:v1', 'letters:v2']) await json('data', 'restore', id);
  const one = await json('data', 'remove', 'letters:v2', '--yes');
  hasForm(one, { removed: 'letters:v2', usedBy: [] }, ['freedBytes']);
});
