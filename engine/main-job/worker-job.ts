import { ForgeError } from '#contract/errors.ts';
import type { DeviceKind, JobView, ResultFile, WorkerKind } from '#contract/jobs.ts';
import { attemptDirectory } from '#native-bridge/files/run-directory.ts';
import { isIntact } from '#native-bridge/files/verify-artefacts.ts';
import type { JobService } from '../jobs/job-service.ts';
import type { MainJobServices } from './services.ts';
import type { StepProgress } from './step.ts';

/** What running a worker job asks of the job service. */
export type WorkerJobs = Pick<
  JobService,
  'cancel' | 'get' | 'pause' | 'result' | 'resume' | 'submit' | 'waitUntilSettled' | 'watch'
>;

/** What a worker job needs of the work it belongs to: a step of a main job, or an export. */
export interface WorkerJobContext {
  /** Its id begins the request ids of the jobs. */
  readonly build: { readonly id: string };
  /** Digest of what the work depends on; part of request ids, so the same work is never started twice. */
  readonly inputsDigest: string;
  readonly signal: AbortSignal;
  readonly services: Pick<MainJobServices, 'layout' | 'sharesMachine'> & { readonly jobs: WorkerJobs };
  report(progress: StepProgress): void;
  /** What the abort reason `cancel` does to a running job: rest at a checkpoint and go on with the next start (default), or end for good. */
  readonly whenCancelled?: 'rest' | 'end';
}

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
  context: WorkerJobContext,
  task: WorkerTask,
): Promise<{ job: JobView; result: ResultFile }> {
  const { jobs } = context.services;
  context.signal.throwIfAborted();
  const submitted = await submitOnce(context, task);
  context.report({ job: submitted.id });
  const stopFollowing = new AbortController();
  const follow = followPhases(context, submitted.id, { task, signal: stopFollowing.signal });
  const onAbort = (): void => {
    if (context.signal.reason === 'cancel') stopJob(context, submitted.id);
  };
  context.signal.addEventListener('abort', onAbort, { once: true });
  if (context.signal.aborted) onAbort();
  try {
    const job = await jobs.waitUntilSettled(submitted.id, context.signal);
    if (job.state !== 'succeeded') throw failureOf(job);
    return { job, result: await jobs.result(job.id) };
  } catch (error) {
    if (context.signal.aborted && context.whenCancelled === 'end') await untilGone(jobs, submitted.id);
    throw error;
  } finally {
    context.signal.removeEventListener('abort', onAbort);
    stopFollowing.abort();
    await follow;
  }
}

function stopJob({ services, whenCancelled = 'rest' }: WorkerJobContext, id: string): void {
  if (whenCancelled === 'rest') return pauseIfMoving(services.jobs, id);
  const { state } = services.jobs.get(id);
  if (state === 'queued' || state === 'preparing' || state === 'running') services.jobs.cancel(id);
}

/** A worker that was told to end takes its half-made files away; a wait with an end, because a hung one is ended by force later. */
const endTimeoutMs = 5_000;

async function untilGone(jobs: WorkerJobs, id: string): Promise<void> {
  const { state } = jobs.get(id);
  if (state !== 'stopping') return;
  const leave = AbortSignal.timeout(endTimeoutMs);
  await jobs.waitUntilSettled(id, leave).catch((error: unknown) => {
    if (!leave.aborted) throw error;
  });
}

/** Stopping a main job keeps everything: its worker writes a checkpoint and rests, and the next start resumes it. */
function pauseIfMoving(jobs: WorkerJobs, id: string): void {
  const { state } = jobs.get(id);
  if (state === 'running') jobs.pause(id);
  // Without a process there is nothing to keep: the next start submits it anew.
  else if (state === 'queued' || state === 'preparing') jobs.cancel(id);
}

/**
 * A failed or cancelled job of the same inputs is left as it is, and so is one whose files were changed or removed since; the next free
 * number starts a new one.
 */
async function submitOnce(context: WorkerJobContext, task: WorkerTask): Promise<JobView> {
  const { jobs } = context.services;
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
    if (job.state === 'failed' || job.state === 'cancelled') continue;
    if (job.state !== 'succeeded' || (await hasItsFiles(context, job))) return job;
  }
  throw new Error(`more than ${maximumResubmissions} failed jobs for ${base}`);
}

/** Work that was found done counts only while what it made is still as it made it. */
async function hasItsFiles({ services }: WorkerJobContext, job: JobView): Promise<boolean> {
  const directory = attemptDirectory(services.layout.home, job.id, job.attempt);
  try {
    const { artefacts } = await services.jobs.result(job.id);
    for (const artefact of artefacts) if (!(await isIntact(artefact, directory))) return false;
    return true;
  } catch (error) {
    // Its run folder was cleared.
    if (error instanceof ForgeError && error.code === 'job.artefact-mismatch') return false;
    throw error;
  }
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
  context: WorkerJobContext,
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

function progressOf(view: JobView, task: WorkerTask): StepProgress {
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
  // What rests or waits has no time left: nobody knows when it goes on.
  const etaSeconds = view.state === 'running' || view.state === 'finishing' ? (phase?.etaSeconds ?? null) : null;
  return { text, fraction: phase?.fraction ?? null, etaSeconds, job: view.id };
}

/** A sentence that goes into the middle of another one. */
function withoutStop(sentence: string): string {
  return sentence.replace(/[.\s]+$/, '');
}
