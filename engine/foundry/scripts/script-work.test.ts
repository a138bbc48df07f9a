import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isForgeError } from '#contract/client.ts';
import type { CanonicalRow } from '#contract/rows.ts';
import type { ScriptReport, ScriptRequest } from '#contract/scripts.ts';
import { createFakeSandbox, fakeStop, type FakeTransform } from '#core/foundry/scripts/fake-sandbox.ts';
import type { Sandbox } from '#core/foundry/scripts/sandbox.ts';
import { SandboxNotUp } from '#native-bridge/sandbox/script-session.ts';
import { imported, importOf, openFoundry, temporaryHome } from '../testing/foundry-fixture.ts';
import { rowTexts } from '../row-texts-port.ts';
import { WorkStopped, type WorkContext } from '../work-context.ts';
import { scriptWorkIn } from './script-work.ts';

const rows = 12_000;
let home = '';
let remove: () => Promise<void> = () => Promise.resolve();
let jobs = 0;

before(async () => {
  ({ home, remove } = await temporaryHome());
  const file = path.join(home, 'rows.jsonl');
  const lines = Array.from({ length: rows }, (_, index) =>
    JSON.stringify({ prompt: `q ${index}`, completion: `a ${index}` }),
  );
  await writeFile(file, lines.join('\n'));
  const foundry = openFoundry(home);
  await imported(foundry, importOf([file]), 'import-of-rows');
  await foundry.stop();
});
after(() => remove());

async function contextIn(wish: () => ReturnType<WorkContext['wish']> = () => 'go-on'): Promise<WorkContext> {
  const folder = path.join(home, 'foundry', `job-${(jobs += 1)}`);
  await mkdir(folder, { recursive: true });
  const { versions } = openFoundry(home);
  const folders = { store: path.join(home, 'store'), datasets: path.join(home, 'datasets') };
  return {
    ...{ folder, folders, store: versions, texts: rowTexts, startedAt: 0, signal: new AbortController().signal, wish },
    countTokens: () => Promise.reject(new Error('nothing is counted here')),
    breathe: () => (wish() === 'go-on' ? Promise.resolve() : Promise.reject(new WorkStopped())),
    report: () => undefined,
  };
}

function request(more: Partial<ScriptRequest> = {}): ScriptRequest {
  return {
    ...{ name: 'rows', version: 1, script: 'clean', source: 'a script', mode: 'all', seed: 0, as: null },
    allow: { clock: false, random: false },
    ...more,
  };
}

async function run(sandbox: Sandbox, more: Partial<ScriptRequest> = {}): Promise<ScriptReport> {
  return (await scriptWorkIn(() => [sandbox])(request(more), await contextIn())) as ScriptReport;
}

async function codeOf(promise: Promise<unknown>): Promise<[string, Readonly<Record<string, unknown>>]> {
  const error = await promise.then(
    () => assert.fail('it went through'),
    (thrown: unknown) => thrown,
  );
  const known = isForgeError(error);
  assert.ok(known !== null, String(error));
  return [known.code, known.detail];
}

const answered = (row: CanonicalRow, content: string): CanonicalRow =>
  row.kind === 'sft' ? { ...row, messages: [row.messages[0] ?? assert.fail(), { role: 'assistant', content }] } : row;

/** Every fifth row goes, every second is changed, row 3 becomes two, and rows 1 and 11 come out equal. */
const mixed: FakeTransform = (row, place) => {
  if (place % 5 === 0) return [];
  if (place === 3) return [row, answered(row, 'another')];
  return place % 2 === 0 ? [answered(row, 'changed')] : [row];
};

test('all rows make a new version whose counts add up, and which names parent and script', async () => {
  const sandbox = createFakeSandbox({ transform: mixed });
  const report = await run(sandbox);
  assert.deepEqual(report.all, {
    ...{ seen: rows, unchanged: 4799, changed: 4801, dropped: 2400, added: 1, restored: 0 },
    ...{ rows: 9601, merged: 0 },
  });
  assert.equal(report.version, 2);
  const version = await openFoundry(home).versions.read({ name: 'rows', version: 2 });
  assert.equal(version.digest, report.digest);
  assert.deepEqual(version.parent, { name: 'rows', version: 1 });
  assert.deepEqual(version.recipe.steps, [{ kind: 'script', script: 'clean', digest: report.scriptDigest }]);
  assert.equal(version.seen, version.rows + version.merged + version.rejected);
  assert.deepEqual([sandbox.started, sandbox.open], [3, 0]);
});

test('the same script gives the same bytes again', async () => {
  const once = await run(createFakeSandbox({ transform: mixed }), { as: 'first' });
  const again = await run(createFakeSandbox({ transform: mixed }), { as: 'second' });
  assert.equal(once.digest, again.digest);
});

