import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { logPage, type LogLevel } from '#contract/engine-log.ts';
import { createEngineLogReader, type EngineLogPlace } from './read-engine-log.ts';

async function setting(t: TestContext) {
  const folder = await mkdtemp(path.join(tmpdir(), 'forge-log-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'engine.log');
  const reader = createEngineLogReader({ file, redact: (text) => text.replaceAll('s3cret-value', '[secret key]') });
  const tail = async (part: Partial<EngineLogPlace> = {}) =>
    logPage.parse(await reader.tail({ before: null, after: null, limit: 200, minimum: 'debug', ...part }));
  return { file, tail };
}

const line = (message: string, level: LogLevel = 'info', fields: object = {}): string =>
  `${JSON.stringify({ t: '2026-01-02T03:04:05.678Z', level, module: 'serving', message, ...fields })}\n`;
const messages = ({ lines }: { lines: readonly { message: string }[] }): string[] =>
  lines.map(({ message }) => message);

test('no file is an empty page, and what is written later is found by its cursor', async (t) => {
  const { file, tail } = await setting(t);
  const empty = await tail();
  assert.deepEqual([empty.lines, empty.start, empty.end, empty.file], [[], 0, 0, file]);
  await writeFile(file, line('first'));
  assert.deepEqual(messages(await tail({ after: empty.end })), ['first']);
});

test('pages back to the beginning without a gap and without a double, whatever the page size', async (t) => {
  const { file, tail } = await setting(t);
  const all = Array.from({ length: 3_000 }, (_, index) => `line ${index} ${'ä'.repeat(index % 90)}`);
  await writeFile(file, all.map((message) => line(message)).join(''));
  for (const limit of [1, 7, 1000]) {
    const seen: string[] = [];
    let before: number | null = null;
    for (let pages = 0; seen.length < all.length && pages < 5_000; pages += 1) {
      const page = await tail({ before, limit });
      assert.ok(page.lines.length <= limit);
      seen.unshift(...messages(page));
      before = page.start;
    }
    assert.deepEqual(seen, all);
    assert.equal(before, 0);
  }
});

test('following gives each line once, and a half-written one only when it is whole', async (t) => {
  const { file, tail } = await setting(t);
  const torn = line('torn');
  await writeFile(file, line('old') + torn.slice(0, 20));
  const first = await tail();
  assert.deepEqual(messages(first), ['old']);
  const between = await tail({ after: first.end });
  assert.deepEqual([between.lines, between.end], [[], first.end]);
  await appendFile(file, torn.slice(20) + line('new'));
  const second = await tail({ after: first.end, limit: 1 });
  assert.deepEqual([messages(second), second.hasMore], [['torn'], true]);
  const third = await tail({ after: second.end });
  assert.deepEqual([messages(third), third.hasMore], [['new'], false]);
});

test('a level leaves out what is below it, and never what Forge did not write itself', async (t) => {
  const { file, tail } = await setting(t);
  const crash = 'TypeError: nothing is nothing\n    at somewhere.ts:3\n';
  await writeFile(file, line('quiet', 'debug') + line('note') + line('odd', 'warn') + crash + line('bad', 'error'));
  const shown = await tail({ minimum: 'warn' });
  assert.deepEqual(
    shown.lines.map(({ level, message }) => [level, message]),
    [
      ['warn', 'odd'],
      [null, 'TypeError: nothing is nothing'],
      [null, '    at somewhere.ts:3'],
      ['error', 'bad'],
    ],
  );
});

test('a filter that lets nothing by looks through a bounded piece and says where to go on', async (t) => {
  const { file, tail } = await setting(t);
  await writeFile(file, line('the one', 'error') + line('x'.repeat(900)).repeat(9_000));
  let page = await tail({ minimum: 'error' });
  assert.deepEqual(page.lines, []);
  assert.ok(page.start > 0);
  for (let pages = 0; page.start > 0 && pages < 10; pages += 1)
    page = await tail({ minimum: 'error', before: page.start });
  assert.deepEqual(messages(page), ['the one']);
});

test('secrets, endless lines and deep fields come out bounded and clean', async (t) => {
  const { file, tail } = await setting(t);
  const fields = { error: 'refused s3cret-value', list: [1, 2], deep: { text: 'y'.repeat(9_000) } };
  await writeFile(file, line('with s3cret-value', 'warn', fields) + `${'z'.repeat(700_000)}\n` + line('after it'));
  const { lines } = await tail();
  assert.equal(JSON.stringify(lines).includes('s3cret-value'), false);
  const [first] = lines;
  assert.deepEqual(
    [first?.message, first?.fields['error'], first?.fields['list']],
    ['with [secret key]', 'refused [secret key]', '[1,2]'],
  );
  assert.equal(first?.fields['deep']?.length, 2_001);
  assert.ok(lines.every(({ message }) => message.length <= 8_001));
  assert.equal(lines.at(-1)?.message, 'after it');
  const again = await tail({ after: 0 });
  assert.equal(again.lines.at(-1)?.message, 'after it');
});

test('a file that was put in its place is told and read from its end', async (t) => {
  const { file, tail } = await setting(t);
  await writeFile(file, line('old').repeat(50));
  const { end } = await tail();
  await writeFile(file, line('of the new file'));
  const page = await tail({ after: end });
  assert.deepEqual([page.isNewFile, messages(page)], [true, ['of the new file']]);
});
