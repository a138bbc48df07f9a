import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { findRepeats, rowMark } from './row-marks.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'forge-marks-'));
after(() => rmSync(folder, { recursive: true, force: true }));

interface MarkedRow {
  readonly content: string;
  readonly given?: string;
}

function writeMarks(rows: readonly MarkedRow[]): string {
  const hex = (text: string): string => createHash('sha256').update(text).digest('hex');
  const file = path.join(folder, 'marks');
  const marks = rows.map(({ content, given }) =>
    Buffer.from(rowMark(hex(content).slice(0, 32), given === undefined ? null : hex(given).slice(0, 16))),
  );
  writeFileSync(file, Buffer.concat(marks));
  return file;
}

function placesOf(set: { has(place: number): boolean }, rows: number): number[] {
  return Array.from({ length: rows }, (_, place) => place).filter((place) => set.has(place));
}

test('equal content is merged into its first row; an id given to other content is flagged on both', async () => {
  const rows: MarkedRow[] = [
    { content: 'a', given: '1' },
    { content: 'b', given: '1' },
    { content: 'a', given: '1' },
    { content: 'c', given: '2' },
    { content: 'c', given: '3' },
    { content: 'd' },
    { content: 'e' },
    { content: 'd' },
    { content: 'f', given: '3' },
  ];
  const { merged, sharedIds } = await findRepeats(writeMarks(rows), rows.length);
  assert.deepEqual(placesOf(merged, rows.length), [2, 4, 7]);
  // Row 4 was merged, so its id 3 is that of row 8 alone.
  assert.deepEqual(placesOf(sharedIds, rows.length), [0, 1]);
  assert.deepEqual([merged.count, sharedIds.count], [3, 2]);
});

test('many passes over little memory find what one pass finds', async () => {
  const rows = Array.from({ length: 20_000 }, (_, index) => ({
    content: `row ${(index * 7919) % 15_000}`,
    given: `id ${index % 12_345}`,
  }));
  const file = writeMarks(rows);
  const whole = await findRepeats(file, rows.length);
  const inParts = await findRepeats(file, rows.length, { passKeys: 300 });
  assert.equal(whole.merged.count, 5_000);
  assert.deepEqual(placesOf(inParts.merged, rows.length), placesOf(whole.merged, rows.length));
  assert.deepEqual(placesOf(inParts.sharedIds, rows.length), placesOf(whole.sharedIds, rows.length));
  const first = new Set<string>();
  const expected = rows.flatMap(({ content }, place) => (first.has(content) ? [place] : (first.add(content), [])));
  assert.deepEqual(placesOf(whole.merged, rows.length), expected);
});

test('no rows and a file that is too short', async () => {
  const file = writeMarks([]);
  assert.equal((await findRepeats(file, 0)).merged.count, 0);
  await assert.rejects(findRepeats(file, 5), /shorter/);
});

test('looking for repeats can be given up between pieces', async () => {
  const rows = Array.from({ length: 100_000 }, (_, index) => ({ content: `${index}` }));
  const file = writeMarks(rows);
  let pauses = 0;
  const pause = (): Promise<void> => {
    pauses += 1;
    return pauses > 2 ? Promise.reject(new Error('given up')) : Promise.resolve();
  };
  await assert.rejects(findRepeats(file, rows.length, { pause }), /given up/);
});
