import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textRow } from '#core/foundry/fake-rows.ts';
import type { ScriptProgram, ScriptStop } from '#core/foundry/scripts/sandbox.ts';
import { program, runScript } from './open-air.ts';

async function texts(
  source: string,
  more: Partial<ScriptProgram> = {},
  messages = [
    ['a', 'b'],
    ['c', 'd'],
  ],
): Promise<string[]> {
  const answers = await runScript(
    program(source, more),
    messages.map((message) => message.map((text) => textRow(text))),
  );
  assert.ok(Array.isArray(answers), JSON.stringify(answers));
  return answers.flatMap(({ results }) => results.flatMap((rows) => rows.map((row) => (row as { text: string }).text)));
}

async function stopOf(source: string, more: Partial<ScriptProgram> = {}): Promise<ScriptStop> {
  const answers = await runScript(program(source, more));
  assert.ok(!Array.isArray(answers), 'it went through');
  return answers;
}

const body = (line: string): string => `def transform(row):\n    ${line}`;

test('a row, a list of rows and None are the three answers', async () => {
  const source = `
def transform(row):
    if row["text"] == "a":
        return None
    if row["text"] == "b":
        return [{**row, "text": "b1"}, {**row, "text": "b2"}]
    return row`;
  assert.deepEqual(await texts(source), ['b1', 'b2', 'c', 'd']);
});

test('setup sees the sample once, before the first row', async () => {
  const source =
    'seen = []\ndef setup(sample):\n    seen.extend(sample)\ndef transform(row):\n    return {**row, "text": str(len(seen))}';
  assert.deepEqual(await texts(source, { sample: [textRow('x'), textRow('y')] }), ['2', '2', '2', '2']);
});

test('what is remembered between rows stays between messages', async () => {
  const source =
    'seen = set()\ndef transform(row):\n    seen.add(row["text"])\n    return {**row, "text": "".join(sorted(seen))}';
  assert.deepEqual(await texts(source), ['a', 'ab', 'abc', 'abcd']);
});

test('chance depends on the seed and the row, not on where messages end', async () => {
  const source = 'import random\n' + body('return {**row, "text": str(random.random())}');
  const allow = { clock: false, random: true };
  const whole = await texts(source, { allow }, [['a', 'b', 'c', 'd']]);
  assert.deepEqual(await texts(source, { allow }, [['a'], ['b', 'c', 'd']]), whole);
  assert.equal(new Set(whole).size, 4);
  assert.notDeepEqual(await texts(source, { allow, seed: 1 }, [['a', 'b', 'c', 'd']]), whole);
});

test('the order of a set is the same in every run', async () => {
  const source = body('return {**row, "text": " ".join({"apple", "pear", "plum", "fig", "lime"})}');
  assert.deepEqual(await texts(source), await texts(source));
});

const forbidden = [
  ['time.time()', 'import time', '--allow-clock'],
  ['time.perf_counter_ns()', 'import time', '--allow-clock'],
  ['time.localtime()', 'import time', '--allow-clock'],
  ['datetime.datetime.now()', 'import datetime', '--allow-clock'],
  ['datetime.now()', 'from datetime import datetime', '--allow-clock'],
  ['date.today()', 'from datetime import date', '--allow-clock'],
  ['random.random()', 'import random', '--allow-random'],
  ['shuffle([1, 2])', 'from random import shuffle', '--allow-random'],
  ['random.Random()', 'import random', '--allow-random'],
  ['os.urandom(4)', 'import os', '--allow-random'],
  ['uuid.uuid4()', 'import uuid', '--allow-random'],
  ['secrets.token_hex()', 'import secrets', '--allow-random'],
] as const;
for (const [call, imports, option] of forbidden)
  test(`${call} is refused, with the option that allows it`, async () => {
    const stop = await stopOf(`${imports}\n${body(`return {**row, "text": str(${call})}`)}`);
    assert.equal(stop.why, 'exception');
    assert.match(stop.reason, new RegExp(option));
  });