test('a try makes nothing and shows 200 rows before and after', async () => {
  const report = await run(createFakeSandbox({ transform: mixed }), { mode: 'try', as: 'nothing' });
  assert.deepEqual(
    [report.version, report.all, report.tried.seen, report.tried.examples.length],
    [null, null, 200, 200],
  );
  assert.equal(report.tried.examples[5]?.after.length, 0);
  assert.equal(report.printed, 'hello');
  assert.deepEqual(
    (await openFoundry(home).versions.list()).filter(({ name }) => name === 'nothing'),
    [],
  );
});

test('rows that come out equal are merged into the first', async () => {
  const same: FakeTransform = (row, place) => [
    place < 100 ? { ...row, id: 'x', messages: question('q', 'same') } : row,
  ];
  const report = await run(createFakeSandbox({ transform: same }), { as: 'equal' });
  assert.deepEqual([report.all?.merged, report.all?.rows, report.all?.restored], [99, rows - 99, 100]);
});

function question(asked: string, answer: string) {
  return [
    { role: 'user', content: asked },
    { role: 'assistant', content: answer },
  ];
}

test('a script that leaves nothing makes no version', async () => {
  const report = await run(createFakeSandbox({ transform: () => [] }), { as: 'empty' });
  assert.deepEqual([report.version, report.digest, report.all?.dropped], [null, null, rows]);
});

test('two runs that differ fail with the first row that does', async () => {
  const transform: FakeTransform = (row, place, session) => [place === 7 ? answered(row, `run ${session}`) : row];
  assert.deepEqual(await codeOf(run(createFakeSandbox({ transform }))), [
    'script.not-repeatable',
    { script: 'clean', row: 8, place: 7 },
  ]);
});

test('a failing row beyond the first message is named by its place in the version, with the traceback', async () => {
  const transform: FakeTransform = (row, place) => {
    if (place === 7_001) throw fakeStop('exception', 'ValueError: no.');
    return [row];
  };
  const sandbox = createFakeSandbox({ transform });
  assert.deepEqual(await codeOf(run(sandbox, { as: 'failing' })), [
    'script.failed',
    { script: 'clean', row: 7_002, place: 7_001, reason: 'ValueError: no', traceback: 'Traceback: line 3' },
  ]);
  assert.equal(sandbox.open, 0);
});

const stops = [
  ['time', 'script.over-limit'],
  ['memory', 'script.over-limit'],
  ['output', 'script.over-limit'],
  ['crash', 'script.ended'],
  ['bad-result', 'script.bad-row'],
] as const;
for (const [why, code] of stops)
  test(`a stop because of ${why} is ${code}`, async () => {
    const transform: FakeTransform = () => {
      throw fakeStop(why, 'so it is');
    };
    const [found, detail] = await codeOf(run(createFakeSandbox({ transform })));
    assert.deepEqual([found, detail['row']], [code, 1]);
  });

test('a row that is no row is refused with its number', async () => {
  const [code, detail] = await codeOf(
    run(createFakeSandbox({ transform: (row, place) => [place === 2 ? { no: 1 } : row] })),
  );
  assert.deepEqual([code, detail['row']], ['script.bad-row', 3]);
});

test('a script that does not load says why', async () => {
  const startStop = fakeStop('exception', 'SyntaxError: invalid syntax', null);
  const [code, detail] = await codeOf(run(createFakeSandbox({ transform: () => [], startStop })));
  assert.deepEqual([code, detail['reason']], ['script.not-usable', 'SyntaxError: invalid syntax']);
});

test('without a sandbox that holds nothing runs, and each reason is told', async () => {
  const torn = createFakeSandbox({ transform: mixed, unfit: 'it does not hold: a listener was reached' });
  const [code, detail] = await codeOf(run(torn));
  assert.equal(code, 'script.no-sandbox');
  assert.match(String(detail['reasons']), /Fake: it does not hold/);
  assert.equal(torn.started, 0);
});

test('a sandbox that is gone after it held is told as such', async () => {
  const gone = createFakeSandbox({ transform: mixed });
  gone.start = () => Promise.reject(new SandboxNotUp('the window that held it was closed'));
  const [code, detail] = await codeOf(run(gone));
  assert.deepEqual([code, detail['reasons']], ['script.no-sandbox', 'Fake: the window that held it was closed']);
});

test('the first sandbox that holds is used', async () => {
  const [torn, holding] = [
    createFakeSandbox({ transform: mixed, unfit: 'gone' }),
    createFakeSandbox({ transform: mixed }),
  ];
  const work = scriptWorkIn(() => [torn, holding]);
  await work(request({ mode: 'try' }), await contextIn());
  assert.deepEqual([torn.started, holding.started], [0, 2]);
});

test('a cancel ends a script that does not answer within a second', async () => {
  let wish: 'go-on' | 'cancel' = 'go-on';
  const sandbox = createFakeSandbox({ transform: mixed, answering: new Promise(() => undefined) });
  const running = scriptWorkIn(() => [sandbox])(request(), await contextIn(() => wish));
  await sleep(50);
  wish = 'cancel';
  const startMs = performance.now();
  await assert.rejects(running, WorkStopped);
  assert.ok(performance.now() - startMs < 700);
  assert.equal(sandbox.open, 0);
});
