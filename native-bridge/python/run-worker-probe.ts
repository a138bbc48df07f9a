import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { exitFile, resultFile, type AttemptSpec } from '#contract/jobs.ts';
import { ForgeError } from '#contract/errors.ts';
import type { PythonToolbox, TrainingProbeRunner } from '#core/ports/python-environment.ts';
import { writeJsonAtomic } from '../files/write-file-atomic.ts';
import { runTool } from '../processes/run-tool.ts';
import type { RunTool } from './find-uv.ts';

export interface WorkerProbeOptions {
  readonly toolbox: Pick<PythonToolbox, 'workerCommand'>;
  readonly run?: RunTool;
  /** Compute threads for the probe. */
  readonly threads: number;
}

const steps = 10;
const probeTimeoutMs = 300_000;
const summarySchema = z.object({ lossFirst: z.number(), lossLast: z.number(), secondsPerStep: z.number().positive() });

/**
 * The last stage of a set-up: the worker itself trains a tiny model for ten real steps (kind `probe` of docs/worker-protocol.md), and
 * what it proves is read from the run directory: exit code 0, result.json, a loss that is a number and fell.
 */
export function createWorkerProbe({ toolbox, run = runTool, threads }: WorkerProbeOptions): TrainingProbeRunner {
  return async ({ directory: environment, device }, step) => {
    const directory = join(environment, 'probe-run');
    await rm(directory, { recursive: true, force: true });
    await mkdir(directory, { recursive: true });
    const spec: AttemptSpec = {
      ...{ v: 1, run: 'probe/1', job: 'probe', attempt: 1, kind: 'probe', directory, device },
      ...{ threads, passiveWait: true, seed: 1, resumeFrom: null, payload: { steps } },
    };
    await writeJsonAtomic(join(directory, 'spec.json'), spec);
    const { command, args, env } = await toolbox.workerCommand(environment, { threads, passiveWait: true, device });
    step.report('starting Python', null);
    const options = { timeoutMs: probeTimeoutMs, maximumOutputBytes: 4_000_000, env, cwd: directory, signal: step.signal };
    const expectedExitCodes = Array.from({ length: 256 }, (_, code) => code);
    const { exitCode, stdout, stderr } = await run(command, [...args, directory], { ...options, expectedExitCodes });
    if (exitCode !== 0) throw failure(await sayWhy(directory, `${stdout}\n${stderr}`, exitCode));
    const figures = await readFigures(directory);
    await rm(directory, { recursive: true, force: true });
    return figures;
  };
}

const failure = (detail: string, cause?: unknown): ForgeError =>
  new ForgeError('environment.probe-failed', { stage: 'ten steps of training', detail }, { cause });

async function readFigures(directory: string): Promise<z.infer<typeof summarySchema>> {
  const [result, exit] = await Promise.all(['result.json', 'exit.json'].map((name) => readJson(join(directory, name))));
  const parsed = resultFile.safeParse(result);
  if (!parsed.success || exitFile.safeParse(exit).data?.exitCode !== 0) throw failure('the worker left no valid result');
  const summary = summarySchema.safeParse(parsed.data.summary);
  if (!summary.success) throw failure('the result has no figures');
  const { lossFirst, lossLast } = summary.data;
  if (lossLast >= lossFirst) throw failure(`nothing was learned: the loss went from ${lossFirst} to ${lossLast}`);
  return summary.data;
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw failure('the worker left no valid result', error);
  }
}

/** The worker's own `failed` event, else the last line of what it printed. */
async function sayWhy(directory: string, output: string, exitCode: number): Promise<string> {
  const lines = (await readFile(join(directory, 'events.jsonl'), 'utf8').catch(() => '')).split('\n');
  const failed = lines.filter((line) => line.includes('"failed"')).at(-1);
  if (failed !== undefined) {
    const event = z.object({ type: z.literal('failed'), message: z.string() }).safeParse(JSON.parse(failed));
    if (event.success) return event.data.message;
  }
  return `exit code ${exitCode}: ${(output.trim().split('\n').at(-1) ?? '').slice(0, 300)}`;
}
