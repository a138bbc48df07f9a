import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ForgeClient } from '#contract/client.ts';
import type { LogLine, LogPage } from '#contract/engine-log.ts';
import { createEngineAccess } from '../../connection/engine-access.ts';
import { createLogStore, keptLines } from './log-store.ts';
import { lineText, matchingLines } from './log-text.ts';

const lineAt = (at: number, part: Partial<LogLine> = {}): LogLine => ({
  ...{ at, t: 1_000, level: 'info', module: 'serving', message: `line ${at}`, fields: {} },
  ...part,
});

/** An engine whose log is these lines, a byte each. */
function engineWith(written: LogLine[]) {
  const engine = createEngineAccess();
  const asked: unknown[] = [];
  const tail = async (input: Parameters<ForgeClient['logs']['tail']>[0]): Promise<LogPage> => {
    asked.push(input);
    const { before = null, after = null, limit = 200, minimum } = input;
    const own = minimum === 'error' ? written.filter(({ level }) => level === 'error') : written;
    const size = written.length;
    const rest = { isNewFile: false, file: '/logs/engine.log' };
    if (after !== null) {
      const lines = own.filter(({ at }) => at >= after).slice(0, limit);
      const end = lines.length === limit ? (lines.at(-1)?.at ?? 0) + 1 : size;
      return { ...rest, lines, start: after, end, hasMore: end < size };
    }
    const lines = own.filter(({ at }) => at < (before ?? size)).slice(-limit);
    const start = lines.length < limit ? 0 : (lines[0]?.at ?? 0);
    return { ...rest, lines, start, end: before ?? size, hasMore: false };
  };
  engine.onConnected({ logs: { tail } } as unknown as ForgeClient, new AbortController().signal);
  return { engine, asked };
}

async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < 600 && !isSo(); turn += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(isSo());
}

test('the end is read first, what is written later comes behind it, and earlier lines before it', async (t) => {
  const written = Array.from({ length: 700 }, (_, at) => lineAt(at));
  const { engine } = engineWith(written);
  const store = createLogStore(engine);
  t.after(store.getState().open());
  await until(() => store.getState().lines?.length === 500);
  assert.deepEqual([store.getState().lines?.[0]?.at, store.getState().hasEarlier], [200, true]);
  written.push(lineAt(700));
  await until(() => store.getState().lines?.at(-1)?.at === 700);
  await store.getState().readEarlier();
  assert.deepEqual([store.getState().lines?.length, store.getState().hasEarlier], [701, false]);
  assert.deepEqual(
    store.getState().lines?.map(({ at }) => at),
    written.map(({ at }) => at),
  );
});

test('another level is read at once and shows nothing of the one before', async (t) => {
  const { engine } = engineWith([lineAt(0), lineAt(1, { level: 'error' }), lineAt(2)]);
  const store = createLogStore(engine);
  t.after(store.getState().open());
  await until(() => store.getState().lines?.length === 3);
  store.getState().setMinimum('error');
  assert.equal(store.getState().lines, null);
  await until(() => store.getState().lines?.length === 1);
  assert.equal(store.getState().lines?.[0]?.level, 'error');
});

test('a flood is held in bounded memory, and what left can be read again', async (t) => {
  const written = [lineAt(0)];
  const { engine } = engineWith(written);
  const store = createLogStore(engine);
  t.after(store.getState().open());
  await until(() => store.getState().lines?.length === 1);
  for (let at = 1; at < keptLines + 1_500; at += 1) written.push(lineAt(at));
  await until(() => store.getState().lines?.at(-1)?.at === keptLines + 1_499);
  assert.deepEqual([store.getState().lines?.length, store.getState().lines?.[0]?.at], [keptLines, 1_500]);
  assert.equal(store.getState().hasEarlier, true);
});

test('all words of the search must be in a line, wherever; a copied line is one line with what was noted', () => {
  const lines = [lineAt(1, { fields: { path: '/a b', error: 'it\nbroke' } }), lineAt(2)];
  assert.deepEqual(matchingLines(lines, ' BROKE serving '), [lines[0]]);
  assert.equal(matchingLines(lines, '').length, 2);
  const [first] = lines;
  assert.ok(first);
  assert.equal(lineText(first), '1970-01-01T00:00:01.000Z  info  serving  line 1  path=/a b  error=it broke');
});
