import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createEventTail } from './run-directory-tail.ts';

const folder = mkdtempSync(join(tmpdir(), 'forge-tail-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const line = (seq: number, more: object = {}): string =>
  `${JSON.stringify({ v: 1, run: 'a/1', seq, t: 1, type: 'log', ...more })}\n`;
const none = { malformed: 0, oversized: 0, refused: 0, torn: 0 };
let files = 0;
const newPath = (): string => join(folder, `${(files += 1)}.jsonl`);

test('a file that does not exist yet is empty, and is read once it is there', () => {
  const path = newPath();
  const tail = createEventTail(path, 0);
  assert.deepEqual(tail.read(10), { events: [], nextOffset: 0, losses: none });
  appendFileSync(path, line(1));
  assert.deepEqual(
    tail.read(10).events.map(({ seq }) => seq),
    [1],
  );
  tail.dispose();
});

test('half a line is kept until its newline comes, wherever it is cut', () => {
  const text = line(1, { text: 'grün ✓' }) + line(2);
  const bytes = Buffer.from(text);
  for (let cut = 1; cut < bytes.length; cut += 1) {
    const path = newPath();
    appendFileSync(path, bytes.subarray(0, cut));
    const tail = createEventTail(path, 0);
    const first = tail.read(10).events;
    appendFileSync(path, bytes.subarray(cut));
    const events = [...first, ...tail.read(10).events];
    assert.deepEqual(
      events.map(({ seq, text: words }) => [seq, words]),
      [
        [1, 'grün ✓'],
        [2, undefined],
      ],
    );
    tail.dispose();
  }
});

test('a half line at the end of a dead run is dropped and counted', () => {
  const path = newPath();
  appendFileSync(path, line(1) + '{"v":1,"run":"a');
  const tail = createEventTail(path, 0);
  assert.equal(tail.read(10).nextOffset, line(1).length);
  assert.deepEqual(tail.finish(), { events: [], nextOffset: line(1).length + 15, losses: { ...none, torn: 1 } });
  tail.dispose();
});

test('lines that are no events are counted and do not stop the others', () => {
  const path = newPath();
  const odd = ['not json', '[]', '{"v":1}', 'null', JSON.stringify({ v: 1, run: 'a', seq: 0, t: 1, type: 'x' })];
  appendFileSync(
    path,
    line(1) + odd.map((words) => `${words}\n`).join('') + line(2, { v: 2 }) + '\n' + line(3, { type: 'new' }),
  );
  const tail = createEventTail(path, 0);
  const { events, losses } = tail.read(10);
  assert.deepEqual(
    events.map(({ seq, type }) => [seq, type]),
    [
      [1, 'log'],
      [3, 'new'],
    ],
  );
  assert.deepEqual(losses, { ...none, malformed: 5, refused: 1 });
  tail.dispose();
});

test('a line above the limit is dropped and counted once, in pieces or whole, also when it is read again', () => {
  const path = newPath();
  const limit = 200;
  const long = line(2, { text: 'x'.repeat(limit) });
  appendFileSync(path, line(1) + long.slice(0, limit + 20));
  const tail = createEventTail(path, 0, limit);
  const { nextOffset, losses } = tail.read(10);
  assert.deepEqual([nextOffset, losses.oversized], [line(1).length, 0]);
  appendFileSync(path, long.slice(limit + 20) + line(3));
  assert.deepEqual(
    tail.read(10).events.map(({ seq }) => seq),
    [3],
  );
  assert.equal(tail.read(10).losses.oversized, 1);
  tail.dispose();
  const again = createEventTail(path, nextOffset, limit);
  const batch = again.read(10);
  assert.deepEqual([batch.events.map(({ seq }) => seq), batch.losses.oversized], [[3], 1]);
  again.dispose();
});

test('a tail goes on at the offset of an earlier one, in batches of the size asked for', () => {
  const path = newPath();
  appendFileSync(path, Array.from({ length: 1000 }, (_, index) => line(index + 1)).join(''));
  const seen: number[] = [];
  let offset = 0;
  for (let tails = 0; tails < 20; tails += 1) {
    const tail = createEventTail(path, offset);
    const batch = tail.read(70);
    assert.ok(batch.events.length <= 70);
    seen.push(...batch.events.map(({ seq }) => seq));
    offset = batch.nextOffset;
    tail.dispose();
  }
  assert.deepEqual(
    seen,
    Array.from({ length: 1000 }, (_, index) => index + 1),
  );
});

test('a batch of large lines stays near 1 MiB', () => {
  const path = newPath();
  for (let seq = 1; seq <= 8; seq += 1) appendFileSync(path, line(seq, { text: 'x'.repeat(400_000) }));
  const tail = createEventTail(path, 0);
  const counts = [1, 2, 3, 4].map(() => tail.read(256).events.length);
  assert.deepEqual(counts, [3, 3, 2, 0]);
  tail.dispose();
});
