import type { JobFailure, JobState } from '#contract/jobs.ts';
import type { AttemptExit } from '../ports/job-host.ts';
import { jobTable } from './job-table.ts';

/** A job as the machine sees it. Everything that decides is in here; nothing is read from outside. */
export interface JobMachineState {
  readonly name: JobState;
  /** 0 before the first lease. */
  readonly attempt: number;
  /** Device the present attempt holds, or null. Held as long as a process may live, also in a final state. */
  readonly lease: string | null;
  readonly intent: 'none' | 'pause' | 'stop' | 'finish';
  readonly rung: 'none' | 'asked' | 'terminated' | 'killed';
  /** In `finishing`: the process ended with code 0; only the artefacts are missing as proof. */
  readonly exitProved: boolean;
  readonly failure: JobFailure | null;
  /** Unix time of the last move, ms. */
  readonly changedAt: number;
}

export type JobMachineEvent =
  | { readonly kind: 'lease-granted'; readonly device: string }
  | { readonly kind: 'check-failed'; readonly failure: JobFailure }
  | { readonly kind: 'hello' }
  | { readonly kind: 'done' }
  | { readonly kind: 'worker-failed'; readonly failure: JobFailure }
  /** The process ended; `consoleTail` is the detail of a crash without a word. */
  | { readonly kind: 'exited'; readonly exit: AttemptExit; readonly consoleTail: string }
  | { readonly kind: 'found-alive'; readonly device: string }
  | { readonly kind: 'artefacts-verified' }
  | { readonly kind: 'artefacts-refused'; readonly failure: JobFailure }
  /** No sign of life for too long. */
  | { readonly kind: 'fell-silent' }
  /** The deadline that an `arm-deadline` effect set has passed. */
  | { readonly kind: 'deadline-passed' }
  | { readonly kind: 'pause-requested' }
  | { readonly kind: 'resume-requested' }
  | { readonly kind: 'cancel-requested' }
  | { readonly kind: 'finish-requested' }
  | { readonly kind: 'discard-requested' };

export type JobMachineEventKind = JobMachineEvent['kind'];

/** What the caller does after the move is stored. Each may be repeated without harm. */
export type JobEffect =
  /** Make the attempt directory and start its process. */
  | { readonly kind: 'start-attempt' }
  | { readonly kind: 'write-control'; readonly command: 'stop' | 'pause' | 'finish' }
  | { readonly kind: 'terminate' }
  | { readonly kind: 'kill' }
  /** Replaces an earlier deadline of the job. */
  | { readonly kind: 'arm-deadline'; readonly afterMs: number }
  | { readonly kind: 'disarm-deadline' }
  | { readonly kind: 'verify-artefacts' }
  /** A job waits or a device became free: look at the queue. */
  | { readonly kind: 'schedule' }
  /** Resume by itself, where the job allows it. */
  | { readonly kind: 'consider-resume' };

export type JobMove =
  | { readonly kind: 'moved'; readonly state: JobMachineState; readonly effects: readonly JobEffect[] }
  | { readonly kind: 'refused'; readonly reason: string };

export const firstJobState = (now: number): JobMachineState => ({
  name: 'queued',
  attempt: 0,
  lease: null,
  intent: 'none',
  rung: 'none',
  exitProved: false,
  failure: null,
  changedAt: now,
});

/**
 * One step of the job machine: pure and total. A pair of state and event without a row is a refusal with a reason, never
 * an exception. `now` is Unix time in ms and only ends up in `changedAt`; deadlines are effects, timed by the caller's
 * monotonic clock.
 */
export function next(state: JobMachineState, event: JobMachineEvent, now: number): JobMove {
  const move = jobTable[state.name](state, event);
  return move.kind === 'refused' ? move : { ...move, state: { ...move.state, changedAt: now } };
}
