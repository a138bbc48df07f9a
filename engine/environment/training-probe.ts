import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { ForgeError } from '#contract/errors.ts';
import { failedEvent, maximumEventLineBytes } from '#contract/events.ts';
import { resultFile, type AttemptSpec } from '#contract/jobs.ts';
import type { TrainingProbeRunner, WorkerCommand, WorkerSettings } from '#core/ports/python-environment.ts';
import { writeJsonAtomic } from '#native-bridge/files/write-file-atomic.ts';
import { runTool } from '#native-bridge/processes/run-tool.ts';

const probeSummary = z.looseObject({ lossFirst: z.number(), lossLast: z.number(), secondsPerStep: z.number() });
const probeTimeoutMs = 5 * 60_000;
const steps = 10;

/** How the probe starts a worker in an environment that is not proved yet. */
export type ProbeCommand = (directory: string, settings: WorkerSettings) => Promise<WorkerCommand>;

/**
 * The last stage of a set-up: the worker's own `probe` kind, ten real steps on a tiny model, outside the queue because the queue needs a
 * proved environment first.
 */
export function createTrainingProbe(command: ProbeCommand, threads: number): TrainingProbeRunner {
  return async ({ directory, device }, { signal, report }) => {
    report('training ten steps on a tiny model', null);
    const attempt = path.join(directory, 'probe', 'attempts', '1');
    await rm(path.dirname(path.dirname(attempt)), { recursive: true, force: true });
    await mkdir(attempt, { recursive: true });
    const spec: AttemptSpec = {
      v: 1,
      run: 'probe/1',
      job: 'probe',
      attempt: 1,
      kind: 'probe',
      directory: attempt,
      device,
      threads,
      passiveWait: false,
      seed: 17,
      resumeFrom: null,
      payload: { steps },
    };
    await writeJsonAtomic(path.join(attempt, 'spec.json'), spec);
    const worker = await command(directory, { threads, passiveWait: false, device });
    const done = await runTool(worker.command, [...worker.args, attempt], {
      env: worker.env,
      timeoutMs: probeTimeoutMs,
      maximumOutputBytes: maximumEventLineBytes,
      expectedExitCodes: [0, 1, 2, 4],
      signal,
    });
    if (done.exitCode !== 0) throw await probeFailure(attempt, done.stderr || done.stdout);
    const result = resultFile.parse(JSON.parse(await readFile(path.join(attempt, 'result.json'), 'utf8')));
    const probe = probeSummary.parse(result.summary);
    if (!(probe.lossLast < probe.lossFirst)) {
      const detail = `the loss of ten training steps went from ${probe.lossFirst} to ${probe.lossLast} instead of falling`;
      throw new ForgeError('environment.probe-failed', { stage: 'training-probe', detail });
    }
    return probe;
  };
}

/** The worker's own sentence when it left one, else the end of what it printed. */
async function probeFailure(attempt: string, output: string): Promise<ForgeError> {
  const text = await readFile(path.join(attempt, 'events.jsonl'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const lastLine = text.trim().split('\n').at(-1) ?? '';
  const failed = failedEvent.safeParse(parseOrNull(lastLine));
  const reason = failed.success ? failed.data.message : output.trim().slice(-400) || 'the worker ended without a word';
  return new ForgeError('environment.probe-failed', { stage: 'training-probe', detail: reason });
}

/** The last line of a killed worker may be half a line. */
function parseOrNull(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
