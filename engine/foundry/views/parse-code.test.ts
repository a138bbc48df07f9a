import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCode } from './parse-code.ts';

test('code is judged by a parser of its language, and never run', () => {
  const cases: [language: string, source: string, verdict: string][] = [
    ['js', 'const a = (b) => b ** 2;', 'parses'],
    ['javascript', 'return await fetch(url);', 'parses'],
    ['js', 'function ( {', 'broken'],
    ['js', "import { a } from 'b';\na();", 'unknown'],
    ['js', 'globalThis.wasRun = true; throw new Error("ran");', 'parses'],
    ['toml', '[a]\nb = 1\n', 'parses'],
    ['toml', '[a\nb = ', 'broken'],
    ['json', '{"a": [1]}', 'parses'],
    ['python', 'def f(:', 'unknown'],
    ['js', 'x'.repeat(300_000), 'unknown'],
  ];
  for (const [language, source, verdict] of cases)
    assert.equal(parseCode({ language, source }), verdict, `${language}: ${source.slice(0, 40)}`);
  assert.equal('wasRun' in globalThis, false);
});

test('code that closes the function around it does not pass for a snippet', () => {
  assert.equal(parseCode({ language: 'js', source: '}); (function () {' }), 'broken');
});
