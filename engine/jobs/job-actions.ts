import { ForgeError } from '#contract/errors.ts';
import { jobFile, type JobFile, type JobView } from '#contract/jobs.ts';
import type { JobMachineEvent } from '#core/jobs/job-machine.ts';
import type { JobRecord } from '#core/jobs/job-record.ts';
import { kindOfDevice, reorderRanks } from '#core/jobs/queue.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { JobParts } from './job-parts.ts';
import type { JobService, JobSubmission, QueueMove } from './job-service.ts';

export interface JobActionsOptions {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly devices: readonly string[];
}

type JobActions = Pick<
  JobService,
  'submit' | 'pause' | 'resume' | 'cancel' | 'finish' | 'retry' | 'discard' | 'reorder'
>;

/** What people ask of jobs. */
export function createJobActions(parts: JobParts, options: JobActionsOptions): JobActions {
  const request = (action: string, kind: RequestKind) => (jobId: string) => ask(parts, jobId, { action, kind });
  const resume = request('resume', 'resume-requested');
  return {
    submit: (submission) => submit(parts, options, submission),
    pause: request('pause', 'pause-requested'),
    resume,
    cancel: request('cancel', 'cancel-requested'),
    finish: request('finish', 'finish-requested'),
    discard: request('discard', 'discard-requested'),
    retry: (jobId, requestId) => {
      const record = parts.find(jobId);
      const { name } = record.machine;
      if (name === 'interrupted') return resume(jobId);
      if (name === 'failed' || name === 'cancelled') return submit(parts, options, { ...record.file, requestId });
      throw notAllowed(record, 'retry', 'only a failed, cancelled or interrupted job can be tried again');
    },
    reorder: (jobId, move) => reorder(parts, jobId, move),
  };
}

type RequestKind = Extract<JobMachineEvent['kind'], `${string}-requested`>;

function ask(parts: JobParts, jobId: string, { action, kind }: { action: string; kind: RequestKind }): JobView {
  const record = parts.find(jobId);
  const outcome = parts.moves.dispatch(record, { kind });
  if (outcome.kind === 'refused') throw notAllowed(record, action, outcome.reason);
  return parts.view(outcome.record);
}

function notAllowed(record: JobRecord, action: string, reason: string): ForgeError {
  return new ForgeError('job.not-allowed', { action, state: record.machine.name, reason, job: record.file.job });
}

type Wanted = Omit<JobSubmission, 'threads'> & { readonly threads?: number | null };

function submit(parts: JobParts, { clock, newId, devices }: JobActionsOptions, wanted: Wanted): JobView {
  const known = parts.store.repository.findByRequest(wanted.requestId);
  if (known !== null) return parts.view(known);
  if (!devices.some((device) => kindOfDevice(device) === wanted.device)) {
    throw new ForgeError('job.device-missing', { device: wanted.device });
  }
  const { kind, name, payload, device, requestId, threads = null, seed, autoResume, passiveWait } = wanted;
  const parsed = jobFile.safeParse({
    v: 1,
    job: newId(),
    createdAt: clock.nowMs(),
    ...{ kind, name, payload, device, requestId, threads, seed, autoResume, passiveWait },
  } satisfies Record<keyof JobFile, unknown>);
  if (!parsed.success) throw new ForgeError('engine.bad-input', { reason: parsed.error.issues[0]?.message ?? '' });
  return parts.view(parts.moves.create(parsed.data));
}

function reorder(parts: JobParts, jobId: string, { before }: QueueMove): JobView {
  const record = parts.find(jobId);
  if (record.machine.name !== 'queued')
    throw notAllowed(record, 'reorder', 'only a waiting job has a place in the queue');
  if (before !== null && parts.find(before).machine.name !== 'queued') {
    throw notAllowed(record, 'reorder', `the job ${before} does not wait`);
  }
  const waiting = parts.store.repository.listByState(['queued']);
  const ranks = reorderRanks(
    waiting.map(({ file, queueRank }) => ({ id: file.job, device: file.device, queueRank })),
    jobId,
    before,
  );
  for (const other of waiting) {
    const rank = ranks.get(other.file.job);
    if (rank !== undefined) parts.moves.rerank(other, rank);
  }
  return parts.view(parts.find(jobId));
}
