import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import {
  checkReport,
  freezeReport,
  type CheckReport,
  type CheckRequest,
  type FreezeReport,
} from '#contract/dataset-checks.ts';
import type { FoundryJob, SplitChoice, ViewStep } from '#contract/dataset-versions.ts';
import type { CanonicalRow } from '#contract/rows.ts';
import { studyDone, studyReport } from '#contract/study.ts';
import { answerTextOf } from '#core/foundry/row-texts.ts';
import type { FoundryService } from '../foundry-service.ts';
import { ended, importOf, imported, openFoundry, temporaryHome, openViews } from '../testing/foundry-fixture.ts';
import type { FoundryViews } from '../views-port.ts';

const subjects = ['router', 'camera', 'kettle', 'bicycle', 'violin', 'tent', 'ladder', 'printer'];
const words =
  'amber basin cedar delta ember fjord grove harbor inlet jungle kernel lagoon meadow nectar oasis prairie'.split(' ');

/** 160 rows of their own words, then what each check is to find. */
function rowLines(): string {
  const own = Array.from({ length: 160 }, (_, index) => {
    const said = Array.from(
      { length: 14 },
      (_, word) => `${words[(index * 7 + word * (3 + (index % 5))) % 16]}${(index * 31 + word * 17) % 97}`,
    );
    return {
      prompt: `How do I mend my ${subjects[index % 8]} number ${index}, ${said.slice(0, 6).join(' ')}?`,
      answer: `Look at the ${said.join(' ')} first, then try it again.`,
    };
  });
  const extra = [
    { prompt: 'What does the fox say?', answer: "I'm sorry, but I can't help with that." },
    { prompt: 'Who wrote this?', answer: 'Ann did; write to ann.lee@example.org.' },
    { prompt: own[0]?.prompt, answer: `${own[0]?.answer} Indeed.` },
  ];
  return [...own, ...extra].map((row) => JSON.stringify(row)).join('\n');
}

let [home, remove]: [string, () => Promise<void>] = ['', () => Promise.resolve()];
let foundry: FoundryService;
let views: FoundryViews;

before(async () => {
  ({ home, remove } = await temporaryHome());
  foundry = openFoundry(home);
  views = openViews(foundry, home);
  await foundry.begin();
  const file = path.join(home, 'rows.jsonl');
  await writeFile(file, rowLines());
  await imported(foundry, importOf([file]), 'import');
  await imported(foundry, importOf([file], { name: 'clinic', domain: 'healthcare' }), 'import-clinic');
});
after(async () => {
  await foundry.stop();
  await remove();
});

const rowsOne = { name: 'rows', version: 1 };
const refusal: ViewStep = { kind: 'refusal' };
const mask: ViewStep = { kind: 'pii', action: 'mask', kinds: ['all'] };
const near: ViewStep = { kind: 'near-duplicates', threshold: 0.7, keep: 'longest' };

async function done(job: FoundryJob): Promise<unknown> {
  const last = await ended(foundry, job.id);
  assert.equal(last.state, 'done', JSON.stringify(last.failure));
  return last.result;
}

let requests = 0;
async function freeze(
  name: string,
  steps: ViewStep[],
  more: { as?: string; split?: SplitChoice } = {},
): Promise<FreezeReport> {
  const order = {
    name,
    version: 1,
    steps,
    as: more.as ?? null,
    split: more.split ?? null,
    requestId: `freeze-${(requests += 1)}`,
  };
  return freezeReport.parse(await done(await views.freeze(order)));
}

async function check(request: CheckRequest): Promise<CheckReport> {
  return checkReport.parse(await done(await views.check({ request, requestId: `check-${(requests += 1)}` })));
}

async function rowsOf(name: string, version: number): Promise<CanonicalRow[]> {
  const rows: CanonicalRow[] = [];
  for await (const batch of foundry.versions.rows(await foundry.versions.read({ name, version })))
    rows.push(...batch.rows);
  return rows;
}

