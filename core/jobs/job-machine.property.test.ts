import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { finalJobStates, type JobState } from '#contract/jobs.ts';
import { firstJobState, next, type JobMachineEvent, type JobMachineState } from './job-machine.ts';
import { planGrants, reorderRanks, type DeviceLease } from './queue.ts';

const failure = { code: 'x', message: 'It broke.', hint: 'Mend it.' };
const isFinal = (name: JobState): boolean => (finalJobStates as readonly JobState[]).includes(name);

const exitArbitrary = fc.record({
  kind: fc.constant('exited' as const),
  exit: fc.record({
    exitCode: fc.constantFrom(0, 1, 3, 4, 143, null),
    signal: fc.constantFrom('SIGKILL', null),
    source: fc.constantFrom('exit-file' as const, 'terminal' as const, 'vanished' as const),
  }),
  consoleTail: fc.constant(''),
});

const plainKinds = [
  'hello',
  'done',
  'artefacts-verified',
  'fell-silent',
  'deadline-passed',
  'pause-requested',
  'resume-requested',
  'cancel-requested',
  'finish-requested',
  'discard-requested',
] as const;

const event: fc.Arbitrary<JobMachineEvent> = fc.oneof(
  fc.constantFrom(...plainKinds.map((kind) => ({ kind }))),
  fc.constantFrom('check-failed' as const, 'worker-failed' as const, 'artefacts-refused' as const).map((kind) => ({
    kind,
    failure,
  })),
  fc.constantFrom('lease-granted' as const, 'found-alive' as const).map((kind) => ({ kind, device: 'cpu' })),
  exitArbitrary,
);

function walk(events: readonly JobMachineEvent[], visit: (before: JobMachineState, after: JobMachineState) => void) {
  let state = firstJobState(0);
  for (const [now, one] of events.entries()) {
    const move = next(state, one, now);
    if (move.kind === 'refused') continue;
    visit(state, move.state);
    state = move.state;
  }
  return state;
}

test('no path leaves a final state, and attempts only grow', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      walk(events, (before, after) => {
        if (isFinal(before.name)) assert.equal(after.name, before.name);
        assert.ok(after.attempt === before.attempt || after.attempt === before.attempt + 1);
      });
    }),
    { numRuns: 2_000 },
  );
});

test('every lease is returned: whatever happens, the end of the process leaves none', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), exitArbitrary, (events, exit) => {
      const state = walk(events, () => undefined);
      const move = next(state, exit, 1_000);
      const last = move.kind === 'moved' ? move.state : state;
      assert.equal(last.lease, null);
      if (move.kind === 'moved') assert.ok(move.effects.some(({ kind }) => kind === 'schedule'));
    }),
    { numRuns: 2_000 },
  );
});

test('a lease is held exactly while a process may live', () => {
  const withProcess = new Set<JobState>(['preparing', 'running', 'pausing', 'stopping']);
  const without = new Set<JobState>(['queued', 'paused', 'interrupted', 'succeeded']);
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      walk(events, (_, { name, lease, exitProved }) => {
        if (withProcess.has(name)) assert.notEqual(lease, null);
        if (without.has(name)) assert.equal(lease, null);
        if (name === 'finishing') assert.equal(lease === null, exitProved);
      });
    }),
    { numRuns: 2_000 },
  );
});

const waitingJobs = fc.uniqueArray(fc.nat(50), { maxLength: 12 }).chain((ranks) =>
  fc.tuple(
    ...ranks.map((queueRank) =>
      fc.constantFrom('cpu' as const, 'cuda' as const, 'mlx' as const).map((device) => ({
        id: `job-${queueRank}`,
        device,
        queueRank,
      })),
    ),
  ),
);

test('grants never give a device twice, never overtake within a kind, and leave no free device idle', () => {
  const leases: fc.Arbitrary<readonly DeviceLease[]> = fc.tuple(
    ...['cpu', 'cuda:0', 'cuda:1', 'mlx'].map((device) =>
      fc.boolean().map((held) => ({ device, jobId: held ? 'other' : null })),
    ),
  );
  fc.assert(
    fc.property(waitingJobs, leases, (waiting, all) => {
      const grants = planGrants(waiting, all);
      assert.equal(new Set(grants.map(({ device }) => device)).size, grants.length);
      const granted = new Set(grants.map(({ jobId }) => jobId));
      for (const job of waiting) {
        const free = all.filter(({ device, jobId }) => jobId === null && device.split(':')[0] === job.device).length;
        const before = waiting.filter((other) => other.device === job.device && other.queueRank < job.queueRank).length;
        assert.equal(granted.has(job.id), before < free);
      }
    }),
  );
});

test('moving a job in the queue changes the order as asked and keeps the ranks in use', () => {
  fc.assert(
    fc.property(waitingJobs, fc.nat(), fc.nat(), (waiting, first, second) => {
      fc.pre(waiting.length > 0);
      const moved = waiting[first % waiting.length]?.id ?? '';
      const before = second % 3 === 0 ? null : (waiting[second % waiting.length]?.id ?? null);
      const ranks = reorderRanks(waiting, moved, before);
      const after = waiting.map((job) => ({ ...job, queueRank: ranks.get(job.id) ?? job.queueRank }));
      const order = (jobs: typeof waiting): string[] =>
        jobs.toSorted((one, other) => one.queueRank - other.queueRank).map(({ id }) => id);
      const expected = order(waiting).filter((id) => id !== moved || moved === before);
      if (moved !== before) expected.splice(before === null ? expected.length : expected.indexOf(before), 0, moved);
      assert.deepEqual(order(after), expected);
      assert.deepEqual(
        after.map(({ queueRank }) => queueRank).toSorted((one, other) => one - other),
        waiting.map(({ queueRank }) => queueRank).toSorted((one, other) => one - other),
      );
    }),
  );
});
