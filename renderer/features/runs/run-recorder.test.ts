import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UnknownWorkerEvent } from '#contract/events.ts';
import { runEvents } from './fixtures.ts';
import { RunRecorder } from './run-recorder.ts';

let seq = 0;
function event(type: string, body: Record<string, unknown>): UnknownWorkerEvent {
  seq += 1;
  return { v: 1, run: 'job/1', seq, t: 1_000, type, ...body };
}

const metric = (step: number, values: Record<string, number | null>, nonFinite: string[] = []) =>
  event('metric', { step, epoch: 0, tokens: 0, values, nonFinite });

function lossOf(recorder: RunRecorder): (readonly [number, number])[] {
  const { loss } = recorder.series;
  return Array.from({ length: loss.length }, (_, index) => [loss.step(index), loss.value(index)]);
}

test('metrics grow the curves without telling React anything but the step', () => {
  const recorder = new RunRecorder();
  const { entries } = recorder.facts;
  assert.equal(recorder.take([metric(1, { loss: 2.5, learningRate: 1e-4 }), metric(2, { loss: 2.25 })]), true);
  assert.deepEqual(lossOf(recorder), [
    [1, 2.5],
    [2, 2.25],
  ]);
  assert.equal(recorder.facts.step, 2);
  assert.equal(recorder.facts.entries, entries);
});

test('a loss that was not a number is a gap, whether it came as null or by name alone', () => {
  const recorder = new RunRecorder();
  recorder.take([metric(1, { loss: null }, ['loss']), metric(2, {}, ['loss', 'gradientNorm']), metric(3, { loss: 1 })]);
  assert.deepEqual(lossOf(recorder), [
    [1, Number.NaN],
    [2, Number.NaN],
    [3, 1],
  ]);
  assert.equal(recorder.series.gradientNorm.length, 1);
});

test('after a roll-back the steps done again replace what they were', () => {
  const recorder = new RunRecorder();
  recorder.take([1, 2, 3].map((step) => metric(step, { loss: 9 })));
  recorder.take([metric(2, { loss: 2 })]);
  assert.deepEqual(lossOf(recorder), [
    [1, 9],
    [2, 2],
    [3, 9],
  ]);
});

test('the story of a whole training is told in facts', () => {
  const recorder = new RunRecorder();
  recorder.take(runEvents({ steps: 60, diverges: true, ended: 'early-stop' }));
  const { facts } = recorder;
  assert.equal(facts.hello?.effective['rank']?.value, 16);
  assert.equal(facts.measured?.plannedSteps, 240);
  assert.deepEqual(
    facts.checkpoints.map(({ step }) => step),
    [20, 40, 60],
  );
  assert.deepEqual(
    facts.interventions.map(({ step, event: { action } }) => [step, action]),
    [
      [48, 'roll-back'],
      [48, 'lower-learning-rate'],
    ],
  );
  assert.equal(facts.done?.reason, 'early-stop');
  assert.deepEqual([...new Set(facts.samples.map(({ step }) => step))], [0, 20, 40, 60]);
});

test('an invariant that failed once stays failed', () => {
  const recorder = new RunRecorder();
  const invariant = (ok: boolean) => event('invariant', { name: 'trained-tokens', ok, detail: '' });
  recorder.take([invariant(true), invariant(false), invariant(true)]);
  assert.deepEqual(
    recorder.facts.invariants.map(({ name, ok }) => [name, ok]),
    [['trained-tokens', false]],
  );
});

test('a new attempt takes back the end of the one before; its answers to the same prompt replace the old ones', () => {
  const recorder = new RunRecorder();
  const sample = (answer: string) => event('sample', { step: 20, promptIndex: 0, prompt: 'p', answer, expected: null });
  const hello = () =>
    event('hello', { pid: 1, device: { kind: 'cpu', name: 'cpu', memoryBytes: null }, versions: {}, effective: {} });
  recorder.take([hello(), sample('first'), event('failed', { code: 'x', message: 'm', hint: 'h' })]);
  assert.equal(recorder.facts.failed?.message, 'm');
  recorder.take([hello(), sample('second')]);
  assert.equal(recorder.facts.failed, null);
  assert.deepEqual(
    recorder.facts.samples.map(({ answer }) => answer),
    ['second'],
  );
});

test('events of an unknown type or a broken shape are kept as they came', () => {
  const recorder = new RunRecorder();
  recorder.take([event('weather', { rain: true }), event('metric', { step: 'soon' })]);
  assert.deepEqual(
    recorder.facts.entries.map(({ known, event: { type } }) => [known, type]),
    [
      [false, 'weather'],
      [false, 'metric'],
    ],
  );
});

test('a run that logs without end keeps the newest and counts the rest', () => {
  const recorder = new RunRecorder();
  for (let batch = 0; batch < 12; batch += 1) {
    recorder.take(
      Array.from({ length: 500 }, (_, index) =>
        event('log', { level: 'info', code: 'x', text: String(batch * 500 + index) }),
      ),
    );
  }
  const { entries, droppedEntries } = recorder.facts;
  assert.equal(entries.length, 5_000);
  assert.equal(droppedEntries, 1_000);
  assert.equal((entries.at(-1)?.event as { text?: string } | undefined)?.text, '5999');
});

test('nothing new leaves the facts the same object', () => {
  const recorder = new RunRecorder();
  const { facts } = recorder;
  assert.equal(recorder.take([]), false);
  assert.equal(recorder.facts, facts);
});
