import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StepOutcome, ViewStep } from '#contract/dataset-versions.ts';
import type { ForgeError } from '#contract/errors.ts';
import type { CanonicalRow } from '#contract/rows.ts';
import { sftRow } from '#core/foundry/fake-rows.ts';
import { answerTextOf } from '#core/foundry/row-texts.ts';
import { createFakeSandbox, fakeStop, type FakeTransform } from '#core/foundry/scripts/fake-sandbox.ts';
import type { Sandbox } from '#core/foundry/scripts/sandbox.ts';
import { WorkStopped, type WorkContext } from '../work-context.ts';
import { openPipeline } from './step-pipeline.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'forge-pipeline-'));
});
after(() => rm(folder, { recursive: true, force: true }));

const digest = 'a'.repeat(64);
const script: ViewStep = { kind: 'script', script: 'clean', digest };
const long: ViewStep = { kind: 'length', place: 'answer', unit: 'characters', minimum: 4, maximum: null };
const equal: ViewStep = { kind: 'exact-duplicates', over: 'answer' };
const rows = Array.from({ length: 6_000 }, (_, index) =>
  sftRow(`q ${index}`, index % 3 === 0 ? 'no' : `answer ${index}`),
);

function contextIn(wish: WorkContext['wish'] = () => 'go-on'): WorkContext {
  // Only these are asked for; a store is not.
  return { folder, wish, breathe: () => Promise.resolve(), report: () => undefined } as unknown as WorkContext;
}

interface Applied {
  readonly kept: readonly CanonicalRow[];
  readonly outcomes: readonly StepOutcome[];
}

async function apply(steps: readonly ViewStep[], sandbox: Sandbox, context = contextIn()): Promise<Applied> {
  const resources = { detectors: { packs: [], ofDomains: {} }, guardedDomains: [], tokenizers: [], taskFiles: [] };
  const order = { steps, resources, scripts: [{ digest, source: 'a script' }], rows: rows.length };
  const pipeline = await openPipeline(order, context, () => [sandbox]);
  const kept: CanonicalRow[] = [];
  const open = async function* (): AsyncGenerator<readonly CanonicalRow[]> {
    yield rows;
  };
  let most = 0;
  const pause = (read: number): undefined => void (most = Math.max(most, read));
  const outcomes = await pipeline.apply({ open, pause, onKept: (row) => void kept.push(row) });
  assert.ok(most <= rows.length * pipeline.passes, 'progress goes over its end');
  return { kept, outcomes };
}

const countsOf = ({ outcomes }: Applied): unknown[] =>
  outcomes.map(({ kept, dropped, changed, added }) => [kept, dropped, changed, added ?? null]);

function saying(row: CanonicalRow, content: string): CanonicalRow {
  return row.kind === 'sft'
    ? { ...row, messages: [...row.messages.slice(0, -1), { role: 'assistant', content }] }
    : row;
}

test('a script sees what the filters before it kept, and the filters after it what it gave', async () => {
  const seen: string[] = [];
  const transform: FakeTransform = (row, place, session) => {
    // The first two sessions are the try.
    if (session === 3) seen.push(answerTextOf(row));
    if (place === 0) return [];
    if (place === 1) return [saying(row, 'twice'), saying(row, 'twice'), saying(row, 'thrice')];
    return [place === 2 ? saying(row, 'twice') : row];
  };
  const applied = await apply([long, script, equal], createFakeSandbox({ transform }));
  assert.equal(seen.length, 4_000);
  assert.ok(!seen.includes('no'));
  assert.deepEqual(countsOf(applied), [
    [4_000, 2_000, 0, null],
    [3_999, 1, 2, 2],
    [3_999, 2, 0, null],
  ]);
  assert.equal(applied.kept.length, 3_999);
  assert.deepEqual(applied.kept.slice(0, 2).map(answerTextOf), ['twice', 'thrice']);
  const [dropped, multiplied] = applied.outcomes[1]?.examples ?? [];
  assert.deepEqual([dropped?.after, multiplied?.why], [null, 'the script makes 3 rows of it']);
  assert.deepEqual(await readdir(folder), [], 'rows between the steps are not left behind');
});

test('scripts stand where they are put: first, last, next to each other', async () => {
  const shout: FakeTransform = (row) => [saying(row, `${answerTextOf(row)}!`)];
  const applied = await apply([script, long, script, script], createFakeSandbox({ transform: shout }));
  assert.deepEqual(
    applied.outcomes.map(({ kept }) => kept),
    [6_000, 4_000, 4_000, 4_000],
  );
  assert.equal(applied.kept[0] && answerTextOf(applied.kept[0]), 'answer 1!!!');
});

test('a script that leaves nothing leaves the steps after it nothing', async () => {
  const applied = await apply([script, equal, script], createFakeSandbox({ transform: () => [] }));
  assert.deepEqual(countsOf(applied), [
    [0, 6_000, 0, 0],
    [0, 0, 0, null],
    [0, 0, 0, 0],
  ]);
});

test('a script that gives something else the second time is refused before it goes over all rows', async () => {
  const sandbox = createFakeSandbox({ transform: (row, _, session) => [saying(row, `run ${session}`)] });
  await assert.rejects(apply([long, script], sandbox), { code: 'script.not-repeatable' });
  assert.equal(sandbox.started, 2);
});

test('a row that fails is counted among those that reach the script, and its sandbox is closed', async () => {
  const transform: FakeTransform = (row, place) => {
    if (place === 3_500) throw fakeStop('exception', 'ValueError: no');
    return [row];
  };
  const sandbox = createFakeSandbox({ transform });
  await assert.rejects(
    apply([long, script], sandbox),
    (error: ForgeError) => error.code === 'script.failed' && error.detail['row'] === 3_501,
  );
  assert.equal(sandbox.open, 0);
});

test('a script that is not kept any more, and a machine without a sandbox, refuse the steps', async () => {
  const gone: ViewStep = { kind: 'script', script: 'gone', digest: 'b'.repeat(64) };
  const sandbox = createFakeSandbox({ transform: (row) => [row] });
  await assert.rejects(apply([gone], sandbox), { code: 'script.step-gone' });
  const torn = createFakeSandbox({ transform: (row) => [row], unfit: 'it does not hold' });
  await assert.rejects(apply([script], torn), { code: 'script.no-sandbox' });
});

test('a cancel ends a script that does not answer within a second', async () => {
  let wish: ReturnType<WorkContext['wish']> = 'go-on';
  const sandbox = createFakeSandbox({ transform: (row) => [row], answering: new Promise(() => undefined) });
  const applying = apply(
    [script],
    sandbox,
    contextIn(() => wish),
  );
  await sleep(30);
  wish = 'cancel';
  const startMs = performance.now();
  await assert.rejects(applying, WorkStopped);
  assert.ok(performance.now() - startMs < 700);
  assert.equal(sandbox.open, 0);
});
