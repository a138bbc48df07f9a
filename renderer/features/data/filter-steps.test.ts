import assert from 'node:assert/strict';
import { test } from 'node:test';
import { viewStep, type ViewStep } from '#contract/dataset-versions.ts';
import {
  isComplete,
  moved,
  offeredKinds,
  outcomesFor,
  stepsOn,
  usualStep,
  withSteps,
  type ListedStep,
} from './filter-steps.ts';

test('every step that is offered begins with values the engine takes', () => {
  for (const kind of offeredKinds) {
    const step = usualStep(kind);
    assert.deepEqual(viewStep.parse(step), step);
    assert.equal(isComplete(step), true, kind);
  }
});

test('a step moves up and down, and nowhere beyond the ends', () => {
  assert.deepEqual(moved(['a', 'b', 'c'], 2, 0), ['c', 'a', 'b']);
  assert.deepEqual(moved(['a', 'b', 'c'], 0, 1), ['b', 'a', 'c']);
  assert.deepEqual(moved(['a', 'b'], 0, -1), ['a', 'b']);
  assert.deepEqual(moved(['a', 'b'], 1, 2), ['a', 'b']);
});

test('counts stand at the steps they were made for, and nowhere once a step was changed', () => {
  const list: ListedStep[] = [
    { key: '1', step: usualStep('length'), isOn: true },
    { key: '2', step: usualStep('refusal'), isOn: false },
    { key: '3', step: usualStep('echo'), isOn: true },
  ];
  const outcomes = stepsOn(list).map((step, index) => ({
    step,
    kept: 10 - index,
    dropped: index,
    changed: 0,
    examples: [],
  }));
  const counted = { steps: stepsOn(list), outcomes };
  assert.deepEqual(
    outcomesFor(list, counted).map((outcome) => outcome?.kept ?? null),
    [10, null, 9],
  );
  const changed = list.map((one, index) => (index === 1 ? { ...one, isOn: true } : one));
  assert.deepEqual(outcomesFor(changed, counted), [null, null, null]);
});

test('half-made steps are not sent', () => {
  assert.equal(isComplete({ kind: 'length', place: 'answer', unit: 'tokens', minimum: null, maximum: null }), false);
  assert.equal(isComplete({ kind: 'regex', pattern: '(', place: 'answer', keepMatches: true }), false);
  assert.equal(isComplete({ kind: 'language', keep: ['german'] }), false);
});

test('the steps of a pack come before those that are there, and none stands twice', () => {
  const code = { kind: 'code', wants: 'present' } as const;
  const length = { ...usualStep('length'), minimum: 500 } as ViewStep;
  const mine = withSteps([], [usualStep('refusal'), code]);
  const both = withSteps(mine, [length, code]);
  assert.deepEqual(
    both.map(({ step }) => step),
    [length, usualStep('refusal'), code],
  );
  assert.equal(new Set(both.map(({ key }) => key)).size, 3);
});
