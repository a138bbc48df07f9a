// What only the worker can find out: damaged weights, rows longer than the context, a disk that fills up in a checkpoint.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { attemptSpec, type WorkerKind } from '#contract/jobs.ts';
import { ggufFile } from '../fixtures/gguf-file.ts';
import { safetensors, writeFolderBase } from './base-files.ts';
import { newFolder } from './forge-command.ts';
import { mountMemoryDisk } from './memory-disk.ts';

const repository = path.resolve(import.meta.dirname, '..', '..');
const cache = process.env['FORGE_TEST_CACHE'] ?? path.join(homedir(), '.cache', 'forge-tests');
const python = path.join(cache, 'home', 'envs', 'dev', 'python', 'bin', 'python');
const options = {
  timeout: 120_000,
  skip: !existsSync(python) && `NOT CHECKED: there is no developer environment at ${python} (npm test makes it)`,
};

function pythonEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('PYTHON'));
  return {
    ...Object.fromEntries(own),
    ...{ PYTHONPATH: path.join(repository, 'python-env'), PYTHONDONTWRITEBYTECODE: '1', PYTHONNOUSERSITE: '1' },
    ...{ HF_HUB_OFFLINE: '1', OMP_NUM_THREADS: '1' },
  };
}

interface Ended {
  readonly code: number | null;
  readonly failed: { readonly code: string; readonly message: string; readonly hint: string } | null;
  readonly warnings: readonly string[];
}

