import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { ForgeError } from '#contract/errors.ts';
import type { MachineFinding } from '#contract/hardware.ts';
import { mainJobRequest } from '#contract/main-job.ts';
import { planPreview } from '#contract/plan-preview.ts';
import type { ModelFacts } from '#contract/recipes.ts';
import type { ResolvedBaseModel } from '#core/base-models/create-base-model-store.ts';
import type { RowSource, RowTokeniser } from '#core/ports/row-tokeniser.ts';
import { createOutbound } from '#native-bridge/network/outbound.ts';
import { homeLayout } from '../home-layout.ts';
import { createPlanPreview } from '../main-job/plan-preview.ts';
import { shippedDataset } from '../main-job/shipped-dataset.ts';
import { createDatasetReadings } from './dataset-readings.ts';
import { createDatasetService } from './dataset-service.ts';

const root = await mkdtemp(path.join(tmpdir(), 'forge-data-service-'));
after(() => rm(root, { recursive: true, force: true }));
const appDirectory = path.resolve(import.meta.dirname, '../..');
const sample = await shippedDataset(appDirectory);
const layout = homeLayout(root);
const readings = createDatasetReadings();

/** Remembers what it was asked and says one piece. */
class FakeTokeniser implements RowTokeniser {
  readonly sources: RowSource[] = [];
  failure: Error | null = null;

  encode(source: RowSource): ReturnType<RowTokeniser['encode']> {
    this.sources.push(source);
    if (this.failure !== null) return Promise.reject(this.failure);
    const piece = { text: 'x', learned: true, part: 'assistant' as const, token: source.kind === 'gguf' ? 7 : null };
    const counts = source.kind === 'gguf' ? { tokens: 1, learnedTokens: 1 } : { tokens: null, learnedTokens: null };
    return Promise.resolve({ pieces: [piece], ...counts, leftOut: 0, breaksPrefix: false, endAdded: false });
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }
}

function open(resolved: Partial<ResolvedBaseModel> = {}) {
  const tokeniser = new FakeTokeniser();
  const base = {
    id: 'smollm2-135m-instruct',
    state: 'available',
    source: null,
    digest: null,
    origin: 'hub',
    facts: null,
  };
  const service = createDatasetService({
    readings,
    tokeniser,
    layout,
    appDirectory,
    folder: layout.datasets,
    bases: {
      resolve: () => Promise.resolve({ ...base, ...resolved } as ResolvedBaseModel),
      defaultId: () => Promise.resolve('d'),
    },
    hub: {
      outbound: createOutbound({ home: root, isOffline: () => true }),
      secrets: { read: () => Promise.resolve(null) },
      address: '',
    },
  });
  return { service, tokeniser };
}

const question = { mapping: null, systemPrompt: null, heldOutRows: null, seed: null, offset: 0, limit: 2 };
const joined = (pieces: readonly { readonly text: string; readonly learned: boolean }[]) => ({
  all: pieces.map(({ text }) => text).join(''),
  learned: pieces.flatMap(({ text, learned }) => (learned ? [text] : [])).join(''),
});

test('the sample is inspected as the main job takes it: its instruction, its held-out rows', async () => {
  const { service } = open();
  const { report, split, rows, total, columns } = await service.inspect({ ...question, path: sample.file });
  assert.equal(split.heldOutWanted, sample.heldOutRows);
  assert.equal(rows[0]?.row.messages[0]?.content, sample.systemPrompt);
  assert.deepEqual([rows.length, total, columns], [2, report.rows, ['group', 'ticket', 'answer']]);
  const [first] = await service.list();
  assert.deepEqual([first?.kind, first?.rows, first?.path], ['sample', report.rows, sample.file]);
});

async function rowOf(path_: string) {
  const { service } = open();
  const page = await service.inspect({ ...question, path: path_, limit: 1 });
  return page.rows[0]?.row.id ?? '';
}

