import { ForgeError } from '#contract/errors.ts';
import type { DeviceKind, JobView, ResultFile, WorkerKind } from '#contract/jobs.ts';
import type { JobService } from '../jobs/job-service.ts';
import type { StepContext } from './step.ts';

export interface WorkerTask {
  readonly kind: WorkerKind;
  readonly name: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly device: DeviceKind;
  readonly seed?: number;
  /** What the person reads while it works, by phase name; the phase's own name when absent. */
  readonly phaseTexts?: Readonly<Record<string, string>>;
  /** Tells two tasks of one step apart. */
  readonly key?: string;
}

/** The most times a task that failed for good is submitted anew under the same inputs before its request id repeats. */
const maximumResubmissions = 1000;

/**
 * Runs one worker job to its proven result. The request id comes from the step's inputs: after a crash of the engine the same job
 * is found again (finished, adopted or resumed) instead of being started a second time.
 * @throws ForgeError `job.failed`, `job.input-refused` or `job.machine-in-the-way` with the worker's own sentence, `job.cancelled`.
 */
export async function runWorkerJob(
  context: StepContext,
  task: WorkerTask,
): Promise<{ job: JobView; result: ResultFile }> {
  const { jobs } = context.services;
  const submitted = submitOnce(jobs, context, task);
  context.report({ job: submitted.id });
  const stopFollowing = new AbortController();
  const follow = followPhases(context, submitted.id, { task, signal: stopFollowing.signal });
  // Stopping a main job keeps everything: its worker writes a checkpoint and rests, and the next start resumes it.
  const onAbort = (): void => {
    if (context.signal.reason === 'cancel') pauseIfMoving(jobs, submitted.id);
  };
  context.signal.addEventListener('abort', onAbort, { once: true });
  try {
    const job = await jobs.waitUntilSettled(submitted.id, context.signal);
    if (job.state !== 'succeeded') throw failureOf(job);
    return { job, result: await jobs.result(job.id) };
  } finally {
    context.signal.removeEventListener('abort', onAbort);
    stopFollowing.abort();
    await follow;
  }
}

function pauseIfMoving(jobs: JobService, id: string): void {
  const { state } = jobs.get(id);
  if (state === 'running') jobs.pause(id);
  // Without a process there is nothing to keep: the next start submits it anew.
  else if (state === 'queued' || state === 'preparing') jobs.cancel(id);
}

/** A failed or cancelled job of the same inputs is left as it is; the next free number starts a new one. */
function submitOnce(jobs: JobService, context: StepContext, task: WorkerTask): JobView {
  const base = `${context.build.id}:${context.inputsDigest.slice(0, 16)}:${task.kind}${task.key ? `-${task.key}` : ''}`;
  for (let number = 0; number < maximumResubmissions; number += 1) {
    const job = jobs.submit({
      kind: task.kind,
      name: task.name,
      payload: task.payload,
      device: task.device,
      seed: task.seed ?? 0,
      autoResume: true,
      passiveWait: context.services.sharesMachine(),
      requestId: `${base}:${number}`,
    });
    if (job.state === 'paused' || job.state === 'interrupted') return jobs.resume(job.id);
    if (job.state !== 'failed' && job.state !== 'cancelled') return job;
  }
  throw new Error(`more than ${maximumResubmissions} failed jobs for ${base}`);
}

function failureOf(job: JobView): ForgeError {
  if (job.state === 'cancelled') return new ForgeError('job.cancelled', { job: job.id, name: job.name });
  const { failure } = job;
  return new ForgeError(errorCodeOf(failure?.code ?? ''), {
    job: job.id,
    name: job.name,
    reason: withoutStop(failure?.message ?? 'the process ended without a reason'),
    hint: withoutStop(
      failure?.hint ?? `Read its console with \`forge runs logs ${job.id}\`, then run the same command again`,
    ),
    code: failure?.code ?? 'unknown',
  });
}

/** What a worker found wrong with the files it was given (its own failure codes). */
const inputFailures = new Set([
  'already-quantised',
  'attention-unsupported',
  'base-incomplete',
  'base-quantised',
  'base-unreadable',
  'family-unknown',
  'family-unsupported',
  'file-damaged',
  'file-missing',
  'file-unreadable',
  'gguf-type',
  'gguf-version',
  'layout-unsupported',
  'model-unsupported',
  'no-chat-template',
  'no-tokenizer',
  'not-gguf',
  'nothing-to-learn',
  'rope-unsupported',
  'rows-unusable',
  'template-refused',
  'tokenizer-unsupported',
  'weights-type',
  'weights-unexpected',
]);
/** What is in the way on the machine: room, memory, a part that is missing. */
const machineFailures = new Set([
  'checkpoint-not-written',
  'disk-full',
  'out-of-memory',
  'device-missing',
  'package-missing',
  'llama-library',
]);

/** Decides the exit code of the command line: the input is wrong, the machine is in the way, or the work failed. */
function errorCodeOf(failure: string): 'job.input-refused' | 'job.machine-in-the-way' | 'job.failed' {
  if (inputFailures.has(failure)) return 'job.input-refused';
  return machineFailures.has(failure) ? 'job.machine-in-the-way' : 'job.failed';
}

/** Passes the worker's phases on as progress of the step. */
async function followPhases(
  context: StepContext,
  jobId: string,
  { task, signal }: { task: WorkerTask; signal: AbortSignal },
): Promise<void> {
  try {
    for await (const change of context.services.jobs.watch(signal)) {
      const views = change.kind === 'snapshot' ? change.jobs : [change.job];
      const view = views.find(({ id }) => id === jobId);
      if (view) context.report(progressOf(view, task));
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function progressOf(view: JobView, task: WorkerTask): Parameters<StepContext['report']>[0] {
  const waiting: Partial<Record<JobView['state'], string>> = {
    queued: view.queuePosition
      ? `waits for the machine (number ${view.queuePosition} in the queue)`
      : 'waits for the machine',
    preparing: 'starting Python',
    interrupted: 'was interrupted; goes on',
    paused: 'paused',
    stopping: 'stopping',
  };
  const phase = view.phase;
  const text = waiting[view.state] ?? (phase ? (task.phaseTexts?.[phase.name] ?? phase.name) : 'starting Python');
  return { text, fraction: phase?.fraction ?? null, etaSeconds: phase?.etaSeconds ?? null, job: view.id };
}

/** A sentence that goes into the middle of another one. */
function withoutStop(sentence: string): string {
  return sentence.replace(/[.\s]+$/, '');
}
