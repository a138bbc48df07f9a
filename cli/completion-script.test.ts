import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { commandTree } from './command-tree.ts';
import { completionScript, type Shell } from './completion-script.ts';
import { walkTree } from './completion/walk-tree.ts';

/** What bash offers for the last word. */
function offeredByBash(words: string[]): string[] {
  const program = `${completionScript(commandTree, 'bash')}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _forge; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['--norc', '-c', program, 'bash', ...words], { encoding: 'utf8' })
    .split('\n')
    .filter((word) => word !== '');
}

test('bash offers commands, subcommands, options, choices and files', () => {
  assert.deepEqual(offeredByBash(['forge', 'tr']), ['train']);
  assert.deepEqual(offeredByBash(['forge', 'runs', 'pa']), ['pause']);
  assert.deepEqual(offeredByBash(['forge', 'export', 'ch']), ['check']);
  assert.deepEqual(offeredByBash(['forge', 'export', 'support:v1', '--format', 'm']), ['merged']);
  assert.deepEqual(offeredByBash(['forge', '--json', 'runs', 'wa']), ['watch']);
  assert.deepEqual(offeredByBash(['forge', 'train', '--method', 'q']), ['qlora']);
  assert.deepEqual(offeredByBash(['forge', 'completion', '']).slice(0, 3), ['bash', 'zsh', 'fish']);
  assert.ok(offeredByBash(['forge', 'train', '--']).includes('--learning-rate'));
  assert.deepEqual(offeredByBash(['forge', 'train', '--name', '']), []);
  assert.ok(
    offeredByBash(['forge', 'train', '--dataset', `${import.meta.dirname}/completion-script.t`]).some((file) =>
      file.endsWith('.test.ts'),
    ),
  );
});

test('every shell knows every command and option of the tree', () => {
  const nodes = walkTree(commandTree);
  for (const shell of ['bash', 'zsh', 'fish'] as const) {
    const script = completionScript(commandTree, shell);
    for (const { path, options } of nodes) {
      for (const word of path) assert.ok(script.includes(word), `${shell}: ${word}`);
      for (const { name } of options)
        assert.ok(script.includes(shell === 'fish' ? `-l ${name}` : `--${name}`), `${shell}: --${name}`);
    }
  }
});

test('the scripts are valid for the shells that are on this machine', (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'forge-completion-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const shell of ['bash', 'zsh', 'fish'] satisfies Shell[]) {
    const file = path.join(folder, shell);
    writeFileSync(file, completionScript(commandTree, shell));
    const { error, status, stderr } = spawnSync(shell, ['-n', file], { encoding: 'utf8' });
    if (error !== undefined) t.diagnostic(`${shell} is not installed: its script was not parsed by it`);
    else assert.equal(status, 0, `${shell}: ${stderr}`);
  }
});

test('fish offers the same', (t) => {
  if (spawnSync('fish', ['--version']).error !== undefined) return t.diagnostic('fish is not installed: not shown');
  const offered = (line: string): string[] =>
    execFileSync('fish', ['--no-config', '-c', `${completionScript(commandTree, 'fish')}\ncomplete -C '${line}'`], {
      encoding: 'utf8',
    })
      .trim()
      .split('\n')
      .map((entry) => entry.split('\t')[0] ?? '');
  assert.deepEqual(offered('forge trai'), ['train']);
  assert.deepEqual(offered('forge runs pa'), ['pause']);
  assert.deepEqual(offered('forge completion b'), ['bash']);
});
