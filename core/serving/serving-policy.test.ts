import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeSmokeTest, type SmokeAnswers } from './judge-smoke-test.ts';
import { admit, memoryNeededBytes, restartDelayMs } from './queue-policy.ts';
import { generationThreads, servingThreads } from './thread-budget.ts';

test('a request runs while a sequence is free, waits while the queue has room and is refused after that with a time', () => {
  const load = { maximumSequences: 2, queueLimit: 1, meanAnswerMs: 9_000 };
  assert.deepEqual(
    [
      admit({ ...load, running: 1, waiting: 0 }),
      admit({ ...load, running: 2, waiting: 0 }),
      admit({ ...load, running: 2, waiting: 1 }),
    ],
    [{ kind: 'run' }, { kind: 'wait' }, { kind: 'refuse', retryAfterSeconds: 5 }],
  );
  const bounds = [0, 1, 10 ** 9].map((meanAnswerMs) => admit({ ...load, running: 2, waiting: 1, meanAnswerMs }));
  assert.deepEqual(
    bounds.map((admission) => admission.kind === 'refuse' && admission.retryAfterSeconds),
    [1, 1, 60],
  );
});

test('restarts come at once, then at growing distances up to a minute', () => {
  assert.deepEqual([0, 1, 2, 3, 4, 20].map(restartDelayMs), [0, 0, 1_000, 2_000, 4_000, 60_000]);
  assert.equal(memoryNeededBytes(100), 120);
});

test('threads never exceed the cores, and leave one to a training', () => {
  const threads = (physicalCores: number, trainingHoldsProcessor: boolean, wanted?: number) =>
    servingThreads({ physicalCores, trainingHoldsProcessor, ...(wanted === undefined ? {} : { wanted }) }).threads;
  assert.deepEqual(
    [
      threads(2, false),
      threads(2, true),
      threads(1, true),
      threads(8, true),
      threads(8, false, 99),
      threads(8, true, 3),
    ],
    [2, 1, 1, 7, 8, 3],
  );
  assert.match(servingThreads({ physicalCores: 2, trainingHoldsProcessor: true }).reason, /training/);
  const small = (threadCount: number, fileBytes = 1e8) =>
    generationThreads({ threads: threadCount, physicalCores: 4, fileBytes });
  assert.deepEqual([small(4), small(1), small(4, 4e9)], [3, 1, 4]);
});

const answers = (changes: Partial<SmokeAnswers> = {}): SmokeAnswers => ({
  prompt: 'a',
  embedded: { promptTokens: 5, text: 'yes' },
  ollama: { promptTokens: 5, text: ' yes' },
  ratings: [],
  ...changes,
});
const other = { promptTokens: 5, text: 'no' };

test('the smoke test passes with one answer of ten off, and not with two or with another prompt', () => {
  const ten = (...changes: Partial<SmokeAnswers>[]) =>
    judgeSmokeTest(Array.from({ length: 10 }, (_, index) => answers(changes[index])));
  const off = { ollama: other, ratings: [{ gapNats: 2 }] };
  assert.deepEqual([ten().passed, ten(off).passed, ten(off, off).passed], [true, true, false]);
  assert.equal(ten({ ollama: { promptTokens: 6, text: 'yes' } }).passed, false);
  assert.equal(judgeSmokeTest([]).passed, false);
});

test('an answer that parts at a near tie agrees, one that parts where the model was sure does not, an empty one never', () => {
  const agrees = (ratings: { gapNats: number }[]) =>
    judgeSmokeTest([answers({ ollama: other, ratings })]).comparisons[0]?.answerAgrees;
  assert.deepEqual(
    [agrees([{ gapNats: 0 }, { gapNats: 0.4 }]), agrees([{ gapNats: 0.6 }]), agrees([])],
    [true, false, false],
  );
});