/** Runs `python -m forge_worker` on an attempt of its own, as the job host does. */
async function runWorker(directory: string, kind: WorkerKind, payload: Record<string, unknown>): Promise<Ended> {
  mkdirSync(directory, { recursive: true });
  const spec = attemptSpec.parse({
    ...{ v: 1, run: 'job/1', job: 'job', attempt: 1, kind, directory, device: 'cpu', threads: 1, passiveWait: false },
    ...{ seed: 7, resumeFrom: null, payload },
  });
  writeFileSync(path.join(directory, 'spec.json'), JSON.stringify(spec));
  const env = { ...pythonEnvironment(), FORGE_RUN_DIRECTORY: directory };
  const child = spawn(python, ['-m', 'forge_worker', directory], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let words = '';
  child.stderr.on('data', (bytes: Buffer) => (words += bytes.toString('utf8')));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  assert.equal(existsSync(path.join(directory, 'events.jsonl')), true, words);
  const events = readEvents(directory);
  const failed = (events.find(({ type }) => type === 'failed') ?? null) as Ended['failed'];
  assert.doesNotMatch(JSON.stringify(failed), /Traceback|File \\"/, 'no stack is shown');
  return {
    code,
    failed,
    warnings: events.filter(({ type }) => type === 'warning').map(({ code: name }) => String(name)),
  };
}

function readEvents(directory: string): ({ type: string } & Record<string, unknown>)[] {
  const lines = readFileSync(path.join(directory, 'events.jsonl'), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as { type: string } & Record<string, unknown>);
}

async function prepareRefused(
  t: TestContext,
  make: (place: string) => { kind: string; path: string },
  says: RegExp,
): Promise<void> {
  const folder = await newFolder(t);
  const outDir = path.join(folder, 'prepared');
  const source = make(path.join(folder, 'base'));
  const { code, failed } = await runWorker(path.join(folder, 'attempt'), 'prepare-base', {
    source,
    outDir,
    id: 'base',
  });
  assert.equal(code, 4);
  assert.match(failed?.message ?? '', says);
  assert.match(failed?.hint ?? '', /\w+.*\.$/);
  assert.deepEqual(existsSync(outDir) ? readdirSync(outDir) : [], [], 'nothing half-made is left');
}

test('a GGUF file that ends behind its head is refused with the place of the damage', options, (t) =>
  prepareRefused(
    t,
    (place) => {
      writeFileSync(`${place}.gguf`, ggufFile({ dataBytes: 0 }));
      return { kind: 'gguf', path: `${place}.gguf` };
    },
    /base\.gguf is damaged: tensor 'one' reaches 256 bytes past the end of the file/,
  ),
);

test('safetensors that end before their tensors are refused with the tensor', options, (t) =>
  prepareRefused(
    t,
    (place) => ({ kind: 'folder', path: writeFolderBase(place, { weights: safetensors({ dataBytes: 500 }) }) }),
    /model\.safetensors is damaged: tensor 'weight' reaches past the end of the file/,
  ),
);

/** A base with 30,000 random weights and rows for it, made by the Python tests' own generator. */
function writeTinyCase(folder: string): { base: string; rows: string; validation: string } {
  mkdirSync(folder, { recursive: true });
  const script = `import sys; from pathlib import Path; from training_case import Case; Case(Path(sys.argv[1]))`;
  const env = {
    ...pythonEnvironment(),
    PYTHONPATH: ['python-env', 'python-env/tests'].map((part) => path.join(repository, part)).join(path.delimiter),
  };
  execFileSync(python, ['-c', script, folder], { env, stdio: 'pipe' });
  return {
    base: path.join(folder, 'base'),
    rows: path.join(folder, 'rows.jsonl'),
    validation: path.join(folder, 'validation.jsonl'),
  };
}

const recipe = {
  ...{
    method: 'lora',
    rank: 4,
    alpha: 8,
    dropout: 0,
    targetModules: 'all-linear',
    learningRate: 0.01,
    schedule: 'cosine',
  },
  ...{ warmupFraction: 0.1, weightDecay: 0.01, gradientClip: 1, epochs: 6, maxMinutes: null, microBatchSize: 4 },
  ...{ gradientAccumulation: 1, maxLength: 128, precision: 'fp32', packing: 'group', gradientCheckpointing: false },
  ...{
    evaluateEverySteps: 4,
    earlyStopping: { patience: 50, minimumGain: 0 },
    checkpointEverySeconds: 1e6,
    keepCheckpoints: 2,
  },
};

function trainPayload(
  tiny: ReturnType<typeof writeTinyCase>,
  outDir: string,
  changes: object = {},
): Record<string, unknown> {
  const { base, rows, validation } = tiny;
  return {
    base,
    rows,
    validationRows: validation,
    samplePrompts: [],
    recipe: { ...recipe, ...changes },
    reasons: {},
    outDir,
  };
}

test('rows longer than the context: some are cut and counted, none that fits is a sentence', options, async (t) => {
  const folder = await newFolder(t);
  const tiny = writeTinyCase(path.join(folder, 'case'));
  const long = JSON.parse(readFileSync(tiny.rows, 'utf8').split('\n')[0] ?? '') as {
    id: string;
    messages: { role: string; content: string }[];
  };
  const question = long.messages.find(({ role }) => role === 'user');
  assert.ok(question);
  question.content = 'word '.repeat(2000);
  const longLine = `${JSON.stringify({ ...long, id: 'long' })}\n`;
  const mixed = path.join(folder, 'mixed.jsonl');
  writeFileSync(mixed, readFileSync(tiny.rows, 'utf8').trimEnd() + `\n${longLine}`);
  const some = await runWorker(
    path.join(folder, 'some'),
    'train',
    trainPayload({ ...tiny, rows: mixed }, path.join(folder, 'a'), { epochs: 1 }),
  );
  assert.equal(some.code, 0, JSON.stringify(some.failed));
  assert.deepEqual(some.warnings.filter((code) => code.startsWith('rows-')).toSorted(), [
    'rows-truncated',
    'rows-without-answer',
  ]);
  writeFileSync(mixed, longLine.repeat(9));
  const none = await runWorker(
    path.join(folder, 'none'),
    'train',
    trainPayload({ ...tiny, rows: mixed }, path.join(folder, 'b')),
  );
  assert.equal(none.code, 4);
  assert.equal(none.failed?.code, 'nothing-to-learn');
  assert.match(none.failed?.message ?? '', /None of the 9 rows has an answer to learn from/);
  assert.match(none.failed?.hint ?? '', /maximum length/);
});

test(
  'a disk that fills up in a checkpoint ends the run with a sentence, and what was saved before is whole',
  options,
  async (t) => {
    const disk = await mountMemoryDisk(t, '64m');
    if (disk === null) {
      t.skip('NOT CHECKED: this user may not mount a file system');
      return;
    }
    const folder = await newFolder(t);
    const tiny = writeTinyCase(path.join(folder, 'case'));
    const directory = path.join(disk.home, 'attempt');
    const running = runWorker(
      directory,
      'train',
      trainPayload(tiny, path.join(folder, 'out'), { epochs: 400, keepCheckpoints: 50 }),
    );
    const checkpoints = path.join(directory, 'checkpoints');
    await until(() =>
      readdirSync(checkpoints).some((name) => existsSync(path.join(checkpoints, name, 'manifest.json'))),
    );
    const photos = path.join(disk.home, 'photos');
    fillLeavingSomeForEvents(photos, disk.home);
    const { code, failed } = await running;
    assert.equal(code, 4, JSON.stringify(failed));
    assert.match(failed?.code ?? '', /^(checkpoint-not-written|disk-full)$/);
    assert.match(`${failed?.message} ${failed?.hint}`, /(No space left on device|disk is full).*Free .*space/);
    const kept = readdirSync(checkpoints);
    assert.ok(kept.length > 0);
    assert.deepEqual(
      kept.filter((name) => !existsSync(path.join(checkpoints, name, 'manifest.json'))),
      [],
      'no half checkpoint',
    );
    rmSync(photos);
    // With room it goes on from there.
    const newest = path.join(checkpoints, kept.toSorted().at(-1) ?? '');
    assert.ok(JSON.parse(readFileSync(path.join(newest, 'manifest.json'), 'utf8')));
  },
);

function fillLeavingSomeForEvents(file: string, home: string): void {
  writeFileSync(path.join(home, 'room'), Buffer.alloc(60_000));
  assert.throws(
    () => {
      for (;;) writeFileSync(file, Buffer.alloc(65_536), { flag: 'a' });
    },
    { code: 'ENOSPC' },
  );
  rmSync(path.join(home, 'room'));
}

async function until(what: () => boolean, timeoutMs = 60_000): Promise<void> {
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline;) {
    try {
      if (what()) return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('it did not happen in time');
}
