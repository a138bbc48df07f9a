import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finalJobStates, jobStates, type JobState } from '#contract/jobs.ts';
import type { AttemptExit } from '../ports/job-host.ts';
import {
  firstJobState,
  next,
  type JobEffect,
  type JobMachineEvent,
  type JobMachineEventKind,
  type JobMachineState,
  type JobMove,
} from './job-machine.ts';

const failure = { code: 'x', message: 'It broke.', hint: 'Mend it.' };
const exit = (exitCode: number | null, signal: string | null = null): AttemptExit => ({
  exitCode,
  signal,
  source: 'exit-file',
});
const exited = (exitCode: number | null, signal: string | null = null): JobMachineEvent => ({
  kind: 'exited',
  exit: exit(exitCode, signal),
  consoleTail: 'the end',
});

const samples: Readonly<Record<JobMachineEventKind, JobMachineEvent>> = {
  'lease-granted': { kind: 'lease-granted', device: 'cpu' },
  'check-failed': { kind: 'check-failed', failure },
  hello: { kind: 'hello' },
  done: { kind: 'done' },
  'worker-failed': { kind: 'worker-failed', failure },
  exited: exited(null, 'SIGKILL'),
  'found-alive': { kind: 'found-alive', device: 'cpu' },
  'artefacts-verified': { kind: 'artefacts-verified' },
  'artefacts-refused': { kind: 'artefacts-refused', failure },
  'fell-silent': { kind: 'fell-silent' },
  'deadline-passed': { kind: 'deadline-passed' },
  'pause-requested': { kind: 'pause-requested' },
  'resume-requested': { kind: 'resume-requested' },
  'cancel-requested': { kind: 'cancel-requested' },
  'finish-requested': { kind: 'finish-requested' },
  'discard-requested': { kind: 'discard-requested' },
};

const holdsLease: ReadonlySet<JobState> = new Set(['preparing', 'running', 'pausing', 'stopping', 'finishing']);

function stateOf(name: JobState, change: Partial<JobMachineState> = {}): JobMachineState {
  const attempt = name === 'queued' ? 0 : 1;
  return { ...firstJobState(0), name, attempt, lease: holdsLease.has(name) ? 'cpu' : null, ...change };
}

function move(name: JobState, event: JobMachineEvent, change: Partial<JobMachineState> = {}): JobMove {
  return next(stateOf(name, change), event, 5);
}

/** Where each event leads from each state; events that are not named are refused there. */
const table: Readonly<Record<JobState, Partial<Record<JobMachineEventKind, JobState>>>> = {
  queued: { 'lease-granted': 'preparing', 'cancel-requested': 'cancelled' },
  preparing: {
    hello: 'running',
    'check-failed': 'failed',
    'worker-failed': 'failed',
    exited: 'interrupted',
    'fell-silent': 'preparing',
    'deadline-passed': 'preparing',
    'cancel-requested': 'stopping',
  },
  running: {
    done: 'finishing',
    'worker-failed': 'failed',
    exited: 'interrupted',
    'fell-silent': 'running',
    'deadline-passed': 'running',
    'pause-requested': 'pausing',
    'cancel-requested': 'stopping',
    'finish-requested': 'running',
  },
  pausing: {
    done: 'finishing',
    'worker-failed': 'failed',
    exited: 'interrupted',
    'fell-silent': 'pausing',
    'deadline-passed': 'pausing',
    'cancel-requested': 'stopping',
  },
  paused: { 'resume-requested': 'queued', 'cancel-requested': 'cancelled' },
  stopping: {
    done: 'finishing',
    'check-failed': 'cancelled',
    exited: 'cancelled',
    'fell-silent': 'stopping',
    'deadline-passed': 'stopping',
  },
  finishing: {
    'worker-failed': 'failed',
    exited: 'interrupted',
    'fell-silent': 'finishing',
    'deadline-passed': 'finishing',
  },
  interrupted: { 'resume-requested': 'queued', 'discard-requested': 'failed', 'found-alive': 'running' },
  succeeded: {},
  failed: {},
  cancelled: {},
};

