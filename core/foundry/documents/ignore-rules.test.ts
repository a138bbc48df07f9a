import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIgnoreRules } from './ignore-rules.ts';

function ignored(rules: string, path: string, isFolder = false): boolean {
  return parseIgnoreRules(rules)(path, isFolder) === 'ignored';
}

test('a name without a slash fits at any depth, one with a slash from the folder of the file', () => {
  assert.ok(ignored('*.log', 'a.log') && ignored('*.log', 'deep/er/a.log'));
  assert.ok(ignored('/todo.txt', 'todo.txt') && !ignored('/todo.txt', 'sub/todo.txt'));
  assert.ok(ignored('doc/*.txt', 'doc/a.txt') && !ignored('doc/*.txt', 'doc/server/a.txt'));
});

test('a slash at the end fits folders only', () => {
  assert.ok(ignored('build/', 'build', true) && !ignored('build/', 'build', false));
  assert.ok(ignored('build/', 'sub/build', true));
});

test('two stars fit any number of folders', () => {
  assert.ok(ignored('**/foo', 'foo') && ignored('**/foo', 'a/b/foo'));
  assert.ok(ignored('a/**/b', 'a/b') && ignored('a/**/b', 'a/x/y/b'));
  assert.ok(ignored('abc/**', 'abc/x/y') && !ignored('abc/**', 'abc'));
});

test('the last rule that fits decides, and an exclamation mark takes back', () => {
  const rules = '*.md\n!README.md\n';
  assert.ok(ignored(rules, 'notes.md'));
  assert.equal(parseIgnoreRules(rules)('README.md', false), 'kept');
  assert.equal(parseIgnoreRules(rules)('a.ts', false), null);
});

test('comments, empty lines, escapes, spaces at the end and classes are read as git reads them', () => {
  assert.ok(!ignored('# a\n\n', '# a') && ignored('\\#a', '#a') && ignored('\\!b', '!b'));
  assert.ok(ignored('a.txt   \r\n', 'a.txt'));
  assert.ok(ignored('file[0-9].c', 'file7.c') && !ignored('file[!0-9].c', 'file7.c'));
  assert.ok(ignored('a?c', 'abc') && !ignored('a?c', 'a/c'));
});

test('what is no pattern, or could take long, is no rule', () => {
  assert.ok(!ignored('[z-a]', 'b'));
  assert.ok(!ignored('*a*a*a*a*a*a*a*a*a*a*a*b', 'a'.repeat(50)));
  assert.ok(ignored('a(b', 'a(b') && ignored('a+b.c', 'a+b.c') && !ignored('a.c', 'abc'));
});
