import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { FakeClock } from '#core/ports/fake-clock.ts';
import type { HostMessage } from '#core/ports/job-host.ts';
import { ConsoleLog } from './console-log.ts';
import { createConsoleRing } from './console-ring.ts';
import { ConsoleViewer, unacknowledgedBytes } from './console-viewer.ts';

const folder = mkdtempSync(join(tmpdir(), 'forge-console-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const bytesOf = (text: string): Uint8Array => Buffer.from(text);
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

test('a ring holds the newest bytes up to its capacity, by their offsets', () => {
  const ring = createConsoleRing(100, 10);
  ring.push(bytesOf('abcd'));
  ring.push(bytesOf('efgh'));
  assert.deepEqual([ring.startOffset, ring.endOffset, textOf(ring.read(102, 9))], [100, 108, 'cd']);
  ring.push(bytesOf('ijkl'));
  assert.deepEqual([ring.startOffset, ring.endOffset, textOf(ring.read(104, 2))], [104, 112, 'ef']);
  ring.push(bytesOf('0123456789ABCDEF'));
  assert.deepEqual([ring.startOffset, ring.endOffset, textOf(ring.read(118, 99))], [118, 128, '6789ABCDEF']);
  assert.equal(ring.read(128, 5).length, 0);
});

test('output is gathered for 5 ms, appended to the file with its offset, and dropped after the end', () => {
  const clock = new FakeClock();
  const path = join(folder, 'console.log');
  writeFileSync(path, 'before\n');
  let flushes = 0;
  const log = new ConsoleLog({ path, clock, onFlushed: () => (flushes += 1), onLost: () => assert.fail() });
  log.append(bytesOf('one '));
  clock.advance(4);
  log.append(bytesOf('two'));
  assert.equal(readFileSync(path, 'utf8'), 'before\n');
  clock.advance(1);
  assert.deepEqual([readFileSync(path, 'utf8'), log.ring.startOffset, flushes], ['before\none two', 7, 1]);
  log.append(bytesOf('.'));
  log.dispose();
  log.append(bytesOf('late'));
  log.dispose();
  assert.equal(readFileSync(path, 'utf8'), 'before\none two.');
});

function viewerOf(offset: number, path = join(folder, 'none')) {
  const messages: HostMessage[] = [];
  const viewer = new ConsoleViewer({ viewer: 1, offset, path, send: (message) => messages.push(message) });
  const sent = (): number => messages.reduce((sum, one) => sum + (one.kind === 'console' ? one.bytes.length : 0), 0);
  return { viewer, messages, sent };
}

test('at most 100,000 unacknowledged bytes are in flight to a viewer', () => {
  const ring = createConsoleRing(0);
  for (let piece = 0; piece < 30; piece += 1) ring.push(new Uint8Array(10_000));
  const { viewer, sent } = viewerOf(0);
  assert.equal(viewer.pump(ring), false);
  assert.equal(sent(), unacknowledgedBytes);
  viewer.pump(ring);
  assert.equal(sent(), unacknowledgedBytes);
  viewer.acknowledge(60_000);
  viewer.pump(ring);
  assert.equal(sent(), unacknowledgedBytes + 60_000);
});

test('a viewer behind the ring is told what it missed and goes on with the oldest bytes there are', () => {
  const ring = createConsoleRing(0, 10);
  ring.push(bytesOf('0123456789'));
  ring.push(bytesOf('abcdef'));
  const { viewer, messages } = viewerOf(3);
  assert.equal(viewer.pump(ring), true);
  assert.deepEqual(messages, [
    { kind: 'console-skipped', viewer: 1, from: 3, to: 10 },
    { kind: 'console', viewer: 1, offset: 10, bytes: bytesOf('abcdef') },
  ]);
});

test('without a live terminal a viewer reads the file', () => {
  const path = join(folder, 'old.log');
  writeFileSync(path, 'hello world');
  const { viewer, messages } = viewerOf(6, path);
  assert.equal(viewer.pump(null), true);
  assert.deepEqual(
    messages.map((one) => one.kind === 'console' && textOf(one.bytes)),
    ['world'],
  );
});