test('a view counts and shows what steps would do, and makes nothing', async () => {
  const steps = [refusal, near, mask];
  assert.equal(await views.viewOutcome({ ...rowsOne, steps }), null);
  await done(await views.tryView({ ...rowsOne, steps }));
  const outcomes = await views.viewOutcome({ ...rowsOne, steps });
  assert.deepEqual(
    outcomes?.map(({ kept, dropped, changed }) => [kept, dropped, changed]),
    [
      [162, 1, 0],
      [161, 1, 0],
      [161, 0, 1],
    ],
  );
  assert.match(outcomes?.[2]?.examples[0]?.after ?? '', /<EMAIL_1>/);
  assert.deepEqual(
    (await foundry.versions.list()).map(({ version }) => version),
    [1, 1],
  );
  assert.equal((await views.tryView({ ...rowsOne, steps })).state, 'done', 'the same view is not made twice');
});

test('a frozen version holds what the steps keep, balances, and knows how it was made', async () => {
  const report = await freeze('rows', [refusal, near, mask], { as: 'clean' });
  assert.deepEqual([report.seen, report.rows, report.dropped, report.merged, report.changed], [163, 161, 1, 1, 1]);
  const version = await foundry.versions.read({ name: 'clean', version: 1 });
  assert.deepEqual(version.parent, rowsOne);
  assert.deepEqual(version.recipe.steps, [refusal, near, mask]);
  assert.equal(version.sources[0]?.rows, 161);
  const rows = await rowsOf('clean', 1);
  assert.equal(rows.filter((row) => answerTextOf(row).includes('@')).length, 0);
  assert.equal(new Set(rows.map(({ id }) => id)).size, 161);
  const before = new Set((await rowsOf('rows', 1)).map(({ id }) => id));
  assert.equal(rows.filter(({ id }) => !before.has(id)).length, 1, 'only what says something else has another id');
  assert.equal((await freeze('rows', [refusal, near, mask], { as: 'clean' })).digest, report.digest);
});

test('a version that is frozen with a split gives each row a side, and keeps the sides in the next one', async () => {
  const split = { seed: 3, validationShare: 0.15, testShare: 0.15 };
  const report = await freeze('rows', [], { as: 'sided', split });
  const { train, validation, test: tested } = report.sides ?? { train: 0, validation: 0, test: 0 };
  assert.equal(train + validation + tested, report.rows);
  assert.ok(validation > 5 && tested > 5 && train > 90, JSON.stringify(report.sides));
  const sides = new Map((await rowsOf('sided', 1)).map(({ id, side }) => [id, side]));
  const again = await freeze('sided', [refusal], { as: 'sided', split: { ...split, seed: 4 } });
  for (const { id, side } of await rowsOf('sided', again.version)) assert.equal(side, sides.get(id));
});

test('a version of nothing, shares that leave nothing and a pattern that is none are refused', async () => {
  const nothing: ViewStep = { kind: 'length', place: 'whole', unit: 'characters', minimum: 100_000, maximum: null };
  const order = { ...rowsOne, steps: [nothing], as: null, split: null, requestId: 'nothing' };
  const job = await ended(foundry, (await views.freeze(order)).id);
  assert.deepEqual([job.state, (job.failure as { code: string }).code], ['failed', 'foundry.nothing-left']);
  const split = { seed: 1, validationShare: 0.5, testShare: 0.5 };
  await assert.rejects(views.freeze({ ...order, split, requestId: 'shares' }), { code: 'foundry.no-split' });
  const pattern: ViewStep = { kind: 'regex', pattern: '[', place: 'whole', keepMatches: true };
  await assert.rejects(views.tryView({ ...rowsOne, steps: [pattern] }), { code: 'foundry.bad-pattern' });
});

