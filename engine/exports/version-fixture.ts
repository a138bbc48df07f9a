import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BuildFile, StepStamp } from '#contract/build-file.ts';
import type { StepOutputs } from '#contract/build-outputs.ts';
import type { MachineFinding } from '#contract/hardware.ts';
import type { Artefact } from '#contract/jobs.ts';
import type { MainJobStep } from '#contract/main-job.ts';
import type { TrainMethod } from '#contract/recipes.ts';
import { newBuild } from '#core/main-job/build.ts';
import { judgeParity } from '#core/main-job/parity-gates.ts';
import { FakeClock } from '#core/ports/fake-clock.ts';
import { planRecipe } from '#core/recipes/plan-recipe.ts';
import { hashFile } from '#native-bridge/files/verify-artefacts.ts';
import { homeLayout, type HomeLayout } from '../home-layout.ts';
import { createBuildStore, digestOf, type BuildStore } from '../main-job/build-store.ts';
import type { StepContext } from '../main-job/step.ts';
import { createDatasetReadings } from '../datasets/dataset-readings.ts';
import { datasetStep } from '../main-job/steps/dataset-step.ts';
import type { WorkerJobs } from '../main-job/worker-job.ts';
import { createModelRegistry, type ModelRegistry } from '../models/model-registry.ts';
import type { ExportServices } from './version-work.ts';

export interface VersionFixture {
  readonly home: string;
  readonly layout: HomeLayout;
  readonly registry: ModelRegistry;
  readonly store: BuildStore;
  readonly clock: FakeClock;
  /** `models/tiny/v1/`. */
  readonly directory: string;
  services(jobs: WorkerJobs): ExportServices;
  /** Stores what a step left, as the runner of a main job does. */
  finish<S extends MainJobStep>(step: S, output: StepOutputs[S], artefacts?: readonly Artefact[]): Promise<void>;
  /** Gives the version a measured Q8_0 file with this content. */
  measured(content: string): Promise<string>;
  dispose(): Promise<void>;
}

const facts = {
  ...{ parameters: 30_000, family: 'llama', layers: 2, hiddenSize: 32, vocabularySize: 300, contextLength: 512 },
  hasChatTemplate: true,
};
const finding: MachineFinding = {
  ...{ profile: 'cpu', device: 'cpu', reason: 'a test', warnings: [], summary: '', physicalCores: 1 },
  ...{ memoryBytes: 8e9, bf16: false, bandwidth: null, card: null, cuda: null },
};
/** As a finished step leaves them. */
const passing = judgeParity({
  ...{ tokens: { equal: 50, of: 50 }, template: { equal: 5, of: 5 }, greedy: { equal: 10, of: 10 } },
  ...{ argmaxAgreement: 1, maxLogProbabilityDifference: 0, unquantisedLoss: 1, servedLoss: 1 },
});

export interface VersionOptions {
  /** How it was trained; default LoRA. */
  readonly method?: TrainMethod;
  /** False: stops before the training. */
  readonly trained?: boolean;
  /** Writes base and adapter; default: small files that are neither. */
  readonly writeParts?: (places: { base: string; adapter: string; rows: string }) => Promise<string[]>;
}

/** A home with version 1 of a model called tiny, trained on 80 rows, as its main job would have left it before its export. */
export async function createVersion(options: VersionOptions = {}): Promise<VersionFixture> {
  const { method = 'lora', trained = true, writeParts = writeStandIns } = options;
  const home = await mkdtemp(path.join(tmpdir(), 'Forge export ö '));
  const layout = homeLayout(home);
  const store = createBuildStore(layout);
  const clock = new FakeClock();
  const dataset = path.join(home, 'rows.csv');
  await writeFile(dataset, `question,answer\n${Array.from({ length: 80 }, questionLine).join('')}`);
  const directory = layout.modelVersion('tiny', 1);
  const request = { dataset, export: true, deployToOllama: 'never' } as const;
  let build = newBuild({ id: 'tiny-v1', name: 'tiny', version: 1, request, requestDigest: 'd', now: 1 });
  await store.save({ ...build, state: 'interrupted' });
  const finish: VersionFixture['finish'] = async (step, output, artefacts = []) => {
    build = { ...build, state: 'interrupted', steps: { ...build.steps, [step]: stamp(output, artefacts) } };
    await store.save(build);
  };
  const fixture: VersionFixture = {
    ...{ home, layout, store, clock, directory, finish },
    registry: createModelRegistry(store),
    services: (jobs) => servicesOf(layout, { jobs, clock }),
    measured: (content) => writeMeasured(path.join(directory, 'gguf', 'tiny.Q8_0.gguf'), content, finish),
    dispose: () => rm(home, { recursive: true, force: true }),
  };
  await finish('dataset', await splitDataset(build, directory));
  const base = path.join(layout.baseModel('tiny-base'), 'checkpoint');
  const adapter = path.join(directory, 'adapter');
  const weights = await writeParts({ base, adapter, rows: path.join(directory, 'data', 'train.jsonl') });
  await finishBase(finish, { base, method });
  if (trained) await finishTraining(finish, { adapter, weights });
  return fixture;
}