for (const name of jobStates) {
  test(`every event in the state ${name} leads where the table says, or is refused with a reason`, () => {
    for (const event of Object.values(samples)) {
      const result = move(name, event);
      const wanted = table[name][event.kind] ?? 'refused';
      assert.equal(result.kind === 'moved' ? result.state.name : 'refused', wanted, event.kind);
      if (result.kind === 'refused') assert.match(result.reason, /^[a-z].{8,}$/);
      else assert.equal(result.state.changedAt, 5);
    }
  });
}

function outcome(result: JobMove): { name: JobState; lease: string | null; effects: readonly string[] } | string {
  if (result.kind === 'refused') return result.reason;
  const { name, lease } = result.state;
  return { name, lease, effects: result.effects.map(({ kind }) => kind) };
}

const effectsAtEnd = ['disarm-deadline', 'schedule'];

test('success needs the done event, exit code 0 and the verified artefacts, in this order', () => {
  const done = move('running', { kind: 'done' });
  assert.equal(done.kind === 'moved' && done.state.exitProved, false);
  assert.equal(outcome(move('finishing', samples['artefacts-verified'])), 'the process has not ended with code 0 yet');
  const proved = move('finishing', exited(0));
  assert.deepEqual(outcome(proved), {
    name: 'finishing',
    lease: null,
    effects: ['disarm-deadline', 'verify-artefacts', 'schedule'],
  });
  assert.ok(proved.kind === 'moved' && proved.state.exitProved);
  assert.deepEqual(outcome(next(proved.state, samples['artefacts-verified'], 6)), {
    name: 'succeeded',
    lease: null,
    effects: [],
  });
  assert.deepEqual(outcome(next(proved.state, samples['artefacts-refused'], 6)), {
    name: 'failed',
    lease: null,
    effects: [],
  });
  assert.equal(next(proved.state, samples['fell-silent'], 6).kind, 'refused');
});

test('how a process ends decides: by state, exit code and signal', () => {
  const rows: readonly [JobState, JobMachineEvent, JobState][] = [
    ['preparing', exited(1), 'failed'],
    ['preparing', exited(0), 'failed'],
    ['running', exited(0), 'failed'],
    ['running', exited(17), 'failed'],
    ['running', exited(3), 'interrupted'],
    ['running', exited(null), 'interrupted'],
    ['pausing', exited(3), 'paused'],
    ['pausing', exited(0), 'failed'],
    ['pausing', exited(1), 'failed'],
    ['stopping', exited(3), 'cancelled'],
    ['stopping', exited(1), 'cancelled'],
    ['finishing', exited(1), 'failed'],
    ['finishing', exited(3), 'failed'],
  ];
  for (const [from, event, to] of rows) {
    const result = move(from, event);
    assert.ok(result.kind === 'moved');
    assert.deepEqual([from, event, result.state.name, result.state.lease], [from, event, to, null]);
    assert.deepEqual(result.effects.map(({ kind }) => kind).slice(0, 2), effectsAtEnd);
  }
});

test('an exit that the stop ladder forced is no verdict, whatever its code', () => {
  for (const from of ['preparing', 'running', 'pausing', 'finishing'] as const) {
    const result = move(from, exited(143), { rung: 'terminated' });
    assert.equal(result.kind === 'moved' && result.state.name, 'interrupted', from);
  }
});

test('work that says done while it is paused or stopped is kept, or ends as asked when it leaves with code 3', () => {
  for (const [from, intent, to] of [
    ['pausing', 'pause', 'paused'],
    ['stopping', 'stop', 'cancelled'],
  ] as const) {
    const finishing = move(from, { kind: 'done' }, { intent });
    assert.ok(finishing.kind === 'moved' && finishing.state.name === 'finishing');
    const stopped = next(finishing.state, exited(3), 6);
    assert.equal(stopped.kind === 'moved' && stopped.state.name, to);
    const complete = next(finishing.state, exited(0), 6);
    assert.equal(complete.kind === 'moved' && complete.state.exitProved, true);
  }
});

