import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommandFailure } from './failure.ts';
import { stepOf, stepsOfFile } from './view-steps.ts';

test('steps are read as they are written on the line', () => {
  assert.deepEqual(stepOf('refusal'), { kind: 'refusal' });
  assert.deepEqual(stepOf('min-chars=100'), {
    kind: 'length',
    place: 'answer',
    unit: 'characters',
    minimum: 100,
    maximum: null,
  });
  assert.deepEqual(stepOf('near'), { kind: 'near-duplicates', threshold: 0.8, keep: 'longest' });
  assert.deepEqual(stepOf('near=0.9'), { kind: 'near-duplicates', threshold: 0.9, keep: 'longest' });
  assert.deepEqual(stepOf('language=en, de'), { kind: 'language', keep: ['en', 'de'] });
  assert.deepEqual(stepOf('match=a=b'), { kind: 'regex', pattern: 'a=b', place: 'whole', keepMatches: true });
  assert.deepEqual(stepOf('pii'), { kind: 'pii', action: 'mask', kinds: ['all'] });
});

test('a step that is none, or a value that it cannot have, is refused with what there is', () => {
  for (const wrong of ['nera', '', 'near=2', 'min-chars=', 'min-chars=x', 'language=', 'code=python', 'echo=-1'])
    assert.throws(() => stepOf(wrong), CommandFailure, wrong);
});

test('a file of steps is a JSON list of them', () => {
  assert.deepEqual(stepsOfFile('[{"kind":"refusal"}]', 'a.json'), [{ kind: 'refusal' }]);
  for (const wrong of ['[{"kind":"x"}]', '{', '{"kind":"refusal"}'])
    assert.throws(() => stepsOfFile(wrong, 'a.json'), CommandFailure);
});
