import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mayResumeItself } from './auto-resume.ts';
import { factsOfEvent } from './event-facts.ts';
import { beginAttempt, foldEvents, noLosses } from './event-fold.ts';
import { firstJobState, type JobMachineState } from './job-machine.ts';
import { parseWorkerEvent } from './parse-worker-event.ts';
import { planRestart } from './restart-policy.ts';

const interrupted = (attempt: number, change: Partial<JobMachineState> = {}): JobMachineState => ({
  ...firstJobState(0),
  name: 'interrupted',
  attempt,
  ...change,
});

test('an interrupted job resumes itself unless it may not, was told otherwise, or makes no headway', () => {
  const reached = (...steps: readonly number[]) => ({
    reachedSteps: new Map(steps.map((step, index) => [index + 1, step])),
  });
  assert.deepEqual(
    [
      mayResumeItself(interrupted(1), true, reached(10)),
      mayResumeItself(interrupted(1), false, reached(10)),
      mayResumeItself(interrupted(1, { intent: 'pause' }), true, reached(10)),
      mayResumeItself(interrupted(1, { intent: 'finish' }), true, reached(10)),
      mayResumeItself(interrupted(3), true, reached(10, 10, 10)),
      mayResumeItself(interrupted(4), true, reached(10, 10, 10, 10)),
      mayResumeItself(interrupted(5), true, reached(10, 10, 10, 10, 11)),
      mayResumeItself(interrupted(4), true, reached()),
    ],
    [true, false, false, true, true, false, true, false],
  );
});

test('the job host is started again later each time, at most 5 times in 10 minutes', () => {
  assert.deepEqual(planRestart([], 0), { afterMs: 100, limitReached: false });
  assert.deepEqual(planRestart([0, 500], 1_000), { afterMs: 1_600, limitReached: false });
  assert.deepEqual(planRestart([0, 1, 2, 3, 60_000], 120_000), { afterMs: 480_000, limitReached: true });
  assert.deepEqual(planRestart([0, 1, 2, 3, 4], 700_000), { afterMs: 100, limitReached: false });
});

const envelope = { v: 1, run: 'a/1', t: 5 } as const;
const metric = (seq: number, step: number, values: Record<string, number | null>) => ({
  ...envelope,
  seq,
  type: 'metric',
  step,
  epoch: 0,
  tokens: 0,
  values,
  nonFinite: Object.keys(values).filter((name) => values[name] === null),
});

test('a diverged loss is a point without a value, not a missing point', () => {
  const { event } = parseWorkerEvent(metric(1, 3, { loss: null, learningRate: 0.1 }));
  assert.deepEqual(event.type === 'metric' && factsOfEvent(event as never).points, [
    { name: 'loss', step: 3, value: null },
    { name: 'learningRate', step: 3, value: 0.1 },
  ]);
});

test('an event of an unknown type, or a known one with other fields, is kept raw', () => {
  const unknown = { ...envelope, seq: 1, type: 'telepathy', depth: 3 };
  assert.deepEqual(parseWorkerEvent(unknown), { known: false, event: unknown });
  const strange = { ...envelope, seq: 1, type: 'phase', name: 7 };
  assert.deepEqual(parseWorkerEvent(strange), { known: false, event: strange });
});

test('events are numbered without gaps over attempts; repeated ones are dropped and counted', () => {
  const read = { nextOffset: 100, losses: noLosses };
  const first = foldEvents(
    beginAttempt(1, { lastPosition: 0, step: null }),
    {
      ...read,
      events: [metric(1, 1, { loss: 4 }), metric(2, 2, { loss: 3 }), metric(2, 2, { loss: 3 })] as never,
    },
    noLosses,
  );
  assert.deepEqual(
    first.events.map(({ position }) => position),
    [1, 2],
  );
  assert.equal(first.state.cursor.duplicates, 1);
  const losses = { ...noLosses, malformed: 2 };
  const second = foldEvents(
    beginAttempt(2, first.state),
    { ...read, losses, events: [metric(1, 2, { loss: 3 })] as never },
    { ...noLosses, malformed: 1 },
  );
  assert.deepEqual(
    second.events.map(({ position, attempt }) => [position, attempt]),
    [[3, 2]],
  );
  assert.deepEqual([second.state.cursor.losses.malformed, second.state.step, second.state.cursor.lastSeq], [3, 2, 1]);
});

test('a heartbeat before the first step tells no step, and takes none back from an earlier attempt', () => {
  const beat = { v: 1, run: 'j/1', seq: 1, t: 1, type: 'heartbeat', step: 0, memoryBytes: 1 };
  const stepAfter = (step: number | null): number | null =>
    foldEvents(
      beginAttempt(1, { lastPosition: 0, step }),
      { nextOffset: 1, losses: noLosses, events: [beat] as never },
      noLosses,
    ).state.step;
  assert.deepEqual([stepAfter(null), stepAfter(7)], [null, 7]);
});