test('the stop ladder asks for 30 s, terminates for 10 s, then kills again and again', () => {
  const effects: (readonly JobEffect[])[] = [];
  let state = stateOf('running');
  for (const event of [samples['cancel-requested'], ...Array(3).fill(samples['deadline-passed'])]) {
    const result = next(state, event, 6);
    assert.ok(result.kind === 'moved');
    state = result.state;
    effects.push(result.effects);
  }
  assert.deepEqual(effects, [
    [
      { kind: 'write-control', command: 'stop' },
      { kind: 'arm-deadline', afterMs: 30_000 },
    ],
    [{ kind: 'terminate' }, { kind: 'arm-deadline', afterMs: 10_000 }],
    [{ kind: 'kill' }, { kind: 'arm-deadline', afterMs: 10_000 }],
    [{ kind: 'kill' }, { kind: 'arm-deadline', afterMs: 10_000 }],
  ]);
  assert.deepEqual([state.name, state.rung], ['stopping', 'killed']);
});

test('a pause has 60 s for its checkpoint, then the ladder ends in interrupted', () => {
  const pausing = move('running', samples['pause-requested']);
  assert.ok(pausing.kind === 'moved');
  assert.deepEqual(pausing.effects, [
    { kind: 'write-control', command: 'pause' },
    { kind: 'arm-deadline', afterMs: 60_000 },
  ]);
  const terminated = next(pausing.state, samples['deadline-passed'], 6);
  assert.ok(terminated.kind === 'moved');
  const ended = next(terminated.state, exited(null, 'SIGTERM'), 7);
  assert.ok(ended.kind === 'moved');
  assert.deepEqual([ended.state.name, ended.state.intent], ['interrupted', 'pause']);
});

test('a failed job keeps its device until its process is gone', () => {
  const failed = move('running', samples['worker-failed']);
  assert.deepEqual(outcome(failed), { name: 'failed', lease: 'cpu', effects: ['arm-deadline'] });
  assert.ok(failed.kind === 'moved');
  const climbed = next(failed.state, samples['deadline-passed'], 6);
  assert.deepEqual(outcome(climbed), { name: 'failed', lease: 'cpu', effects: ['terminate', 'arm-deadline'] });
  const gone = next(failed.state, exited(4), 6);
  assert.deepEqual(outcome(gone), { name: 'failed', lease: null, effects: effectsAtEnd });
  assert.deepEqual(gone.kind === 'moved' && gone.state.failure, failure);
});

test('the wish to finish outlives a crash and is told to the next attempt', () => {
  let state = stateOf('running');
  for (const event of [
    samples['finish-requested'],
    exited(null),
    samples['resume-requested'],
    samples['lease-granted'],
  ]) {
    const result = next(state, event, 6);
    assert.ok(result.kind === 'moved');
    state = result.state;
  }
  assert.deepEqual([state.name, state.attempt, state.intent], ['preparing', 2, 'finish']);
  const hello = next(state, { kind: 'hello' }, 7);
  assert.deepEqual(hello.kind === 'moved' && hello.effects, [{ kind: 'write-control', command: 'finish' }]);
});

test('a crash without a word tells its exit code and the end of the console', () => {
  const result = move('running', exited(17));
  assert.deepEqual(result.kind === 'moved' && result.state.failure, {
    code: 'job.crashed',
    message: 'The worker ended with code 17. Its last words: the end',
    hint: 'Read the console log of the run; if the reason is not yours, report it.',
  });
});

test('the three final states are the only ones without a way out', () => {
  const closed = jobStates.filter((name) => Object.keys(table[name]).length === 0);
  assert.deepEqual(closed, [...finalJobStates]);
});
