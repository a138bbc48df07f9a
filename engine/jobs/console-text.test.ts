import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConsoleChunk } from './console-streams.ts';
import { consolePage, consoleTexts, openTailBytes } from './console-text.ts';

const line = 'Verlust 0,42 € · 模型 🚀 fertig\n';

async function* inPieces(bytes: Uint8Array, size: number, from = 0): AsyncGenerator<ConsoleChunk> {
  for (let start = 0; start < bytes.length; start += size)
    yield { kind: 'bytes', offset: from + start, bytes: bytes.subarray(start, start + size) };
}

test('text comes out whole however the bytes are cut, and every piece goes on where the one before ended', async () => {
  const bytes = Buffer.from(line.repeat(3));
  for (let size = 1; size <= 9; size += 1) {
    let next = 100;
    let text = '';
    for await (const chunk of consoleTexts(inPieces(bytes, size, 100))) {
      assert.ok(chunk.kind === 'text');
      assert.equal(chunk.offset, next);
      assert.equal(Buffer.byteLength(chunk.text), chunk.next - chunk.offset);
      next = chunk.next;
      text += chunk.text;
    }
    assert.deepEqual([text, next], [line.repeat(3), 100 + bytes.length], `pieces of ${size}`);
  }
});

test('half a character before skipped bytes and at the end is shown as a replacement, not lost', async () => {
  const half = Buffer.from('🚀').subarray(0, 2);
  async function* chunks(): AsyncGenerator<ConsoleChunk> {
    yield { kind: 'bytes', offset: 0, bytes: half };
    yield { kind: 'skipped', from: 2, to: 50 };
    yield { kind: 'bytes', offset: 50, bytes: Buffer.concat([Buffer.from('a'), half]) };
  }
  const seen = [];
  for await (const chunk of consoleTexts(chunks())) seen.push(chunk);
  assert.deepEqual(seen, [
    { kind: 'text', offset: 0, next: 2, text: '\ufffd' },
    { kind: 'skipped', from: 2, to: 50 },
    { kind: 'text', offset: 50, next: 51, text: 'a' },
    { kind: 'text', offset: 51, next: 53, text: '\ufffd' },
  ]);
});

test('pages of a file join to the same text, and a page smaller than a character still moves on', () => {
  const bytes = Buffer.from(line);
  for (const limitBytes of [1, 2, 3, 4, 7, 1000]) {
    let [offset, text] = [0, ''];
    for (let round = 0; round < 200; round += 1) {
      const page = consolePage(bytes.subarray(offset, offset + limitBytes), { offset, limitBytes });
      text += page.text;
      offset = page.next;
      if (page.next === page.end) break;
    }
    assert.equal(offset, bytes.length);
    if (limitBytes >= 4) assert.equal(text, line);
  }
});

test('an end that is no beginning of a character is not waited for', () => {
  const tails = [[], [0x41], [0xc3], [0xe2, 0x82], [0xf0, 0x9f, 0x9a], [0xe2, 0x82, 0xac], [0x80, 0x80, 0x80]];
  assert.deepEqual(
    tails.map((bytes) => openTailBytes(Uint8Array.from(bytes))),
    [0, 0, 1, 2, 3, 0, 0],
  );
});
