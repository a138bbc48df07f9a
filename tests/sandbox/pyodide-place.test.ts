import assert from 'node:assert/strict';
import { test } from 'node:test';
import { repositoryFiles } from '../architecture/repository-files.ts';

/** Behind a wall already: a Deno without permissions, and a worker of a page that reaches nothing. */
const places = ['python-env/forge_sandbox/deno-entry.mjs', 'python-env/forge_sandbox/page/worker.mjs'];

/** In Node, Pyodide reads the host's files, starts programs and opens sockets: there it is no sandbox. */
const loads = /\b(?:from\s+|import\s*\(?\s*|require\s*\(\s*)['"`][^'"`]*pyodide(?:\.m?js)?['"`]/;

test('Pyodide is loaded in Deno and in the page’s worker, and never in Node', () => {
  const files = repositoryFiles('.ts', '.tsx', '.mjs', '.js', '.cjs').filter(
    ({ path }) => !path.startsWith('tests/sandbox/'),
  );
  assert.ok(files.length > 250, `${files.length} files were seen`);
  const found = files.filter((file) => loads.test(file.text())).map(({ path }) => path);
  assert.deepEqual(found.toSorted(), places);
});

test('nothing else names what loads it', () => {
  const naming = repositoryFiles('.ts', '.tsx', '.mjs').filter(
    (file) => !file.path.startsWith('tests/') && /loadPyodide/.test(file.text()),
  );
  const own = [...places, 'python-env/forge_sandbox/pyodide-python.mjs'];
  assert.deepEqual(naming.map(({ path }) => path).toSorted(), own.toSorted());
});

test('the rule finds what it is for', () => {
  for (const text of [
    `import { loadPyodide } from 'pyodide';`,
    `await import("pyodide")`,
    `require('pyodide/pyodide.js')`,
  ])
    assert.match(text, loads);
});
