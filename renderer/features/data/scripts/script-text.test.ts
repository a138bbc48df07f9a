import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reviewOf } from './script-states.ts';
import { hunksOf } from './review-hunks.ts';
import { problemsOf, scriptNameFor } from './script-text.ts';

test('a script is called as its file, as far as names go', () => {
  assert.equal(scriptNameFor('Clean Up (2).py'), 'clean-up-2');
  assert.equal(scriptNameFor('größe.PY'), 'grosse');
  assert.match(scriptNameFor('日本.py'), /^[a-z0-9]/);
});

const source = 'import re\n\ndef transform(row):\n    return row["x"]\n';

test('the line that a traceback names last is marked, without its indent', () => {
  const traceback =
    'Traceback (most recent call last):\n  File "script.py", line 3, in transform\n  File "script.py", line 4, in transform\nKeyError: \'x\'';
  const [problem] = problemsOf(source, { reason: "KeyError: 'x'", traceback });
  assert.ok(problem !== undefined);
  assert.equal(source.slice(problem.from, problem.to), 'return row["x"]');
  assert.equal(problem.message, "KeyError: 'x'");
});

test('a syntax error names its line in its reason', () => {
  const detail = { reason: "SyntaxError: expected ':' (script.py, line 3)", traceback: '' };
  const [problem] = problemsOf(source, detail);
  assert.equal(source.slice(problem?.from, problem?.to), 'def transform(row):');
});

test('nothing is marked where no line is named, or where there is none of that number', () => {
  assert.deepEqual(problemsOf(source, { reason: 'it ran out of time' }), []);
  assert.deepEqual(problemsOf(source, { reason: '(script.py, line 99)', traceback: '' }), []);
});

test('of a difference the changes and what stands around them are shown, the rest is counted', () => {
  const { lines } = reviewOf();
  const hunks = hunksOf(lines);
  const counted = hunks.filter((hunk) => typeof hunk === 'number').reduce((sum, count) => sum + count, 0);
  assert.equal(counted + hunks.filter((hunk) => typeof hunk !== 'number').length, lines.length);
  assert.deepEqual(
    hunks.flatMap((hunk) => (typeof hunk !== 'number' && hunk.kind !== 'same' ? [hunk.kind] : [])),
    ['removed', 'added'],
  );
  assert.equal(typeof hunks[0], 'number');
});
