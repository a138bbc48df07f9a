import { spawn } from 'node:child_process';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { knownWorkerEvent, type KnownWorkerEvent } from '#contract/events.ts';
import { resultFile, type AttemptSpec, type ResultFile, type WorkerKind } from '#contract/jobs.ts';
import { cacheFolder, inRepository } from './places.ts';

export interface WorkerTask {
  readonly python: string;
  /** The attempt's folder; made when it is not there. */
  readonly directory: string;
  readonly kind: WorkerKind;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly threads: number;
  readonly resumeFrom?: string;
  readonly attempt?: number;
  readonly seed?: number;
}

export interface WorkerProcess {
  /** Puts a command into `control/`, as the engine does. */
  command(name: 'pause' | 'stop' | 'finish'): Promise<void>;
  /** Every event so far; half a line at the end waits for its other half. */
  events(): Promise<KnownWorkerEvent[]>;
  readonly isOver: () => boolean;
  /** Ends it at once, when a benchmark fails. */
  kill(): void;
  /** Waits until the process has ended with one of these codes; throws with its own words otherwise. */
  end(expectedCodes?: readonly number[]): Promise<void>;
  /** result.json of a run that ended well. */
  result(): Promise<ResultFile>;
}

/** Where a benchmark does not ask for another one. */
const usualSeed = 17;

/** Starts `python -m forge_worker` on a fresh attempt folder, with the environment docs/worker-protocol.md asks for. */
export async function startWorker(task: WorkerTask): Promise<WorkerProcess> {
  const { directory } = task;
  await mkdir(path.join(directory, 'control'), { recursive: true });
  await writeFile(path.join(directory, 'spec.json'), JSON.stringify(specOf(task)));
  const child = spawn(task.python, ['-m', 'forge_worker', directory], {
    cwd: inRepository('python-env'),
    env: workerEnvironment(task),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-8_000)));
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  // Nobody may be waiting yet when it can not be started; `end` tells it then.
  ended.catch(() => undefined);
  let commands = 0;
  return {
    events: () => readEvents(directory),
    isOver: () => child.exitCode !== null || child.signalCode !== null,
    kill: () => void child.kill('SIGTERM'),
    async command(name) {
      commands += 1;
      const file = path.join(directory, 'control', `${String(commands).padStart(4, '0')}-${name}.json`);
      // The worker must never see half a command.
      await writeFile(`${file}.part`, JSON.stringify({ keep: 'best' }));
      await rename(`${file}.part`, file);
    },
    async end(expectedCodes = [0]) {
      const code = await ended;
      if (code === null || !expectedCodes.includes(code))
        throw new Error(`the worker (${task.kind}) ended with ${code}:\n${stderr}`);
    },
    result: async () => resultFile.parse(JSON.parse(await readFile(path.join(directory, 'result.json'), 'utf8'))),
  };
}

function specOf(task: WorkerTask): AttemptSpec {
  const { directory, kind, payload, threads, resumeFrom = null, attempt = 1, seed = usualSeed } = task;
  return {
    v: 1,
    run: `bench/${attempt}`,
    job: 'bench',
    attempt,
    kind,
    directory,
    device: 'cpu',
    threads,
    passiveWait: false,
    seed,
    resumeFrom,
    payload: { ...payload },
  };
}

function workerEnvironment({ directory, threads }: WorkerTask): NodeJS.ProcessEnv {
  return {
    ...pythonEnvironment(threads),
    FORGE_RUN_DIRECTORY: directory,
  };
}

/** What both sides of a comparison are started with: nothing of the person's Python, no network, a number of threads. */
export function pythonEnvironment(threads: number): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('PYTHON'));
  return {
    ...Object.fromEntries(own),
    PYTHONNOUSERSITE: '1',
    PYTHONUTF8: '1',
    PYTHONPYCACHEPREFIX: path.join(cacheFolder, 'pycache'),
    HF_HUB_OFFLINE: '1',
    HF_HUB_DISABLE_TELEMETRY: '1',
    TOKENIZERS_PARALLELISM: 'false',
    CUDA_VISIBLE_DEVICES: '',
    OMP_NUM_THREADS: String(threads),
    MKL_NUM_THREADS: String(threads),
  };
}

async function readEvents(directory: string): Promise<KnownWorkerEvent[]> {
  const text = await readFile(path.join(directory, 'events.jsonl'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => knownWorkerEvent.parse(JSON.parse(line)));
}
