import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { ForgeError } from '#contract/errors.ts';
import type { DataChoice } from './data-choice.ts';
import { createDatasetReadings } from './dataset-readings.ts';
import { createReadingWorker } from './reading-worker.ts';

const root = await mkdtemp(path.join(tmpdir(), 'forge-thread-'));
const worker = createReadingWorker();
after(async () => {
  worker.dispose();
  await rm(root, { recursive: true, force: true });
});

const choice = (file: string, rest: Partial<DataChoice> = {}): DataChoice => ({
  file,
  mapping: undefined,
  systemPrompt: undefined,
  seed: 17,
  heldOutRows: undefined,
  ...rest,
});

async function jsonl(name: string, rows: number): Promise<string> {
  const file = path.join(root, name);
  const lines = Array.from({ length: rows }, (_, row) =>
    JSON.stringify({
      question: `Frage ${row} über ${'abcdefgh'.charAt(row % 8).repeat(row % 30)}`,
      answer: `a${row % 7}`,
    }),
  );
  await writeFile(file, lines.join('\n'));
  return file;
}

test('the thread reads and divides as the engine does, and another split costs no second reading', async () => {
  const file = await jsonl('same.jsonl', 300);
  const reads: string[] = [];
  const there = createDatasetReadings({ worker, smallBytes: 0, onRead: (read) => void reads.push(read) });
  const here = createDatasetReadings();
  for (const one of [choice(file), choice(file, { heldOutRows: 11 }), choice(file, { seed: 3 }), choice(file)])
    assert.deepEqual(await there.read(one), await here.read(one));
  assert.equal(reads.length, 1);
});

test('refusals of the thread are the same errors, and it goes on', async () => {
  const readings = createDatasetReadings({ worker, smallBytes: 0 });
  const file = path.join(root, 'odd.csv');
  await writeFile(file, 'colour,size\nred,3\n');
  await assert.rejects(readings.read(choice(file)), (error: unknown) => {
    assert.ok(error instanceof ForgeError);
    assert.deepEqual(JSON.parse(String(error.detail['columns'])), ['colour', 'size']);
    return error.code === 'dataset.columns-unknown';
  });
  assert.equal((await readings.read(choice(await jsonl('next.jsonl', 20)))).read.rows.length, 20);
});

test('leaving ends the reading at once, and the next file is read by a new thread', async () => {
  const readings = createDatasetReadings({ worker, smallBytes: 0 });
  const stop = new AbortController();
  const slow = readings.read(choice(await jsonl('slow.jsonl', 40_000)), stop.signal);
  setTimeout(() => stop.abort(new Error('left')), 150);
  const began = performance.now();
  await assert.rejects(slow, /left/);
  assert.ok(performance.now() - began < 1_000);
  assert.equal((await readings.read(choice(await jsonl('after.jsonl', 20)))).read.rows.length, 20);
});
