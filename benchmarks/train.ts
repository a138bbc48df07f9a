import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { atLeast, atMost, type Benchmark, type BenchmarkSettings, type Figure } from './harness/benchmark.ts';
import { developerPython } from './harness/developer-python.ts';
import { physicalCores } from './harness/physical-cores.ts';
import { inRepository } from './harness/places.ts';
import { runToSuccess } from './harness/run-process.ts';
import { listed, mean, median } from './harness/statistics.ts';
import { clockOf, effectiveSetting, type TrainingClock } from './harness/training-clock.ts';
import { baseModelFolder, supportRows, writeRows } from './harness/training-material.ts';
import { benchmarkRecipe } from './harness/training-recipe.ts';
import { pythonEnvironment, startWorker } from './harness/worker-run.ts';

const ratioBar = 1.3;
const lossBarPercent = 2;
const timeoutMs = 30 * 60_000;
const firstSeed = 17;
const rounds = 2;

/** Forge's training loop against TRL's, the same rows and settings, on the processor. */
export const trainBenchmark: Benchmark = {
  name: 'train',
  question:
    'Answer tokens a second of Forge’s worker against TRL’s SFTTrainer on SmolLM2-135M: same rows, settings and threads, one epoch, on the processor, taking turns (aim 2 x). Every round has another seed and gives TRL the batches that Forge drew, since both draw them at random and 30 steps tell draws apart better than trainers (docs/experiments.md); the first round once more with TRL’s own.',
  minutes: 14,
  promises: [
    { name: 'training speed against TRL', bar: `at least ${ratioBar} x` },
    { name: 'validation loss above TRL’s', bar: `at most ${lossBarPercent} %` },
  ],
  async run(settings) {
    const folder = await mkdtemp(path.join(tmpdir(), 'forge-bench-train-'));
    try {
      return await measure(folder, settings);
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  },
};

interface Material {
  readonly python: string;
  readonly threads: number;
  readonly base: string;
  readonly rows: string;
  readonly validation: string;
}

interface TrainedSide extends TrainingClock {
  readonly adapter: string;
  /** As Forge's worker chose it on this machine; TRL is told the same. */
  readonly precision: string;
}

async function measure(folder: string, { quick, say }: BenchmarkSettings): Promise<Figure[]> {
  const python = await developerPython();
  const { train, validation } = await supportRows();
  const rows = train.slice(0, quick ? 16 : 240);
  const material: Material = {
    python,
    threads: await physicalCores(),
    base: await baseModelFolder(python),
    rows: await writeRows(path.join(folder, 'rows.jsonl'), rows),
    validation: await writeRows(path.join(folder, 'validation.jsonl'), validation.slice(0, quick ? 4 : 32)),
  };
  const forge: TrainedSide[] = [];
  const trl: TrainedSide[] = [];
  const trlOwnBatches: TrainedSide[] = [];
  for (let round = 0; round < (quick ? 1 : rounds); round += 1) {
    const seed = firstSeed + round;
    const ours = await trainWithForge(path.join(folder, `forge-${round}`), { ...material, seed });
    say(`Forge, round ${round + 1}: ${ours.steps} steps in ${ours.seconds.toFixed(1)} s (${ours.precision})`);
    forge.push(ours);
    for (const order of round === 0 ? (['same', 'own'] as const) : (['same'] as const)) {
      const settings = { ...material, seed, order, precision: ours.precision };
      const theirs = await trainWithTrl(path.join(folder, `trl-${order}-${round}`), settings);
      say(`TRL, round ${round + 1}, ${order} batches: ${theirs.steps} steps in ${theirs.seconds.toFixed(1)} s`);
      requireSameWork(ours, theirs, rows.length);
      (order === 'same' ? trl : trlOwnBatches).push(theirs);
    }
  }
  if (new Set(forge.map(({ precision }) => precision)).size > 1)
    throw new Error('the worker chose another precision in each round: the machine is not quiet');
  const losses = await lossesOf(material, [...forge, ...trl, ...trlOwnBatches]);
  return figuresOf(
    { forge, trl, threads: material.threads },
    {
      ours: losses.slice(0, forge.length),
      theirs: losses.slice(forge.length, 2 * forge.length),
      theirsOwnBatches: losses.at(-1) ?? Number.NaN,
    },
  );
}

async function trainWithForge(directory: string, material: Material & { seed: number }): Promise<TrainedSide> {
  const worker = await startWorker({
    python: material.python,
    directory,
    kind: 'train',
    threads: material.threads,
    seed: material.seed,
    payload: {
      base: material.base,
      rows: material.rows,
      validationRows: material.validation,
      samplePrompts: [],
      recipe: benchmarkRecipe,
      reasons: {},
      outDir: path.join(directory, 'outputs'),
    },
  });
  await worker.end();
  const events = await worker.events();
  const precision = String(effectiveSetting(events, 'precision'));
  return { ...clockOf(events), adapter: path.join(directory, 'outputs', 'adapter'), precision };
}

const trlMeasured = z.object({ seconds: z.number(), steps: z.number().int(), learnedTokens: z.number().int() });

async function trainWithTrl(
  outDir: string,
  material: Material & { seed: number; precision: string; order: 'own' | 'same' },
): Promise<TrainedSide> {
  await mkdir(outDir, { recursive: true });
  const { python, base, rows, seed, precision, threads, order } = material;
  const settingsFile = path.join(outDir, 'settings.json');
  const settings = { base, rows, outDir, threads, seed, precision, order, recipe: benchmarkRecipe };
  await writeFile(settingsFile, JSON.stringify(settings));
  const script = inRepository('benchmarks', 'trl_sft.py');
  await runToSuccess(python, [script, settingsFile], {
    environment: { ...pythonEnvironment(threads), PYTHONPATH: inRepository('python-env') },
    timeoutMs,
  });
  const text = await readFile(path.join(outDir, 'measured.json'), 'utf8');
  const { seconds, steps, learnedTokens } = trlMeasured.parse(JSON.parse(text));
  return { seconds, steps, tokens: learnedTokens, adapter: path.join(outDir, 'adapter'), precision };
}

/** TRL learns one token more in each row: the template's line break after the end of the answer. Any other difference is other work. */
function requireSameWork(ours: TrainedSide, theirs: TrainedSide, rowCount: number): void {
  const more = theirs.tokens - ours.tokens;
  if (ours.steps === theirs.steps && more >= 0 && more <= rowCount) return;
  throw new Error(
    `not the same work: Forge ${ours.steps} steps and ${ours.tokens} tokens, TRL ${theirs.steps} and ${theirs.tokens}`,
  );
}

/** The held-out loss of each adapter, all measured by the same program. */
async function lossesOf(material: Material, sides: readonly TrainedSide[]): Promise<number[]> {
  const adapters = sides.map(({ adapter }) => adapter);
  const script = inRepository('benchmarks', 'answer_loss.py');
  const args = [script, material.base, material.validation, String(material.threads), ...adapters];
  const { stdout } = await runToSuccess(material.python, args, {
    environment: pythonEnvironment(material.threads),
    timeoutMs,
  });
  return z
    .array(z.number())
    .length(adapters.length)
    .parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
}

interface BothSides {
  readonly forge: readonly TrainedSide[];
  readonly trl: readonly TrainedSide[];
  readonly threads: number;
}

function figuresOf(
  { forge, trl, threads }: BothSides,
  losses: { readonly ours: readonly number[]; readonly theirs: readonly number[]; readonly theirsOwnBatches: number },
): Figure[] {
  // The rows are the same, so both rates count the same tokens: Forge's own number of them.
  const tokens = forge[0]?.tokens ?? Number.NaN;
  const ours = forge.map(({ seconds }) => tokens / seconds);
  const theirs = trl.map(({ seconds }) => tokens / seconds);
  return [
    {
      name: 'training speed against TRL',
      value: median(ours) / median(theirs),
      unit: 'x',
      bar: atLeast(ratioBar),
      detail: `Answer tokens/s in turns, Forge ${listed(ours, 1)}; TRL ${listed(theirs, 1)}; ${tokens} tokens in ${forge[0]?.steps} steps, ${threads} threads, ${forge[0]?.precision}`,
    },
    {
      name: 'validation loss above TRL’s',
      value: (mean(losses.ours) / mean(losses.theirs) - 1) * 100,
      unit: '%',
      bar: atMost(lossBarPercent),
      detail: `Nats per answer token on rows of other groups, both adapters by one program: Forge ${listed(losses.ours, 4)}, TRL ${listed(losses.theirs, 4)}, a value a seed, their means compared, both on the same batches; below zero Forge is better`,
    },
    {
      name: 'validation loss above TRL’s, each its own batches',
      value: ((losses.ours[0] ?? Number.NaN) / losses.theirsOwnBatches - 1) * 100,
      unit: '%',
      bar: null,
      detail: `First seed alone: Forge ${losses.ours[0]?.toFixed(4)}, TRL ${losses.theirsOwnBatches.toFixed(4)}; seeds of one side differ by about 10 %`,
    },
  ];
}
