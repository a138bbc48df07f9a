import type { JobFailure, JobState } from '#contract/jobs.ts';
import { wasForced, failureOfExit, isLost } from './exit-verdict.ts';
import type { JobEffect, JobMachineEvent, JobMachineEventKind, JobMachineState, JobMove } from './job-machine.ts';

/** Stop ladder: the control file has this long, then SIGTERM, then SIGKILL for the whole tree. */
export const askedForMs = 30_000;
export const terminatedForMs = 10_000;
/** A pause may wait longer for its checkpoint. */
export const pausingForMs = 60_000;
/** From the worker's `done` to its exit. */
export const finishingForMs = 60_000;

type EventOf<K extends JobMachineEventKind> = Extract<JobMachineEvent, { kind: K }>;
type Row<K extends JobMachineEventKind> = (state: JobMachineState, event: EventOf<K>) => JobMove;
type Rows = { readonly [K in JobMachineEventKind]?: Row<K> };

const schedule: JobEffect = { kind: 'schedule' };
const disarm: JobEffect = { kind: 'disarm-deadline' };
const arm = (afterMs: number): JobEffect => ({ kind: 'arm-deadline', afterMs });

function moved(state: JobMachineState, change: Partial<JobMachineState>, ...effects: readonly JobEffect[]): JobMove {
  return { kind: 'moved', state: { ...state, ...change }, effects };
}

const refused = (reason: string): JobMove => ({ kind: 'refused', reason });

/** The wish to finish holds for every attempt, other wishes for one. */
const lastingIntent = ({ intent }: JobMachineState) => (intent === 'finish' ? intent : 'none');

/** No process any more: the lease is given back and nothing is awaited. */
const released = { lease: null, intent: 'none', rung: 'none', exitProved: false } as const;

function interrupted(state: JobMachineState): JobMove {
  const change = { name: 'interrupted', lease: null, rung: 'none', exitProved: false } as const;
  return moved(state, change, disarm, schedule, { kind: 'consider-resume' });
}

function failedAtExit(state: JobMachineState, failure: JobFailure): JobMove {
  return moved(state, { ...released, name: 'failed', failure }, disarm, schedule);
}

/** The worker gave its verdict but may still live: the lease stays with it until it is gone. */
function failedAlive(state: JobMachineState, failure: JobFailure): JobMove {
  return moved(state, { name: 'failed', failure, intent: 'none', rung: 'asked' }, arm(terminatedForMs));
}

const toFinishing: Row<'done'> = (state) => moved(state, { name: 'finishing', rung: 'none' }, arm(finishingForMs));

const toQueue: Row<'resume-requested'> = (state) =>
  moved(state, { ...released, name: 'queued', intent: lastingIntent(state) }, schedule);

const toStopping: Row<'cancel-requested'> = (state) =>
  moved(
    state,
    { name: 'stopping', intent: 'stop', rung: 'asked' },
    { kind: 'write-control', command: 'stop' },
    arm(askedForMs),
  );

/** The next rung of the stop ladder. The last one repeats until the process is gone. */
function climb(state: JobMachineState): JobMove {
  if (state.rung === 'none' || state.rung === 'asked') {
    return moved(state, { rung: 'terminated' }, { kind: 'terminate' }, arm(terminatedForMs));
  }
  return moved(state, { rung: 'killed' }, { kind: 'kill' }, arm(terminatedForMs));
}

const running: Rows = {
  done: toFinishing,
  'worker-failed': (state, { failure }) => failedAlive(state, failure),
  exited: (state, { exit, consoleTail }) =>
    isLost(exit) || exit.exitCode === 3 || wasForced(state)
      ? interrupted(state)
      : failedAtExit(state, failureOfExit(exit, consoleTail)),
  'fell-silent': climb,
  'deadline-passed': climb,
  'pause-requested': (state) =>
    moved(
      state,
      { name: 'pausing', intent: 'pause', rung: 'asked' },
      { kind: 'write-control', command: 'pause' },
      arm(pausingForMs),
    ),
  'cancel-requested': toStopping,
  'finish-requested': (state) => moved(state, { intent: 'finish' }, { kind: 'write-control', command: 'finish' }),
};

const preparing: Rows = {
  // The wish to finish outlives a crash: the next attempt is told again.
  hello: (state) =>
    state.intent === 'finish'
      ? moved(state, { name: 'running' }, { kind: 'write-control', command: 'finish' })
      : moved(state, { name: 'running' }),
  'check-failed': (state, { failure }) => failedAtExit(state, failure),
  'worker-failed': (state, { failure }) => failedAlive(state, failure),
  exited: (state, { exit, consoleTail }) =>
    isLost(exit) || wasForced(state) ? interrupted(state) : failedAtExit(state, failureOfExit(exit, consoleTail)),
  'fell-silent': climb,
  'deadline-passed': climb,
  'cancel-requested': toStopping,
};

const pausing: Rows = {
  done: toFinishing,
  'worker-failed': (state, { failure }) => failedAlive(state, failure),
  exited: (state, { exit, consoleTail }) => {
    if (exit.exitCode === 3) return moved(state, { ...released, name: 'paused' }, disarm, schedule);
    if (isLost(exit) || wasForced(state)) return interrupted(state);
    return failedAtExit(state, failureOfExit(exit, consoleTail));
  },
  'fell-silent': climb,
  'deadline-passed': climb,
  'cancel-requested': toStopping,
};