function questionLine(_: unknown, index: number): string {
  return `Where is parcel ${index * 7919}?,In hall ${index}\n`;
}

function stamp(output: unknown, artefacts: readonly Artefact[]): StepStamp {
  const facets = { inputsDigest: 'd', text: '', seconds: 1, finishedAt: 1, job: null };
  return { state: 'done', ...facets, output, artefacts: [...artefacts] };
}

async function splitDataset(build: BuildFile, directory: string): Promise<StepOutputs['dataset']> {
  const services = { appDirectory: '', readings: createDatasetReadings(), importFile: () => Promise.resolve(null) };
  const context = { build, directory, services, signal: new AbortController().signal };
  // Of its context the dataset step uses these only.
  const { output } = await datasetStep.run({ ...context, note: () => undefined } as unknown as StepContext);
  return output;
}

async function writeStandIns({ base, adapter }: { base: string; adapter: string }): Promise<string[]> {
  await mkdir(base, { recursive: true });
  await mkdir(adapter, { recursive: true });
  await writeFile(path.join(base, 'config.json'), '{}');
  await writeFile(path.join(adapter, 'adapter_model.safetensors'), 'weights');
  return ['adapter_model.safetensors'];
}

async function recordOf(file: string, name: string): Promise<Artefact> {
  const { size } = await stat(file);
  return { name, path: file, bytes: size, sha256: await hashFile(file) };
}

async function finishBase(
  finish: VersionFixture['finish'],
  { base, method }: { base: string; method: TrainMethod },
): Promise<void> {
  const artefacts = [await recordOf(path.join(base, 'config.json'), 'checkpoint/config.json')];
  const prepared = { v: 1, sourceDigest: 'base-digest', facts, preTokenizer: null, artefacts };
  await writeFile(path.join(path.dirname(base), 'prepared.json'), JSON.stringify(prepared));
  const origin = 'a test';
  await finish('base', { id: 'tiny-base', folder: base, digest: 'base-digest', facts, preTokenizer: null, origin });
  const rows = { trainRows: 60, validationRows: 6, tokens: { mean: 20, p50: 20, p95: 30, longest: 40 } };
  const { device, physicalCores, memoryBytes, bf16 } = finding;
  const plan = planRecipe({
    ...{ model: facts, dataset: { ...rows, estimated: false, answerShare: 0.3 }, wishes: {} },
    machine: { device, physicalCores, memoryBytes, bf16 },
  });
  await finish('plan', { plan: { ...plan, recipe: { ...plan.recipe, method } }, lines: [] });
}

async function finishTraining(
  finish: VersionFixture['finish'],
  { adapter, weights }: { adapter: string; weights: readonly string[] },
): Promise<void> {
  const artefacts = await Promise.all(weights.map((name) => recordOf(path.join(adapter, name), `adapter/${name}`)));
  const adapterSha256 = digestOf(artefacts.map(({ sha256 }) => sha256));
  const figures = { tokensPerSecond: 1, trainSeconds: 1, steps: 1, stopReason: 'completed' };
  const losses = { initialValidationLoss: 2, bestValidationLoss: 1 };
  await finish('train', { adapterPath: adapter, adapterSha256, ...figures, ...losses }, artefacts);
}

async function writeMeasured(file: string, content: string, finish: VersionFixture['finish']): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
  const record = await recordOf(file, 'served');
  await finish('parity', { type: 'Q8_0', path: file, sha256: record.sha256, report: passing, remarks: [] }, [record]);
  return file;
}

function servicesOf(layout: HomeLayout, { jobs, clock }: { jobs: WorkerJobs; clock: FakeClock }): ExportServices {
  return {
    ...{ layout, jobs, clock },
    detectMachine: () => Promise.resolve(finding),
    ensureEnvironment: () => Promise.resolve({ directory: '', versions: {}, reused: true }),
    llamaLibrary: () => '/llama/libllama.so',
    sharesMachine: () => false,
  };
}
