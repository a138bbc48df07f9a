import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ScoringSpec } from '#contract/evaluation.ts';
import { detectScoring } from './detect-scoring.ts';
import { findJsonObject } from './json-answer.ts';
import { describeScoring, scoreAnswer, summariseScores } from './score-answer.ts';

const ticketSpec: ScoringSpec = { kind: 'json-fields', fields: ['product', 'urgency', 'queue'] };
const gold = '{"product":"router","urgency":"high","queue":"billing"}';

function repeated(answers: readonly string[], times: number): string[] {
  return Array.from({ length: times }, () => answers).flat();
}

test('JSON answers with the same keys in nearly all rows are scored by field', () => {
  const answers = [...repeated(['{"product":"a","urgency":"high"}', '{"urgency":"low","product":"b"}'], 50), 'unknown'];
  assert.deepEqual(detectScoring(answers), { kind: 'json-fields', fields: ['product', 'urgency'] });
  assert.equal(detectScoring([...answers, ...repeated(['see above'], 10)]).kind, 'text');
});

test('short labels, few of them, are right or wrong; everything else is text', () => {
  assert.deepEqual(detectScoring(repeated(['Positive', 'negative', 'positive '], 20)), {
    kind: 'exact',
    labels: ['negative', 'positive'],
  });
  const names = Array.from({ length: 100 }, (_, index) => `Name ${index}`);
  assert.equal(detectScoring(names).kind, 'text');
  assert.equal(detectScoring(['This is a whole sentence as an answer.']).kind, 'text');
  assert.equal(detectScoring([]).kind, 'text');
});

test('a field is right when its value is equal after trimming; case and inner spaces count', () => {
  const score = scoreAnswer(
    ticketSpec,
    '{"queue": " billing ", "product": "Router", "urgency": "high", "extra": 1}',
    gold,
  );
  assert.deepEqual(score, {
    points: (100 * 2) / 3,
    valid: true,
    allRight: false,
    parts: { product: 0, urgency: 100, queue: 100 },
  });
});

const wrappers: readonly (readonly [string, string])[] = [
  ['in a code fence', '```json\n{"product":"router","urgency":"high","queue":"billing"}\n```'],
  ['after a remark', 'Sure! Here it is: {"product":"router","urgency":"high","queue":"billing"} Anything else?'],
  ['with a second object behind it', '{"product":"router","urgency":"high","queue":"billing"}{"product":"camera"}'],
  ['after a brace that is none', 'use {curly} braces: {"product":"router","urgency":"high","queue":"billing"}'],
  ['over several lines', '{\n "product": "router",\n "urgency": "high",\n "queue": "billing"\n}'],
];
for (const [name, answer] of wrappers) {
  test(`a JSON answer ${name} is found`, () => {
    assert.equal(scoreAnswer(ticketSpec, answer, gold).points, 100);
  });
}

test('answers without a complete object are not valid and get nothing', () => {
  for (const answer of [
    '',
    'router',
    '{"product":"router"',
    '["router"]',
    '{'.repeat(5000),
    'null',
    '{product: router}',
  ]) {
    assert.deepEqual(
      { ...scoreAnswer(ticketSpec, answer, gold), parts: null },
      { points: 0, valid: false, allRight: false, parts: null },
    );
  }
});

test('keys that every object has do not count as answered', () => {
  const spec: ScoringSpec = { kind: 'json-fields', fields: ['constructor', '__proto__'] };
  assert.equal(scoreAnswer(spec, '{"a":1}', '{"constructor":"x","__proto__":"y"}').points, 0);
});

test('numbers, lists and inner objects are compared as values', () => {
  const spec: ScoringSpec = { kind: 'json-fields', fields: ['n', 'list', 'inner'] };
  const expected = '{"n":1.50,"list":[1,"a"],"inner":{"x":1,"y":2}}';
  assert.equal(scoreAnswer(spec, '{"inner":{"y":2,"x":1},"list":[1," a"],"n":1.5}', expected).points, 100);
  assert.equal(scoreAnswer(spec, '{"inner":{},"list":["a",1],"n":"1.5"}', expected).points, 0);
});

test('labels are compared without case and outer spaces', () => {
  const spec: ScoringSpec = { kind: 'exact', labels: ['negative', 'positive'] };
  assert.deepEqual(scoreAnswer(spec, ' POSITIVE\n', 'positive'), {
    points: 100,
    valid: true,
    allRight: true,
    parts: { exactCaseFolded: 100 },
  });
  assert.deepEqual(
    [scoreAnswer(spec, 'negative', 'positive').valid, scoreAnswer(spec, 'I think positive', 'positive').points],
    [true, 0],
  );
});

test('an expected answer scores 100 against itself and an empty one 0, in every kind of scoring', () => {
  const label = fc.constantFrom('yes', 'no', 'not sure');
  const json = fc.record({ a: label, b: fc.integer(), c: fc.array(label) }).map((value) => JSON.stringify(value));
  const text = fc.string({ minLength: 1, maxLength: 80 }).filter((value) => value.trim() !== '');
  fc.assert(
    fc.property(fc.oneof(label, json, text), fc.oneof(label, json, text), (expected, other) => {
      for (const spec of [detectScoring(repeated([expected, other], 5)), { kind: 'text' } as const]) {
        assert.equal(scoreAnswer(spec, expected, expected).points, 100);
        assert.equal(scoreAnswer(spec, '', expected).points, 0);
        const points = scoreAnswer(spec, other, expected).points;
        assert.ok(points >= 0 && points <= 100);
      }
    }),
  );
});

test('the first complete object of any text around it is the one that was written', () => {
  const noise = fc.string({ maxLength: 30 }).map((text) => text.replaceAll(/[{}"]/g, ''));
  fc.assert(
    fc.property(noise, fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), noise, (before, value, after) => {
      const found = findJsonObject(`${before}${JSON.stringify(value)}${after}`);
      assert.equal(
        JSON.stringify([...(found ?? [])].length),
        JSON.stringify(Object.keys(JSON.parse(JSON.stringify(value))).length),
      );
    }),
  );
});

test('a summary gives means, the valid share, the all-right share with its interval, and the parts', () => {
  const scores = [gold, '{"product":"router"}', 'nonsense', gold].map((answer) =>
    scoreAnswer(ticketSpec, answer, gold),
  );
  const summary = summariseScores(scores);
  assert.deepEqual(
    { ...summary, allRightInterval: summary.allRightInterval.map((value) => Number(value.toFixed(3))) },
    {
      rows: 4,
      meanPoints: (100 + 100 / 3 + 0 + 100) / 4,
      validShare: 0.75,
      allRightShare: 0.5,
      allRightInterval: [0.15, 0.85],
      parts: { product: 75, urgency: 50, queue: 50 },
    },
  );
  assert.match(describeScoring(ticketSpec), /product, urgency, queue/);
});
