import type { JobTransition } from '#contract/job-transition.ts';
import type { JobFile, JobView } from '#contract/jobs.ts';
import type { AttemptExit } from '../ports/job-host.ts';
import type { JobPhase } from './event-facts.ts';
import type { JobMachineState } from './job-machine.ts';

/** A job as it is stored: what was asked (`file`, never changed) and how it stands. */
export interface JobRecord {
  readonly file: JobFile;
  readonly revision: number;
  readonly machine: JobMachineState;
  readonly queueRank: number;
}

/** One start of a worker. */
export interface AttemptRecord {
  readonly attempt: number;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly exit: AttemptExit | null;
}

/** How far a job has come, from its events. */
export interface JobProgress {
  readonly phase: JobPhase | null;
  readonly step: number | null;
}

/** What is new in a transition beside the machine's state. */
export interface TransitionCause {
  readonly cause: string;
  readonly queueRank: number;
  readonly exit: AttemptExit | null;
}

/** The line that records a move of `record` to `machine`. */
export function transitionTo(record: JobRecord, machine: JobMachineState, cause: TransitionCause): JobTransition {
  return lineOf(machine, { ...cause, revision: record.revision + 1, from: record.machine.name });
}

/** The first line of a job. */
export function firstTransition(machine: JobMachineState, queueRank: number): JobTransition {
  return lineOf(machine, { cause: 'submitted', queueRank, exit: null, revision: 1, from: null });
}

/** Fields in the order of the schema, so that a line reads the same when it was parsed and written again. */
function lineOf(
  machine: JobMachineState,
  { revision, from, cause, queueRank, exit }: TransitionCause & Pick<JobTransition, 'revision' | 'from'>,
): JobTransition {
  const { name: to, changedAt: t, attempt, lease, intent, rung, exitProved, failure } = machine;
  return { v: 1, revision, t, from, to, cause, attempt, lease, intent, rung, exitProved, failure, queueRank, exit };
}

/** The record a line leads to; the line holds the whole state, so earlier ones are not needed. */
export function recordAfter(file: JobFile, line: JobTransition): JobRecord {
  const { attempt, lease, intent, rung, exitProved, failure } = line;
  const machine: JobMachineState = {
    name: line.to,
    attempt,
    lease,
    intent,
    rung,
    exitProved,
    failure,
    changedAt: line.t,
  };
  return { file, revision: line.revision, machine, queueRank: line.queueRank };
}

/** What a line says about the attempts: one begins, one ends, or null. */
export function attemptAfter(line: JobTransition, before: AttemptRecord | null): AttemptRecord | null {
  if (line.cause === 'lease-granted') {
    return { attempt: line.attempt, startedAt: line.t, endedAt: null, exit: null };
  }
  if (line.cause === 'found-alive' && before !== null) return { ...before, endedAt: null, exit: null };
  return line.exit === null || before === null ? null : { ...before, endedAt: line.t, exit: line.exit };
}

/** The job as the faces see it. */
export function viewOf(record: JobRecord, progress: JobProgress, queuePosition: number | null): JobView {
  const { file, machine, revision } = record;
  return {
    id: file.job,
    kind: file.kind,
    name: file.name,
    state: machine.name,
    device: file.device,
    attempt: machine.attempt,
    createdAt: file.createdAt,
    updatedAt: machine.changedAt,
    queuePosition,
    phase: progress.phase,
    step: progress.step,
    failure: machine.failure,
    revision,
  };
}
