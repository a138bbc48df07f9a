import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { repositoryFiles, repositoryRoot, type RepositoryFile } from './repository-files.ts';

const hardLimitLines = 400;
/** A recipe is one readable file, and duplication between recipes is accepted: so it may be longer. */
const recipeLimitLines = 500;
const scripts = repositoryFiles('.ts', '.mjs', '.js');
const python = repositoryFiles('.py');

/** Files longer than the limit, by their length. It may only shrink: a file that grows or gets shorter than its entry fails too. */
const exceptions = JSON.parse(
  readFileSync(path.join(repositoryRoot, 'tests', 'architecture', 'size-exceptions.json'), 'utf8'),
) as Record<string, number>;

test('the files were seen', () => {
  assert.ok(
    scripts.length > 250 && python.length > 30,
    `${scripts.length} scripts and ${python.length} Python files were seen`,
  );
});

test(`no file is longer than ${hardLimitLines} lines but the listed ones, which only shrink`, () => {
  const long = [...scripts, ...python]
    .map((file) => ({
      path: file.path,
      lines: lineCount(file),
      limit: file.path.includes('/recipes/') ? recipeLimitLines : hardLimitLines,
    }))
    .filter(({ lines, limit }) => lines > limit)
    .map((file) => [file.path, file.lines]);
  assert.deepEqual(Object.fromEntries(long), exceptions);
});

test('file names are kebab-case (Python: snake_case), and say more than "utils"', () => {
  const misnamed = [
    ...scripts.filter(
      ({ path: name }) => !/^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*$/.test(path.posix.basename(name)),
    ),
    ...python.filter(({ path: name }) => !isPythonName(name)),
    ...[...scripts, ...python].filter(({ path: name }) =>
      /(^|\/)(utils?|helpers?|misc|common|manager)(\.|\/|$)/.test(name),
    ),
  ];
  assert.deepEqual(paths(misnamed), []);
});

test('every test file asserts', () => {
  const tests = repositoryFiles('.test.ts');
  assert.ok(tests.length > 40, `${tests.length} test files were seen`);
  const silent = tests.filter((file) => {
    const text = file.text();
    return !/\bassert(\.\w+)?\(/.test(text) || !/\b(test|it)(\.\w+)?\(/.test(text);
  });
  assert.deepEqual(paths(silent), []);
});

test('no test is skipped without a reason, run alone, or left to do', () => {
  const lame = repositoryFiles('.test.ts').filter((file) =>
    /\b(test|it|describe)\.(only|skip|todo)\(|\bskip: true\b|\bonly: true\b/.test(file.text()),
  );
  assert.deepEqual(paths(lame), []);
});

test('no default export but those that the test runners demand', () => {
  const found = scripts.filter((file) => /^export default\b/m.test(file.text()));
  assert.deepEqual(paths(found), ['scripts/count-reporter.mjs', 'tests/window/playwright.config.ts']);
});

test('no empty catch, no check switched off without a reason, no note to do later', () => {
  const patterns = [
    /catch\s*(\([^)]*\))?\s*\{\s*\}/,
    /@ts-(ignore|nocheck|expect-error)/,
    /(oxlint|eslint)-disable(?!.* -- \w)/,
    /\b(TODO|FIXME|XXX)\b/,
  ];
  const own = 'tests/architecture/source-rules.test.ts';
  const found = [...scripts, ...python].filter(
    (file) => file.path !== own && patterns.some((pattern) => pattern.test(file.text())),
  );
  assert.deepEqual(paths(found), []);
});

test('no registry host, no path of one machine', () => {
  const hosts = [
    ['registry', 'npmjs', 'org'],
    ['registry', 'yarnpkg', 'com'],
    ['pypi', 'org'],
    ['files', 'pythonhosted', 'org'],
    ['download', 'pytorch', 'org'],
    ['deb', 'debian', 'org'],
  ].map((parts) => parts.join('.'));
  const machine = new RegExp(`(?<![\\w./~$}-])/(${['work', 'farm', 'root'].join('|')})/`);
  const texts = repositoryFiles(
    '.ts',
    '.mjs',
    '.js',
    '.py',
    '.json',
    '.toml',
    '.txt',
    '.in',
    '.md',
    '.html',
    '.css',
    '.yml',
    '.yaml',
    '.sh',
    '.npmrc',
  );
  assert.ok(texts.length > 300, `${texts.length} files were seen`);
  const found = texts.filter((file) => {
    const text = file.text();
    return hosts.some((host) => text.includes(host)) || machine.test(text);
  });
  assert.deepEqual(paths(found), []);
});

test('every dependency of the product is imported somewhere, and every package that is imported is declared', () => {
  const manifest = JSON.parse(readFileSync(path.join(repositoryRoot, 'package.json'), 'utf8')) as Record<
    string,
    Record<string, string>
  >;
  const product = Object.keys(manifest['dependencies'] ?? {});
  const declared = new Set([...product, ...Object.keys(manifest['devDependencies'] ?? {})]);
  const imported = new Set(scripts.flatMap((file) => importedPackages(file.text())));
  assert.deepEqual(
    [...imported].filter((name) => !declared.has(name)),
    [],
    'imported but not declared',
  );
  const unused = product.filter((name) => !imported.has(name));
  assert.deepEqual(unused, [], 'declared but not imported');
});

test('each group of errors is in the registry under its own prefixes, each with a remedy', async () => {
  const { errorRegistry } = await import('#contract/errors.ts');
  const groups = repositoryFiles('-errors.ts').filter(
    ({ path: name }) => name.startsWith('contract/errors/') && !name.endsWith('define-errors.ts'),
  );
  assert.ok(groups.length >= 10, `${groups.length} groups were seen`);
  const owners = new Map<string, string>();
  for (const group of groups) {
    const [definitions] = Object.values(
      (await import(path.join(repositoryRoot, group.path))) as Record<string, Record<string, { remedy: string }>>,
    );
    for (const [code, { remedy }] of Object.entries(definitions ?? {})) {
      assert.ok(code in errorRegistry, `${code} of ${group.path} is not in the registry`);
      assert.ok(remedy.trim() !== '', `${code} has a remedy`);
      const prefix = code.split('.', 1)[0] ?? '';
      assert.equal(owners.get(prefix) ?? group.path, group.path, `${prefix}.* belongs to one file`);
      owners.set(prefix, group.path);
    }
  }
  assert.ok(owners.size >= 8, `${owners.size} prefixes were seen`);
});

function lineCount(file: RepositoryFile): number {
  return file.text().trimEnd().split('\n').length;
}

function isPythonName(name: string): boolean {
  // Scripts that are run, not imported, may be kebab-case like every other file.
  return /^_{0,2}[a-z0-9]+([_-][a-z0-9]+)*_{0,2}\.py$/.test(path.posix.basename(name));
}

function paths(files: readonly RepositoryFile[]): string[] {
  return files.map((file) => file.path);
}

function importedPackages(text: string): string[] {
  const found = text.matchAll(
    /^(?:(?:import|export)\b[^'"`;]*?\bfrom\s*|import\s*)['"]([^'"\n]+)['"]|\bimport\(\s*['"]([^'"\n]+)['"]\s*\)/gm,
  );
  return [...found]
    .map(([, name, dynamic]) => name ?? dynamic ?? '')
    .filter((name) => !/^[.#/]|^node:|^file:|^$/.test(name))
    .map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/'));
}
