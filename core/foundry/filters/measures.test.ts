import assert from 'node:assert/strict';
import { test } from 'node:test';
import { estimateTokens } from './estimate-tokens.ts';
import { createEchoMeasure } from './measure-echo.ts';
import { qualityOf, worstFaultOf } from './measure-quality.ts';

const echo = createEchoMeasure();

test('an answer that repeats its prompt is an echo, one that uses its words is not', () => {
  assert.equal(echo('What is the capital of France, please?', 'What is the capital of France?'), 1);
  assert.equal(echo('What is the capital of France?', 'The capital of France is Paris, on the Seine.'), 0);
  assert.equal(echo('Say: red green blue', 'RED, GREEN; blue!'), 1);
  assert.equal(echo('', 'anything'), 0);
  assert.equal(echo('something', '...'), 0);
});

test('the echo is the share of copied five-word runs', () => {
  const prompt = 'one two three four five six';
  assert.equal(echo(prompt, 'one two three four five other words here now'), 1 / 5);
});

test('scripts without spaces are compared by characters', () => {
  assert.equal(echo('请把这句话翻译成英文', '请把这句话翻译成英文'), 1);
  assert.equal(echo('请把这句话翻译成英文', '今天天气很好我们去公园'), 0);
});

const good = [
  'Hold the reset button for ten seconds, wait until the light is green, and sign in again.',
  'Gern. Ziehen Sie den Stecker, warten Sie eine Minute und stecken Sie ihn wieder ein.',
  '这个函数返回列表中所有偶数的总和，如果列表为空则返回零。',
  'Use a set:\n```python\nseen = set()\nfor x in xs:\n    seen.add(x)\n```\nThis keeps one copy of each value.',
];

test('well-made texts of several languages, with code too, have full quality', () => {
  for (const text of good) assert.ok(qualityOf(text) > 0.95, `${qualityOf(text)}: ${text} (${worstFaultOf(text)})`);
});

test('each fault is found and named', () => {
  const cases: [fault: string, text: string][] = [
    ['repeats', 'I like cats and dogs. '.repeat(20)],
    ['fewLetters', '#### 12345 ---- 67890 ==== 13579 $$$$ 24680 ++++ ab'],
    ['shouting', 'PLEASE SEND THE PARCEL TO MY HOUSE BY TOMORROW OR I WILL CALL THE POLICE ABOUT IT.'],
    ['debris', 'Hello {{first_name}}, this is [insert company here] &nbsp; writing to you about your order.'],
    [
      'brokenOff',
      `The first thing to know is that ${Array.from({ length: 40 }, (_, index) => `word${'abcdefghijklmnopqrstuvwxyz'[index % 26]}${index}`).join(' ')} and then the`,
    ],
    ['shortness', 'Yes'],
  ];
  for (const [fault, text] of cases) {
    assert.equal(worstFaultOf(text), fault, text.slice(0, 60));
    assert.ok(qualityOf(text) < 0.9, `${fault}: ${qualityOf(text)}`);
  }
  assert.ok(qualityOf('I like cats and dogs. '.repeat(20)) < 0.4);
});

test('tokens are estimated by the kind of characters', () => {
  assert.ok(Math.abs(estimateTokens('The quick brown fox jumps over the lazy dog near the river bank.') - 14) <= 4);
  assert.ok(Math.abs(estimateTokens('这个函数返回列表中所有偶数的总和') - 10) <= 4);
  assert.equal(estimateTokens(''), 0);
});
