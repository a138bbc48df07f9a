import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { repositoryRoot } from './repository-files.ts';

/**
 * A tool that checks nothing says "no violations" too. So the real configuration is put around a small tree in which each rule is
 * broken once, and the tools must name every break, and nothing in the files that break none.
 */
const folders = ['contract', 'core', 'native-bridge', 'engine', 'cli', 'electron', 'renderer'];
const configuration = [
  'package.json',
  'tsconfig.base.json',
  '.oxlintrc.json',
  ...folders.map((folder) => `${folder}/tsconfig.json`),
];
const plantedFolder = path.join(repositoryRoot, 'tests', 'architecture', 'planted');

const innocent = [
  'contract/shape.ts',
  'core/decide.ts',
  'native-bridge/fulfils-port.ts',
  'engine/compose.ts',
  'engine/compose-again.ts',
  'renderer/shows-title.ts',
];

const expectedOfLint: Readonly<Record<string, string>> = {
  'contract/reaches-core.ts': 'no-restricted-imports',
  'core/reaches-engine.ts': 'no-restricted-imports',
  'core/reaches-engine-by-path.ts': 'no-restricted-imports',
  'core/reads-disk.ts': 'no-restricted-imports',
  'core/cycle-a.ts': 'no-cycle',
  'core/any-type.ts': 'no-explicit-any',
  'core/default-export.ts': 'no-default-export',
  'core/swallows-errors.ts': 'no-empty',
  'core/loosely-equal.ts': 'eqeqeq',
  'core/many-parameters.ts': 'max-params',
  'core/long-function.ts': 'max-lines-per-function',
  'core/BadName.ts': 'filename-case',
  'native-bridge/takes-value-from-core.ts': 'no-restricted-imports',
  'native-bridge/reaches-engine.ts': 'no-restricted-imports',
  'engine/opens-database.ts': 'no-restricted-imports',
  'engine/opens-terminal.ts': 'no-restricted-imports',
  'engine/asks-system.ts': 'no-restricted-imports',
  'engine/opens-window.ts': 'no-restricted-imports',
  'cli/reaches-core.ts': 'no-restricted-imports',
  'cli/serves.ts': 'no-restricted-imports',
  'electron/main/reaches-core.ts': 'no-restricted-imports',
  'renderer/reads-disk.ts': 'no-restricted-imports',
};

/** TS6307 and TS6059: a file of a project that is not referenced. TS2591, TS2580, TS2307, TS2584, TS2304: a name that this folder does not have. */
const expectedOfTypes: Readonly<Record<string, RegExp>> = {
  'contract/reaches-core.ts': /TS6307|TS6059/,
  'core/reaches-engine.ts': /TS6307|TS6059/,
  'core/reaches-engine-by-path.ts': /TS6307|TS6059/,
  'core/reads-disk.ts': /TS2591|TS2307/,
  'core/asks-process.ts': /TS2591|TS2580|TS2304/,
  'core/asks-page.ts': /TS2584|TS2304/,
  'native-bridge/reaches-engine.ts': /TS6307|TS6059/,
  'cli/reaches-core.ts': /TS6307|TS6059/,
  'electron/main/reaches-core.ts': /TS6307|TS6059/,
  'renderer/reads-disk.ts': /TS2591|TS2307/,
};

describe('the tools that hold the layers, run over planted violations', () => {
  let tree: string;
  before(async () => {
    tree = await mkdtemp(path.join(tmpdir(), 'forge-planted-'));
    await cp(plantedFolder, tree, { recursive: true });
    for (const file of configuration) await cp(path.join(repositoryRoot, file), path.join(tree, file));
    await symlink(path.join(repositoryRoot, 'node_modules'), path.join(tree, 'node_modules'), 'junction');
  });
  after(() => rm(tree, { recursive: true }));

  test('every planted file is expected to be named or to be innocent', async () => {
    const planted = (await readdir(plantedFolder, { recursive: true }))
      .filter((file) => file.endsWith('.ts'))
      .map(posix);
    const known = new Set([
      ...innocent,
      ...Object.keys(expectedOfLint),
      ...Object.keys(expectedOfTypes),
      'core/cycle-b.ts',
    ]);
    assert.deepEqual(planted.sort(), [...known].sort());
  });

  test('oxlint names every one, by its rule', () => {
    const { stdout } = runTool(tree, 'oxlint/bin/oxlint', ['--deny-warnings', '--format', 'json']);
    const { diagnostics, number_of_files: fileCount } = JSON.parse(stdout) as LintReport;
    assert.ok(fileCount >= 30, `oxlint saw ${fileCount} files`);
    const found = diagnostics.map(({ filename, code }) => ({
      file: posix(path.relative(tree, path.resolve(tree, filename))),
      code,
    }));
    const silent = Object.entries(expectedOfLint).filter(
      ([file, rule]) => !found.some((diagnostic) => diagnostic.file === file && diagnostic.code.includes(rule)),
    );
    assert.deepEqual(silent, [], 'oxlint kept silent');
    assert.deepEqual(
      found.filter(({ file }) => innocent.includes(file)),
      [],
      'oxlint accused the innocent',
    );
  });

  test('tsc refuses every layer that the references do not open, and every name of a platform that a folder does not have', () => {
    const { stdout } = runTool(tree, 'typescript/bin/tsc', ['-b', ...folders, '--pretty', 'false']);
    const lines = stdout.split('\n').map(posix);
    const silent = Object.entries(expectedOfTypes).filter(
      ([file, code]) => !lines.some((line) => line.startsWith(`${file}(`) && code.test(line)),
    );
    assert.deepEqual(silent, [], stdout);
    const accused = lines.filter((line) => innocent.some((file) => line.startsWith(`${file}(`)));
    assert.deepEqual(accused, []);
  });
});

interface LintReport {
  readonly diagnostics: readonly { readonly code: string; readonly filename: string }[];
  readonly number_of_files: number;
}

function runTool(cwd: string, tool: string, args: readonly string[]): { stdout: string } {
  const program = path.join(repositoryRoot, 'node_modules', tool);
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, ...args], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  assert.notEqual(status, 0, `${tool} found nothing to complain about: ${stderr}`);
  return { stdout };
}

function posix(file: string): string {
  return file.replaceAll('\\', '/');
}
