import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { commandTree } from './command-tree.ts';
import { walkTree } from './completion/walk-tree.ts';
import { exitCode } from './failure.ts';

const page = readFileSync(path.join(import.meta.dirname, '..', 'docs', 'command-line.md'), 'utf8');

test('docs/command-line.md names every command and every option', () => {
  const nodes = walkTree(commandTree);
  const missing = nodes.flatMap(({ path: words, options, subcommands }) => {
    const named = words.length < 2 ? page.includes(words.join(' ')) : page.includes(words.at(-1) ?? '');
    const own = subcommands.length > 0 ? [] : options;
    return [
      ...(named ? [] : [words.join(' ')]),
      ...own.filter(({ name }) => !page.includes(`--${name}`)).map(({ name }) => `${words.join(' ')} --${name}`),
    ];
  });
  assert.deepEqual(
    missing.filter((entry) => !entry.endsWith('--version')),
    [],
  );
});

test('docs/command-line.md lists every exit code', () => {
  for (const code of Object.values(exitCode)) assert.match(page, new RegExp(`^\\| ${code} \\|`, 'm'));
});
