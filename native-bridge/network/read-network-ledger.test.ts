import assert from 'node:assert/strict';
import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readLines } from '../files/read-lines.ts';
import { readLinesBackward } from '../files/read-lines-backward.ts';
import { createNetworkLedgerReader } from './read-network-ledger.ts';

const home = await mkdtemp(join(tmpdir(), 'forge-ledger-'));
after(() => rm(home, { recursive: true, force: true }));
const ledger = join(home, 'logs', 'network.jsonl');

function line(t: number, ms = 1, more: object = {}): string {
  const entry = { t, purpose: 'a test', method: 'GET', host: 'hub.example', path: `/${t}`, bytes: 5, status: 200, ms };
  return `${JSON.stringify({ ...entry, error: null, ...more })}\n`;
}

async function writeLedger(...lines: string[]): Promise<void> {
  await mkdir(join(home, 'logs'), { recursive: true });
  await rm(ledger, { force: true });
  await writeFile(ledger, lines.join(''));
}

const reader = createNetworkLedgerReader(home);
const times = async (before: number | null, limit: number): Promise<number[]> =>
  (await reader.page({ before, limit })).entries.map(({ t }) => t);

test('without a ledger there is nothing, and a line becomes an entry with its address', async () => {
  assert.deepEqual(await reader.page({ before: null, limit: 5 }), { entries: [], total: 0, skipped: 0 });
  await writeLedger(
    line(1, 7, { error: 'ECONNREFUSED', status: null }),
    line(2, 3, { host: null, path: 'uv', method: 'TOOL' }),
  );
  const { entries } = await reader.page({ before: null, limit: 5 });
  assert.deepEqual(
    entries.map(({ url, failure, milliseconds }) => [url, failure, milliseconds]),
    [
      ['uv', null, 3],
      ['https://hub.example/1', 'ECONNREFUSED', 7],
    ],
  );
  assert.deepEqual([entries[1]?.receivedBytes, entries[1]?.sentBytes, entries[1]?.status], [5, null, null]);
});

test('pages go by the time a request began, also past a long download that ended late', async () => {
  // The download began at 5 and ended at 95, after all the others.
  await writeLedger(...[10, 20, 30, 40, 50, 60, 70, 80, 90].map((t) => line(t)), line(5, 90), line(96));
  const seen: number[] = [];
  for (
    let before: number | null = null, page = await times(before, 3);
    page.length > 0;
    page = await times(before, 3)
  ) {
    seen.push(...page);
    before = page.at(-1) ?? null;
  }
  assert.deepEqual(seen, [96, 90, 80, 70, 60, 50, 40, 30, 20, 10, 5]);
});

test('entries of the same millisecond stay on one page, so that none is lost between two', async () => {
  await writeLedger(line(1), line(2), line(2), line(2), line(3));
  assert.deepEqual([await times(null, 2), await times(2, 2)], [[3, 2, 2, 2], [1]]);
});

test('torn and foreign lines are left out and counted', async () => {
  await writeLedger(line(1), '{"t":2,"pur\n', '\n', '42\n', line(3), '{"t":4');
  const page = await reader.page({ before: null, limit: 10 });
  assert.deepEqual([page.entries.map(({ t }) => t), page.skipped, page.total], [[3, 1], 3, 5]);
});

test('of a large ledger only the end is read, and what was added is counted', async () => {
  const lines = Array.from({ length: 50_000 }, (_, index) => line(index * 10));
  await writeLedger(...lines);
  assert.equal((await reader.page({ before: null, limit: 1 })).total, 50_000);
  await appendFile(ledger, line(600_000));
  const started = performance.now();
  const page = await reader.page({ before: null, limit: 100 });
  assert.ok(performance.now() - started < 100);
  assert.deepEqual([page.total, page.entries.length, page.entries[0]?.t], [50_001, 100, 600_000]);
  await writeLedger(line(1));
  assert.equal((await reader.page({ before: null, limit: 1 })).total, 1);
});

async function all(lines: AsyncIterable<string>): Promise<string[]> {
  const found = [];
  for await (const each of lines) found.push(each);
  return found;
}

test('lines come whole from either end, however they lie across the blocks', async () => {
  const path = join(home, 'lines.txt');
  const texts = Array.from({ length: 3000 }, (_, index) => `${index} ${'ü🚀'.repeat(index % 40)}`);
  for (const ending of ['\n', '']) {
    await writeFile(path, texts.join('\n') + ending);
    assert.deepEqual(await all(readLinesBackward(path, 10_000)), texts.toReversed());
    assert.deepEqual(await all(readLines(path, 10_000)), texts);
  }
  await writeFile(path, `a\n${'b'.repeat(300_000)}\nc\n`);
  assert.deepEqual(
    (await all(readLinesBackward(path, 1000))).map((text) => text.length),
    [1, 1000, 1],
  );
  assert.deepEqual(await all(readLines(path, 1000)), ['a', 'c']);
  assert.deepEqual(
    [await all(readLines(join(home, 'none'), 9)), await all(readLinesBackward(join(home, 'none'), 9))],
    [[], []],
  );
});
