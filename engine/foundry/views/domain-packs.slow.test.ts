import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { checkReport, freezeReport } from '#contract/dataset-checks.ts';
import type { ViewStep } from '#contract/dataset-versions.ts';
import type { FoundryService } from '../foundry-service.ts';
import {
  ended,
  imported,
  importOf,
  openFoundry,
  openViews,
  shippedDomains,
  temporaryHome,
} from '../testing/foundry-fixture.ts';
import type { FoundryViews } from '../views-port.ts';

const written = ['coding', 'education', 'finance', 'healthcare', 'legal'] as const;

let [home, remove]: [string, () => Promise<void>] = ['', () => Promise.resolve()];
let foundry: FoundryService;
let views: FoundryViews;
let domains: ReturnType<typeof shippedDomains>;

before(async () => {
  ({ home, remove } = await temporaryHome());
  foundry = openFoundry(home);
  domains = shippedDomains(path.join(home, 'domains'));
  await mkdir(path.join(home, 'domains'));
  views = openViews(foundry, home, domains);
  await foundry.begin();
});
after(async () => {
  await foundry.stop();
  await remove();
});

async function importText(name: string, answer: string, domain: string): Promise<void> {
  const file = path.join(home, `${name}.jsonl`);
  await writeFile(file, JSON.stringify({ prompt: 'Whose file is this?', answer }));
  await imported(foundry, importOf([file], { name, domain }), `import-${name}`);
}

let requests = 0;
async function freezeAll(name: string, steps: readonly ViewStep[] = []) {
  requests += 1;
  const requestId = `freeze-${requests}`;
  return ended(foundry, (await views.freeze({ name, version: 1, steps, as: null, split: null, requestId })).id);
}

async function findings(name: string, packs: string[] = []): Promise<string[]> {
  requests += 1;
  const request = { check: 'pii', name, version: 1, packs } as const;
  const job = await ended(foundry, (await views.check({ request, requestId: `check-${requests}` })).id);
  const report = checkReport.parse(job.result);
  assert.ok(report.check === 'pii');
  return report.kinds.map(({ kind }) => kind).toSorted();
}

function putPack(id: string, pack: object): Promise<void> {
  const whole = { id, name: id, system_prompt: 'You know it.', ...pack };
  return writeFile(path.join(home, 'domains', `${id}.json`), JSON.stringify(whole));
}

for (const id of written) {
  test(`the samples of ${id} import whole and are frozen whole by the steps of their own pack`, async () => {
    const { pack, samplesFile, steps } = await domains.show(id);
    const report = await imported(foundry, importOf([samplesFile ?? ''], { name: id, domain: id }), `samples-${id}`);
    assert.deepEqual([report.accepted, report.rejected, report.merged], [pack?.samples?.rows, 0, 0]);
    const job = await freezeAll(id, steps);
    assert.equal(job.state, 'done', JSON.stringify(job.failure));
    const { rows, dropped, merged, changed } = freezeReport.parse(job.result);
    assert.deepEqual([rows, dropped, merged, changed], [pack?.samples?.rows, 0, 0, 0]);
  });
}

test('a pack switches its detectors on, and no other domain has them', async () => {
  const answer = 'MRN-1234567 of case 1:23-cv-04567.';
  await importText('clinic', answer, 'healthcare');
  await importText('court', answer, 'legal');
  await importText('bank', answer, 'finance');
  assert.deepEqual(await findings('clinic'), ['mrn']);
  assert.deepEqual(await findings('court'), ['docket-number']);
  assert.deepEqual(await findings('bank'), []);
  assert.deepEqual(await findings('bank', ['healthcare', 'legal']), ['docket-number', 'mrn']);
  await assert.rejects(findings('bank', ['medical']), /no detectors called medical.*healthcare, legal/);
});

test('a pack decides whether personal data must be reviewed; one that cannot be read asks for it', async () => {
  await importText('lab', 'Write to ann.lee@example.org or to MRN-1234567.', 'chemistry');
  await putPack('chemistry', { data: { pii_review: true, pii_packs: ['healthcare'] } });
  const refused = await freezeAll('lab', (await domains.show('chemistry')).steps.slice(1));
  assert.equal((refused.failure as { code: string } | null)?.code, 'foundry.pii-unreviewed');
  assert.match(refused.text, /email, mrn|mrn, email/);
  await writeFile(path.join(home, 'domains', 'chemistry.json'), '{"id": "chemistry",');
  assert.equal((await freezeAll('lab')).state, 'failed');
  await putPack('chemistry', { data: { pii_review: false } });
  assert.equal((await freezeAll('lab')).state, 'done');
});

test('tasks that a pack names, and those that lie beside it, are task sets that rows are compared with', async () => {
  const prompt = 'Balance the equation of iron and oxygen that rust into ferric oxide and name every coefficient of it';
  await importText('rust', `${prompt}, please, before noon.`, 'chemistry');
  await mkdir(path.join(home, 'domains', 'chemistry', 'exam'), { recursive: true });
  const task = JSON.stringify({ id: 'rust', prompt });
  await writeFile(path.join(home, 'domains', 'chemistry', 'exam', 'final.jsonl'), `${task}\n`);
  await writeFile(path.join(home, 'domains', 'chemistry', 'benchmark-2.jsonl'), `${task}\n`);
  await putPack('chemistry', { eval: { tasks: 'chemistry/exam/final.jsonl' } });
  const request = { check: 'contamination', name: 'rust', version: 1 } as const;
  const job = await ended(foundry, (await views.check({ request, requestId: 'contamination' })).id);
  const report = checkReport.parse(job.result);
  assert.ok(report.check === 'contamination');
  assert.deepEqual(report.sets.map(({ set }) => set).toSorted(), ['chemistry/benchmark-2', 'chemistry/final']);
  assert.equal(report.certain, 1);
});