test('times that are given and generators with a seed are welcome', async () => {
  const call = 'str(time.gmtime(0).tm_year) + str(datetime.date(2020, 1, 2)) + str(random.Random(5).random())[:4]';
  assert.deepEqual(
    await texts(`import time, datetime, random\n${body(`return {**row, "text": ${call}}`)}`, {}, [['a']]),
    ['19702020-01-020.62'],
  );
});

test('the clock is there when it was asked for', async () => {
  const got = await texts(`import time\n${body('return {**row, "text": str(time.time())}')}`, {
    allow: { clock: true, random: false },
  });
  assert.ok(Number(got[0]) > 1.7e9);
});

test('an exception names its row and shows the lines of the script alone', async () => {
  const stop = await stopOf(
    'def inner(row):\n    return 1 / (row["text"] != "two")\n\ndef transform(row):\n    inner(row)\n    return row',
  );
  assert.deepEqual([stop.why, stop.row], ['exception', 1]);
  assert.match(stop.reason, /^ZeroDivisionError: division by zero/);
  assert.match(stop.traceback, /script\.py", line 5, in transform\n {4}inner\(row\)\n.*line 2, in inner/);
  assert.doesNotMatch(stop.traceback, /driver|<string>/);
});

const badStarts = [
  ['def transform(row:', /SyntaxError/],
  ['x = 1', /no function transform/],
  ['transform = 5', /no function transform/],
  ['raise ValueError("at once")', /ValueError: at once/],
  ['import numpy\ndef transform(row): return row', /ModuleNotFoundError/],
  ['def setup(sample): raise KeyError("s")\ndef transform(row): return row', /KeyError/],
  ['import sys\nsys.exit(0)', /SystemExit/],
] as const;
for (const [source, reason] of badStarts)
  test(`a script that cannot start says so: ${source.split('\n')[0]}`, async () => {
    const stop = await stopOf(source);
    assert.equal(stop.row, null);
    assert.match(stop.reason, reason);
  });

const badRows = [
  ['return "text"', 'bad-result', /gave str/],
  ['return [row, 5]', 'bad-result', /gave int/],
  ['return {**row, "text": {1, 2}}', 'exception', /not JSON serializable/],
  ['return {**row, "score": float("nan")}', 'exception', /not JSON compliant/],
  ['return {**row, "text": "\\ud800"}', 'exception', /surrogates not allowed/],
  ['row["row"] = row; return row', 'exception', /Circular reference/],
  ['return transform(row)', 'exception', /RecursionError/],
  ['raise SystemExit', 'exception', /SystemExit/],
  ['x = "y" * (2 ** 31); return row', 'memory', /MemoryError/],
  ['print("x" * 2_000_000); return row', 'output', /printed more than/],
  ['return {**row, "text": "x" * 2_000_000}', 'output', /gave more than/],
  ['import os; os._exit(3)', 'crash', /code 3/],
  ['while True: pass', 'time', /longer than/],
] as const;
for (const [line, why, reason] of badRows)
  test(`a row that goes wrong is named: ${line}`, async () => {
    const stop = await stopOf(`def transform(row):\n    if row["text"] == "one": return row\n    ${line}`);
    assert.deepEqual([stop.why, stop.row], [why, 1]);
    assert.match(stop.reason, reason);
  });

test('an exception whose text cannot be made stops like any other', async () => {
  const stop = await stopOf(
    'class Odd(Exception):\n    def __str__(self): raise Odd()\ndef transform(row): raise Odd()',
  );
  assert.deepEqual([stop.why, stop.reason], ['exception', 'Odd']);
});

test('what is printed comes back, its beginning only', async () => {
  const answers = await runScript(
    program(`import sys\n${body('print("p" * 3000); print("e", file=sys.stderr); return row')}`),
  );
  assert.ok(Array.isArray(answers));
  assert.equal(answers[0]?.printed.length, 4_000);
});