const ownFile = path.join(root, 'own.csv');
await writeFile(
  ownFile,
  `Frage,Antwort\n${Array.from({ length: 20 }, (_, row) => `was ist ${row}?,das ${row}`).join('\n')}\n`,
);
const own = { path: ownFile, mapping: { prompt: 'Frage', answer: 'Antwort' }, systemPrompt: 'Kurz.' };

test('a base that is here as a model file is asked for tokens', async () => {
  const { service, tokeniser } = open({ source: { kind: 'gguf', path: '/models/base.gguf' } });
  const shown = await service.showRow({ ...question, path: sample.file, row: await rowOf(sample.file), base: null });
  assert.deepEqual(tokeniser.sources, [{ kind: 'gguf', path: '/models/base.gguf' }]);
  assert.deepEqual([shown.exactness, shown.tokens, shown.learnedTokens], ['tokens', 1, 1]);
  assert.match(shown.note, /1 tokens, of which it learns to say 1/);
});

test('a base that is not here is shown in the form of its family, without tokens', async () => {
  const { service, tokeniser } = open();
  const page = await service.inspect({ ...question, ...own });
  const shown = await service.showRow({ ...own, row: page.rows[0]?.row.id ?? '', base: 'smollm' });
  assert.deepEqual(tokeniser.sources, []);
  assert.deepEqual(joined(shown.pieces), {
    all: '<|im_start|>system\nKurz.<|im_end|>\n<|im_start|>user\nwas ist 0?<|im_end|>\n<|im_start|>assistant\ndas 0<|im_end|>',
    learned: 'das 0<|im_end|>',
  });
  assert.deepEqual([shown.exactness, shown.tokens], ['text', null]);
  assert.match(shown.note, /\(chatml\), without tokens: smollm2-135m-instruct is not on this disk yet/);
});

test('a folder without a model file gives its own template; with a file an earlier chain made of it, tokens', async () => {
  const folder = path.join(root, 'hf-model');
  await mkdir(folder, { recursive: true });
  await writeFile(
    path.join(folder, 'tokenizer_config.json'),
    JSON.stringify({
      chat_template: [{ name: 'default', template: 'T{{ messages }}' }],
      eos_token: { content: '</e>' },
    }),
  );
  const here = { id: 'my-model', source: { kind: 'folder' as const, path: folder }, digest: 'abc' };
  const page = await open().service.inspect({ ...question, ...own });
  const row = page.rows[0]?.row.id ?? '';
  const first = open(here);
  const shown = await first.service.showRow({ ...own, row, base: 'my-model' });
  assert.deepEqual(first.tokeniser.sources, [
    { kind: 'template', path: folder, template: 'T{{ messages }}', bosText: '', eosText: '</e>' },
  ]);
  assert.equal(shown.exactness, 'text');
  await mkdir(path.join(layout.baseModel('my-model'), 'gguf'), { recursive: true });
  await writeFile(path.join(layout.baseModel('my-model'), 'gguf', 'base.gguf'), 'x');
  await writeFile(path.join(layout.baseModel('my-model'), 'prepared.json'), JSON.stringify({ sourceDigest: 'older' }));
  const stale = open(here);
  await stale.service.showRow({ ...own, row, base: 'my-model' });
  assert.equal(stale.tokeniser.sources[0]?.kind, 'template');
  await writeFile(path.join(layout.baseModel('my-model'), 'prepared.json'), JSON.stringify({ sourceDigest: 'abc' }));
  const second = open(here);
  await second.service.showRow({ ...own, row, base: 'my-model' });
  assert.deepEqual(
    second.tokeniser.sources.map(({ kind }) => kind),
    ['gguf'],
  );
});

test('a base whose file cannot be read is shown as text, with the reason', async () => {
  const { service, tokeniser } = open({ source: { kind: 'gguf', path: '/models/base.gguf' } });
  tokeniser.failure = new ForgeError('serving.load-failed', { path: '/models/base.gguf', reason: 'torn' });
  const shown = await service.showRow({ ...question, path: sample.file, row: await rowOf(sample.file), base: null });
  assert.equal(shown.exactness, 'text');
  assert.match(shown.note, /without tokens: .*torn/);
});

