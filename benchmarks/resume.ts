import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { atMost, type Benchmark, type BenchmarkSettings, type Figure } from './harness/benchmark.ts';
import { developerPython } from './harness/developer-python.ts';
import { physicalCores } from './harness/physical-cores.ts';
import { inRepository } from './harness/places.ts';
import { quantity } from './harness/report.ts';
import { runToSuccess } from './harness/run-process.ts';
import { effectiveSetting, lossesOf } from './harness/training-clock.ts';
import { baseModelFolder, supportRows, writeRows } from './harness/training-material.ts';
import { benchmarkRecipe, type BenchmarkRecipe } from './harness/training-recipe.ts';
import { startWorker, type WorkerProcess } from './harness/worker-run.ts';

const bar = 1e-6;
const stoppedCode = 3;
const pollMs = 15;
const deadlineMs = 10 * 60_000;

/** A training that was paused and goes on in a new process must be the training that was never paused. */
export const resumeBenchmark: Benchmark = {
  name: 'resume',
  question:
    'Largest difference between the training losses of an uninterrupted run and of one that was paused and resumed in a new process, same seed, dropout on, on the processor.',
  minutes: 4,
  promises: [
    { name: 'resumed against uninterrupted, tiny model', bar: `at most ${quantity(bar, 'nats')}` },
    { name: 'resumed against uninterrupted, SmolLM2-135M', bar: `at most ${quantity(bar, 'nats')}` },
  ],
  async run(settings) {
    const folder = await mkdtemp(path.join(tmpdir(), 'forge-bench-resume-'));
    try {
      return await measure(folder, settings);
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  },
};

interface ResumeCase {
  readonly folder: string;
  readonly python: string;
  readonly threads: number;
  readonly base: string;
  readonly rows: string;
  readonly recipe: BenchmarkRecipe;
  /** Paused once this many steps are done. */
  readonly pauseAfter: number;
}

async function measure(folder: string, { quick, say }: BenchmarkSettings): Promise<Figure[]> {
  const python = await developerPython();
  const threads = await physicalCores();
  const tiny = { ...(await tinyCase(path.join(folder, 'tiny'), python)), threads };
  const figures = [await compare('resumed against uninterrupted, tiny model', tiny)];
  say(`tiny model: ${figures[0]?.detail}`);
  if (quick) return figures;
  const real = { ...(await smolCase(path.join(folder, 'smollm2'), python)), threads };
  figures.push(await compare('resumed against uninterrupted, SmolLM2-135M', real));
  say(`SmolLM2-135M: ${figures[1]?.detail}`);
  return figures;
}

/** The random model of 30,000 weights that the Python tests train, made by their own code. */
async function tinyCase(folder: string, python: string): Promise<Omit<ResumeCase, 'threads'>> {
  const program = [
    'import sys; from pathlib import Path; from tiny_base import write_tiny_base; from tiny_files import write_rows',
    'folder = Path(sys.argv[1]); write_tiny_base(folder / "base"); write_rows(folder / "rows.jsonl", 40)',
  ].join('\n');
  await runToSuccess(python, ['-B', '-c', program, folder], {
    cwd: inRepository('python-env', 'tests'),
    timeoutMs: 120_000,
  });
  const recipe = { ...benchmarkRecipe, dropout: 0.1, epochs: 40, microBatchSize: 4, maxLength: 128, precision: 'fp32' };
  return {
    folder,
    python,
    base: path.join(folder, 'base'),
    rows: path.join(folder, 'rows.jsonl'),
    recipe,
    pauseAfter: 120,
  };
}

async function smolCase(folder: string, python: string): Promise<Omit<ResumeCase, 'threads'>> {
  await mkdir(folder, { recursive: true });
  const { train } = await supportRows();
  const rows = await writeRows(path.join(folder, 'rows.jsonl'), train.slice(0, 64));
  const recipe = { ...benchmarkRecipe, dropout: 0.05, microBatchSize: 4 };
  return { folder, python, base: await baseModelFolder(python), rows, recipe, pauseAfter: 6 };
}

async function compare(name: string, setting: ResumeCase): Promise<Figure> {
  const straight = await start(setting, 'straight');
  await straight.end();
  const halves = await pausedAndResumed(setting);
  const expected = lossesOf(await straight.events());
  const found = new Map([...halves.before, ...halves.after]);
  if (expected.size === 0 || found.size !== expected.size || halves.after.size === 0)
    throw new Error(`${found.size} losses of the resumed run against ${expected.size} of the uninterrupted one`);
  const differences = [...expected].map(([step, loss]) => Math.abs(loss - (found.get(step) ?? Number.NaN)));
  const same = (await weightsDigest(straight)) === (await weightsDigest(halves.resumed));
  const precision = String(effectiveSetting(await straight.events(), 'precision'));
  return {
    name,
    value: Math.max(...differences),
    unit: 'nats',
    bar: atMost(bar),
    detail: `${expected.size} steps (${precision}), paused after step ${halves.before.size}; the final weights ${same ? 'are the same byte for byte' : 'DIFFER'}`,
  };
}

async function pausedAndResumed(setting: ResumeCase) {
  const first = await start(setting, 'first');
  await waitForSteps(first, setting.pauseAfter);
  await first.command('pause');
  await first.end([stoppedCode]);
  const events = await first.events();
  const checkpoint = events.findLast(({ type }) => type === 'checkpoint');
  if (checkpoint?.type !== 'checkpoint') throw new Error('the paused training left no checkpoint');
  const resumed = await start(setting, 'second', path.join(setting.folder, 'first', checkpoint.path));
  await resumed.end();
  return { before: lossesOf(events), after: lossesOf(await resumed.events()), resumed };
}

function start(
  { folder, python, threads, base, rows, recipe }: ResumeCase,
  name: string,
  resumeFrom?: string,
): Promise<WorkerProcess> {
  const directory = path.join(folder, name);
  return startWorker({
    python,
    directory,
    kind: 'train',
    threads,
    attempt: resumeFrom === undefined ? 1 : 2,
    payload: {
      base,
      rows,
      validationRows: null,
      samplePrompts: [],
      recipe,
      reasons: {},
      outDir: path.join(directory, 'outputs'),
    },
    ...(resumeFrom === undefined ? {} : { resumeFrom }),
  });
}

async function waitForSteps(worker: WorkerProcess, steps: number): Promise<void> {
  for (const began = performance.now(); performance.now() - began < deadlineMs; await sleep(pollMs)) {
    if (lossesOf(await worker.events()).size >= steps) return;
    if (worker.isOver()) throw new Error(`the training ended before step ${steps}`);
  }
  worker.kill();
  throw new Error(`the training did not reach step ${steps} in ${deadlineMs / 60_000} minutes`);
}

async function weightsDigest(worker: WorkerProcess): Promise<string> {
  const { artefacts } = await worker.result();
  const weights = artefacts.find(({ name }) => name.endsWith('.safetensors'));
  if (weights === undefined) throw new Error('the training left no weights');
  return weights.sha256;
}