const stopping: Rows = {
  done: toFinishing,
  'check-failed': (state) => moved(state, { ...released, name: 'cancelled' }, disarm, schedule),
  exited: (state) => moved(state, { ...released, name: 'cancelled' }, disarm, schedule),
  'fell-silent': climb,
  'deadline-passed': climb,
};

const finishing: Rows = {
  'worker-failed': (state, { failure }) =>
    state.exitProved ? refused('the process has ended with code 0 already') : failedAlive(state, failure),
  exited: (state, { exit, consoleTail }) => {
    if (exit.exitCode === 0) {
      const change = { lease: null, rung: 'none', exitProved: true } as const;
      return moved(state, change, disarm, { kind: 'verify-artefacts' }, schedule);
    }
    if (exit.exitCode === 3 && state.intent === 'pause') {
      return moved(state, { ...released, name: 'paused' }, disarm, schedule);
    }
    if (exit.exitCode === 3 && state.intent === 'stop') {
      return moved(state, { ...released, name: 'cancelled' }, disarm, schedule);
    }
    if (isLost(exit) || wasForced(state)) return interrupted(state);
    return failedAtExit(state, failureOfExit(exit, consoleTail));
  },
  'artefacts-verified': (state) =>
    state.exitProved
      ? moved(state, { ...released, name: 'succeeded', failure: null })
      : refused('the process has not ended with code 0 yet'),
  'artefacts-refused': (state, { failure }) =>
    state.exitProved
      ? moved(state, { ...released, name: 'failed', failure })
      : refused('the process has not ended with code 0 yet'),
  'fell-silent': (state) => (state.exitProved ? refused('the process has ended') : climb(state)),
  'deadline-passed': (state) => (state.exitProved ? refused('the process has ended') : climb(state)),
};

/** A final state never leaves; a process that outlives its verdict is brought down and its lease given back. */
const ended: Rows = {
  exited: (state) => (state.lease === null ? refused('no process is left') : moved(state, released, disarm, schedule)),
  'deadline-passed': (state) => (state.lease === null ? refused('no process is left') : climb(state)),
};

const rowsByState: Readonly<Record<JobState, { readonly rows: Rows; readonly otherwise: string }>> = {
  queued: {
    rows: {
      'lease-granted': (state, { device }) =>
        moved(
          state,
          { name: 'preparing', attempt: state.attempt + 1, lease: device, failure: null },
          { kind: 'start-attempt' },
        ),
      'cancel-requested': (state) => moved(state, { ...released, name: 'cancelled' }),
    },
    otherwise: 'it waits for a device and has no process',
  },
  preparing: { rows: preparing, otherwise: 'its process is being started' },
  running: { rows: running, otherwise: 'it is running' },
  pausing: { rows: pausing, otherwise: 'it is being paused' },
  paused: {
    rows: {
      'resume-requested': toQueue,
      'cancel-requested': (state) => moved(state, { ...released, name: 'cancelled' }),
    },
    otherwise: 'it is paused and has no process',
  },
  stopping: { rows: stopping, otherwise: 'it is being stopped' },
  finishing: { rows: finishing, otherwise: 'its work is complete and being checked' },
  interrupted: {
    rows: {
      'resume-requested': toQueue,
      'discard-requested': (state) => moved(state, { ...released, name: 'failed', failure: discarded }),
      'found-alive': (state, { device }) =>
        moved(state, { name: 'running', lease: device, intent: lastingIntent(state), rung: 'none' }),
    },
    otherwise: 'it was interrupted; resume or discard it',
  },
  succeeded: { rows: ended, otherwise: 'it has succeeded' },
  failed: { rows: ended, otherwise: 'it has failed' },
  cancelled: { rows: ended, otherwise: 'it was cancelled' },
};

const discarded: JobFailure = {
  code: 'job.discarded',
  message: 'The interrupted job was given up.',
  hint: 'Submit it again when it is wanted.',
};

function decide(name: JobState) {
  const { rows, otherwise } = rowsByState[name];
  return (state: JobMachineState, event: JobMachineEvent): JobMove => {
    const row = rows[event.kind] as Row<typeof event.kind> | undefined;
    return row === undefined ? refused(otherwise) : row(state, event as never);
  };
}

/** The machine: per state a total function of the event. */
export const jobTable: Readonly<Record<JobState, (state: JobMachineState, event: JobMachineEvent) => JobMove>> = {
  queued: decide('queued'),
  preparing: decide('preparing'),
  running: decide('running'),
  pausing: decide('pausing'),
  paused: decide('paused'),
  stopping: decide('stopping'),
  finishing: decide('finishing'),
  interrupted: decide('interrupted'),
  succeeded: decide('succeeded'),
  failed: decide('failed'),
  cancelled: decide('cancelled'),
};

/** What is done again for a job found in this state after a crash of the engine; each effect may have been done before. */
export function effectsAfterRestart(state: JobMachineState): readonly JobEffect[] {
  const ended = state.name === 'succeeded' || state.name === 'failed' || state.name === 'cancelled';
  if (ended) return state.lease === null ? [] : [arm(terminatedForMs)];
  if (state.name === 'pausing') return [{ kind: 'write-control', command: 'pause' }, arm(pausingForMs)];
  if (state.name === 'stopping') return [{ kind: 'write-control', command: 'stop' }, arm(askedForMs)];
  if (state.name === 'finishing') return [state.exitProved ? { kind: 'verify-artefacts' } : arm(finishingForMs)];
  if (state.name === 'running' && state.intent === 'finish') return [{ kind: 'write-control', command: 'finish' }];
  return [];
}