test('a row that is not there any more, and a very long row', async () => {
  const { service, tokeniser } = open({ source: { kind: 'gguf', path: '/models/base.gguf' } });
  await assert.rejects(
    service.showRow({ ...own, row: 'gone', base: null }),
    (error: unknown) => error instanceof ForgeError && error.code === 'dataset.row-unknown',
  );
  const file = path.join(root, 'long.jsonl');
  const rows = Array.from({ length: 10 }, (_, row) => ({
    question: `${row} ${'lang '.repeat(row === 0 ? 300_000 : 1)}`,
    answer: `a${row}`,
  }));
  await writeFile(file, rows.map((row) => JSON.stringify(row)).join('\n'));
  const page = await service.inspect({ ...question, path: file });
  const shown = await service.showRow({ ...question, path: file, row: page.rows[0]?.row.id ?? '', base: null });
  assert.deepEqual(tokeniser.sources, []);
  assert.ok(JSON.stringify(shown).length < 40_000);
  assert.match(shown.note, /too many to be split here.*The middle of this long row is not shown/);
});

const facts: ModelFacts = {
  parameters: 134_515_008,
  family: 'llama',
  layers: 30,
  hiddenSize: 576,
  vocabularySize: 49_152,
  contextLength: 8192,
  hasChatTemplate: true,
};
const machine = {
  summary: '2 cores',
  profile: 'cpu',
  reason: 'no GPU',
  device: 'cpu',
  physicalCores: 2,
  memoryBytes: 16e9,
  bf16: true,
};

function preview(isHere: boolean) {
  return createPlanPreview({
    appDirectory,
    readings,
    detectMachine: () => Promise.resolve(machine as MachineFinding),
    describeBase: (base) =>
      Promise.resolve({
        id: base ?? 'smol',
        name: 'Smol',
        isHere,
        facts,
        downloadBytes: isHere ? 0 : 270e6,
        isPrepared: isHere,
      }),
    environmentNeeds: () =>
      Promise.resolve(isHere ? { downloadBytes: 0, diskBytes: 0 } : { downloadBytes: 2e9, diskBytes: 4e9 }),
  });
}

test('the plan of the sample is whole: recipe, rows, base, machine and the chain’s time', async () => {
  const plan = await preview(true)(mainJobRequest.parse({}));
  assert.deepEqual(planPreview.parse(plan), plan);
  assert.equal(plan.split.heldOutWanted, sample.heldOutRows);
  assert.deepEqual(plan.base, { id: 'smol', name: 'Smol', isHere: true });
  assert.ok(plan.forecast.totalSeconds > plan.forecast.trainSeconds);
  assert.match(plan.lines.join('\n'), /^machine {3}2 cores: profile cpu, no GPU\ndataset .*382 rows/);
  const far = await preview(false)(mainJobRequest.parse({}));
  assert.ok(far.forecast.totalSeconds > plan.forecast.totalSeconds + 400);
  assert.ok(far.forecast.diskBytes > plan.forecast.diskBytes + 6e9);
});

test('the plan honours the mapping and the settings of the request, as the main job does', async () => {
  const request = mainJobRequest.parse({
    dataset: ownFile,
    mapping: { prompt: 'Antwort', answer: 'Frage' },
    settings: { rank: 3, earlyStopping: { patience: 9, minimumGain: 0 } },
  });
  const plan = await preview(true)(request);
  assert.deepEqual([plan.report.mapping?.prompt, plan.plan.recipe.rank], ['Antwort', 3]);
  assert.equal(plan.reasons['earlyStopping'], 'You set it by hand.');
  const wrong = { ...request, mapping: { prompt: 'nope', answer: 'Frage' } };
  await assert.rejects(
    preview(true)(wrong),
    (error: unknown) => error instanceof ForgeError && error.code === 'dataset.column-missing',
  );
});
