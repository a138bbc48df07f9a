import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeBlocksOf, codeStateOf, parseJsonOnly } from './find-code.ts';

test('fenced blocks are found with their language, whatever the fence', () => {
  const text = 'First:\n```Python title="a"\nprint(1)\n```\nthen\n~~~~js\nlet a = `x`;\n~~~\n~~~~\nend';
  assert.deepEqual(codeBlocksOf(text), [
    { language: 'python', source: 'print(1)\n' },
    { language: 'js', source: 'let a = `x`;\n~~~\n' },
  ]);
});

test('a fence that is never closed runs to the end, an empty one is none', () => {
  assert.deepEqual(codeBlocksOf('```\nx = 1'), [{ language: '', source: 'x = 1' }]);
  assert.deepEqual(codeBlocksOf('```\n\n```'), []);
});

test('code without a fence is found, prose about code is not', () => {
  assert.equal(codeBlocksOf('def add(a, b):\n    total = a + b;\n    return total;').length, 1);
  assert.equal(codeBlocksOf('{"product": "router", "urgency": "high"}')[0]?.language, 'json');
  for (const prose of [
    'Use the `def` keyword to define a function. Then call it by name.',
    'If it rains, take the bus: it is dry.\nElse walk.',
    'For a start, import duties rose from 2 to 4 percent.\nThe class action was dropped.',
    '[citation needed]',
  ])
    assert.deepEqual(codeBlocksOf(prose), [], prose);
});

test('only real parsers say that code parses', () => {
  assert.equal(codeStateOf('```json\n{"a": [1, 2]}\n```', parseJsonOnly), 'parses');
  assert.equal(codeStateOf('```json\n{"a": [1, 2}\n```', parseJsonOnly), 'broken');
  assert.equal(codeStateOf('```jsonl\n{"a":1}\n{"a":2}\n```', parseJsonOnly), 'parses');
  assert.equal(codeStateOf('```rust\nfn main() {}\n```', parseJsonOnly), 'unchecked');
  assert.equal(codeStateOf('No code here.', parseJsonOnly), 'absent');
  assert.equal(codeStateOf('```rust\nfn\n```\n```json\n{]\n```', parseJsonOnly), 'broken');
});

test('a text of a megabyte made of fences is read once, not again for every fence', () => {
  const began = performance.now();
  codeBlocksOf('```js\n'.repeat(150_000));
  codeBlocksOf('`'.repeat(1_000_000));
  codeBlocksOf(`import ${' '.repeat(1_000_000)}x!\nfrom ${'a '.repeat(500_000)}!`);
  assert.ok(performance.now() - began < 2_000);
});
