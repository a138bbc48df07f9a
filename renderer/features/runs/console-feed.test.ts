import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConsoleBuffer, consoleWindowBytes, findConsoleEnd, followConsole, readConsole } from './console-feed.ts';
import { FakeRuns } from './fake-runs.ts';

function placeOf(fake: FakeRuns) {
  return { client: fake.client, signal: new AbortController().signal, job: 'job' };
}

function recordingSink() {
  const heard: string[] = [];
  return {
    heard,
    onStart: (offset: number) => heard.push(`start ${offset}`),
    onText: (text: string) => heard.push(`text ${text.length}`),
    onSkipped: (from: number, to: number) => heard.push(`skipped ${from} ${to}`),
    onEnd: () => heard.push('end'),
  };
}

test('the buffer hands out all that came, once', () => {
  const buffer = new ConsoleBuffer();
  buffer.push('a');
  buffer.push('b');
  assert.deepEqual(buffer.take(), { text: 'ab', dropped: 0 });
  assert.deepEqual(buffer.take(), { text: '', dropped: 0 });
});

test('a terminal that does not keep up loses the oldest and is told how much; memory stays bounded', () => {
  const buffer = new ConsoleBuffer();
  const piece = 'x'.repeat(100_000);
  for (let index = 0; index < 30; index += 1) buffer.push(piece);
  const { text, dropped } = buffer.take();
  assert.equal(text.length + dropped, 3_000_000);
  assert.ok(text.length <= 2_000_000 && text.length > 1_800_000);
});

test('a short console is shown from its beginning', async () => {
  const fake = new FakeRuns();
  fake.console = 'hello\n';
  const sink = recordingSink();
  await followConsole(placeOf(fake), sink, { offset: null });
  assert.deepEqual(sink.heard, ['start 0', 'text 6', 'end']);
});

test('of a long console only the end is read, in few questions', async () => {
  const fake = new FakeRuns();
  fake.console = 'y'.repeat(20_000_000);
  const sink = recordingSink();
  await followConsole(placeOf(fake), sink, { offset: null });
  const start = Number(sink.heard[0]?.replace('start ', ''));
  assert.ok(
    start >= 20_000_000 - consoleWindowBytes && start <= 20_000_000 - consoleWindowBytes + 1_024,
    String(start),
  );
  assert.ok((await findConsoleEnd(placeOf(fake))) >= 20_000_000);
});

test('after a lost connection the console goes on where it was, without asking for its size again', async () => {
  const fake = new FakeRuns();
  fake.console = 'one\ntwo\n';
  const sink = recordingSink();
  await followConsole(placeOf(fake), sink, { offset: 4 });
  assert.deepEqual(sink.heard, ['text 4', 'end']);
});

test('a job that has not started has an empty console', async () => {
  assert.equal(await findConsoleEnd(placeOf(new FakeRuns())), 0);
});

test('older output is read over several pages and ends where the file does', async () => {
  const fake = new FakeRuns();
  fake.console = 'z'.repeat(700_000);
  assert.equal((await readConsole(placeOf(fake), { from: 100_000, to: 650_000 })).length, 550_000);
  assert.equal((await readConsole(placeOf(fake), { from: 600_000, to: 900_000 })).length, 100_000);
});