test('healthcare does not freeze while personal data is undecided (D-13)', async () => {
  const order = { name: 'clinic', version: 1, as: null, split: null };
  const review: ViewStep = { kind: 'pii', action: 'review', kinds: ['all'] };
  for (const steps of [[], [review]] as ViewStep[][]) {
    const job = await ended(foundry, (await views.freeze({ ...order, steps, requestId: `clinic-${steps.length}` })).id);
    assert.equal((job.failure as { code: string } | null)?.code, 'foundry.pii-unreviewed');
    assert.match(job.text, /1 rows of clinic/);
  }
  const mail = (await rowsOf('clinic', 1)).find((row) => answerTextOf(row).includes('@'));
  const accepted: ViewStep = { kind: 'pii', action: 'review', kinds: ['all'], accepted: [mail?.id ?? ''] };
  assert.equal((await freeze('clinic', [accepted], { as: 'accepted' })).rows, 163);
  const replaced: ViewStep = { kind: 'pii', action: 'replace', kinds: ['all'] };
  assert.equal((await freeze('clinic', [replaced], { as: 'replaced' })).rows, 163);
  assert.equal((await freeze('replaced', [], { as: 'again' })).rows, 163, 'fakes are no findings');
});

test('checks count, and list the rows that they are about', async () => {
  const dedupe = await check({ ...rowsOne, check: 'dedupe', over: 'both', threshold: 0.7, keep: 'longest' });
  assert.ok(dedupe.check === 'dedupe');
  assert.deepEqual([dedupe.exact, dedupe.near, dedupe.kept], [0, 1, 162]);
  const listed = (await readFile(dedupe.rowsPath, 'utf8')).trim().split('\n');
  assert.equal(listed.length, 1);
  const prompts = await check({ ...rowsOne, check: 'dedupe', over: 'prompt', threshold: null, keep: 'longest' });
  assert.ok(prompts.check === 'dedupe');
  assert.deepEqual([prompts.exact, prompts.exactClusters, prompts.near], [1, 1, 0]);
  const pii = await check({ ...rowsOne, check: 'pii', packs: [] });
  assert.ok(pii.check === 'pii');
  assert.deepEqual(pii.kinds, [{ kind: 'email', findings: 1, rows: 1 }]);
  assert.doesNotMatch(await readFile(pii.rowsPath, 'utf8'), /ann\.lee/, 'a list of findings repeats none');
  const split = await check({ ...rowsOne, check: 'split', seed: 1, validationShare: 0.1, testShare: 0.1 });
  assert.ok(split.check === 'split');
  assert.deepEqual(split.leaks, { exactPairs: 0, nearPairs: 0 });
  assert.equal((await readFile(split.rowsPath, 'utf8')).trim().split('\n').length, 163);
});

test('contamination compares with the test rows of other datasets and with held-out rows of models', async () => {
  const version = path.join(home, 'models', 'helper', 'v1', 'data');
  const { mkdir } = await import('node:fs/promises');
  await mkdir(version, { recursive: true });
  const [row] = await rowsOf('rows', 1);
  assert.ok(row?.kind === 'sft');
  await writeFile(
    path.join(version, 'held-out.jsonl'),
    `${JSON.stringify({ id: 'held', messages: row.messages })}\nbroken\n`,
  );
  await freeze('rows', [], { as: 'benchmark', split: { seed: 1, validationShare: 0, testShare: 0.2 } });
  const found = await check({ ...rowsOne, check: 'contamination' });
  assert.ok(found.check === 'contamination');
  const sets = found.sets.map(({ set }) => set);
  assert.ok(sets.includes('helper:v1') && sets.includes('benchmark:v1'), sets.join());
  assert.ok(found.certain > 10, String(found.certain));
  assert.ok(found.hits.some(({ set }) => set === 'helper:v1'));
});

test('a study of a version is kept beside it, one of files makes no version', async () => {
  const done1 = studyDone.parse(
    await done(await views.study({ request: { version: rowsOne, files: null, base: null }, requestId: 's1' })),
  );
  const report = await views.studyReport(rowsOne);
  assert.equal(report?.rows, 163);
  assert.equal(report?.refusals.count, 1);
  assert.equal(done1.rows, 163);
  const before = (await foundry.versions.list()).length;
  const files = importOf([path.join(home, 'rows.jsonl')], { name: 'loose' });
  const done2 = studyDone.parse(
    await done(await views.study({ request: { version: null, files, base: null }, requestId: 's2' })),
  );
  const loose = studyReport.parse(JSON.parse(await readFile(done2.reportPath, 'utf8')));
  assert.deepEqual([loose.version, loose.rows, loose.name], [null, 163, 'loose']);
  assert.equal((await foundry.versions.list()).length, before);
});
