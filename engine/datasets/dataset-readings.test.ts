import assert from 'node:assert/strict';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { ForgeError } from '#contract/errors.ts';
import type { DataChoice } from './data-choice.ts';
import { createDatasetReadings } from './dataset-readings.ts';
import { inspectionOf, shownCharacters } from './inspect-dataset.ts';

const root = await mkdtemp(path.join(tmpdir(), 'forge-readings-'));
after(() => rm(root, { recursive: true, force: true }));

async function csv(name: string, rows = 40): Promise<string> {
  const file = path.join(root, name);
  const lines = Array.from(
    { length: rows },
    (_, row) => `frage ${row} zu ${'abcdefgh'.charAt(row % 8)}${row * 7},antwort ${row},gut`,
  );
  await writeFile(file, `Frage,Antwort,Note\n${lines.join('\n')}\n`);
  return file;
}

const choice = (file: string, rest: Partial<DataChoice> = {}): DataChoice => ({
  file,
  mapping: { prompt: 'Frage', answer: 'Antwort' },
  systemPrompt: undefined,
  seed: 17,
  heldOutRows: undefined,
  ...rest,
});

function counted(options: Parameters<typeof createDatasetReadings>[0] = {}) {
  const reads: string[] = [];
  return {
    reads,
    readings: createDatasetReadings({ ...options, onRead: (file) => void reads.push(path.basename(file)) }),
  };
}

const refusedAs = (code: string) => (error: unknown) => error instanceof ForgeError && error.code === code;

test('a file is read once, however often and at the same time it is asked for', async () => {
  const file = await csv('once.csv');
  const { reads, readings } = counted();
  const all = await Promise.all(
    [choice(file), choice(file), choice(file, { heldOutRows: 5 })].map((one) => readings.read(one)),
  );
  assert.deepEqual(reads, ['once.csv']);
  assert.deepEqual([all[0]?.split.report.heldOut.rows, all[2]?.split.report.heldOut.rows], [13, 5]);
});

test('another mapping, another instruction, or a changed file is another reading', async () => {
  const file = await csv('changed.csv');
  const { reads, readings } = counted();
  await readings.read(choice(file));
  const turned = await readings.read(choice(file, { mapping: { prompt: 'Antwort', answer: 'Note' } }));
  assert.equal(turned.read.rows[0]?.messages.at(-1)?.content, 'gut');
  assert.deepEqual(turned.read.columns, ['Frage', 'Antwort', 'Note']);
  const told = await readings.read(choice(file, { systemPrompt: 'Antworte kurz.' }));
  assert.equal(told.read.rows[0]?.messages[0]?.content, 'Antworte kurz.');
  await utimes(file, new Date(), new Date(Date.now() + 5000));
  await readings.read(choice(file));
  assert.equal(reads.length, 4);
});

test('memory is bounded: beyond the limit only the newest file stays', async () => {
  const [first, second] = [await csv('first.csv'), await csv('second.csv')];
  const { reads, readings } = counted({ keptBytes: 2000 });
  for (const file of [first, second, second, first]) await readings.read(choice(file));
  assert.deepEqual(reads, ['first.csv', 'second.csv', 'first.csv']);
});

test('what nobody asks for is forgotten', async () => {
  const file = await csv('idle.csv');
  const { reads, readings } = counted({ idleMs: 5 });
  await readings.read(choice(file));
  await new Promise((resolve) => setTimeout(resolve, 40));
  await readings.read(choice(file));
  assert.equal(reads.length, 2);
});

test('a file that goes away between two pages is told by its own error, and the next file is read', async () => {
  const [gone, there] = [await csv('gone.csv'), await csv('there.csv')];
  const { readings } = counted();
  await readings.read(choice(gone));
  await rm(gone);
  await assert.rejects(readings.read(choice(gone)), refusedAs('dataset.not-found'));
  assert.equal((await readings.read(choice(there))).read.rows.length, 40);
});

test('breaking off stops the reading', async () => {
  const file = await csv('stopped.csv', 20_000);
  const { readings } = counted();
  const stop = new AbortController();
  const reading = readings.read(choice(file), stop.signal);
  stop.abort(new Error('left'));
  await assert.rejects(reading, /left/);
});

test('a column that is not there names all that are, commas and all', async () => {
  const file = path.join(root, 'commas.csv');
  await writeFile(file, `"Frage, kurz",x\n${Array.from({ length: 12 }, (_, row) => `a${row},b${row}`).join('\n')}\n`);
  const { readings } = counted();
  const columnsOf = async (one: DataChoice): Promise<unknown> => {
    const error: unknown = await readings.read(one).catch((failure: unknown) => failure);
    assert.ok(error instanceof ForgeError);
    return [error.code, JSON.parse(String(error.detail['columns']))];
  };
  assert.deepEqual(await columnsOf({ ...choice(file), mapping: undefined }), [
    'dataset.columns-unknown',
    ['Frage, kurz', 'x'],
  ]);
  assert.deepEqual(await columnsOf(choice(file)), ['dataset.column-missing', ['Frage, kurz', 'x']]);
});

test('a page has the rows of its place, each with its side, and long texts are cut with a word on it', async () => {
  const file = path.join(root, 'long.jsonl');
  const rows = Array.from({ length: 30 }, (_, row) => ({
    question: row === 3 ? `${'x'.repeat(199_999)}🗂` : `q${row} ${row * 13}`,
    answer: `a${row}`,
  }));
  await writeFile(file, rows.map((row) => JSON.stringify(row)).join('\n'));
  const { readings } = counted();
  const reading = await readings.read({ ...choice(file), mapping: undefined });
  const page = inspectionOf(file, reading, { offset: 2, limit: 3 });
  assert.deepEqual(
    page.rows.map(({ row }) => row.source?.line),
    [3, 4, 5],
  );
  assert.equal(page.total, 30);
  assert.match(page.rows[1]?.row.messages[0]?.content ?? '', /… \(180001 more characters\)$/);
  assert.ok((page.rows[1]?.row.messages[0]?.content.length ?? 0) < shownCharacters + 50);
  const whole = inspectionOf(file, reading, { offset: 0, limit: 200 });
  const sides = Object.groupBy(whole.rows, ({ side }) => side);
  const { train, validation, heldOut } = whole.split;
  assert.deepEqual(
    [sides.train?.length, sides.validation?.length, sides['held-out']?.length],
    [train.rows, validation.rows, heldOut.rows],
  );
  assert.match(whole.scoring, /^Answers are scored by .+\.$/);
});

test('a page of huge rows ends early instead of filling the wire', async () => {
  const file = path.join(root, 'huge.jsonl');
  const text = (row: number): string => `${row} ${'wort '.repeat(4000)}`;
  const rows = Array.from({ length: 300 }, (_, row) =>
    JSON.stringify({ question: text(row), answer: text(row + 1000) }),
  );
  await writeFile(file, rows.join('\n'));
  const { readings } = counted();
  const page = inspectionOf(file, await readings.read({ ...choice(file), mapping: undefined }), {
    offset: 0,
    limit: 200,
  });
  assert.ok(page.rows.length >= 40 && page.rows.length < 60, `${page.rows.length}`);
});
