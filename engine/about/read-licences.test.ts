import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { licenceEntry } from '#contract/settings.ts';
import { readLicences } from './read-licences.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const licences = (await readLicences(root)).map((entry) => licenceEntry.parse(entry));

/** Licences that ask for no more than naming them (and, for MPL's and OFL's files, leaving those under it). */
const permissive = new Set([
  // 'BSD' alone is how one package names the two clauses of its text.
  ...['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'BSL-1.0', 'CC0-1.0', 'ISC', 'MIT'],
  ...['MPL-2.0', 'OFL-1.1', 'PSF-2.0', 'Unlicense', 'Zlib', 'CNRI-Python', 'Apache-2.0 WITH LLVM-exception'],
]);

/** Of alternatives one is enough; of what holds together, all. */
function isPermissive(expression: string): boolean {
  return expression.split(' OR ').some((choice) => choice.split(' AND ').every((licence) => permissive.has(licence)));
}

interface LockEntry {
  readonly name?: string;
  readonly version: string;
  readonly dev?: boolean;
}

const again = 'run `node scripts/collect-licences.ts`, see its head';

test('every production dependency of package-lock.json is listed with its version, a licence and its text', () => {
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockEntry>;
  };
  const known = new Map(licences.map((entry) => [`${entry.name} ${entry.version}`, entry]));
  const production = Object.entries(lock.packages).filter(([key, { dev }]) => key !== '' && dev !== true);
  assert.ok(production.length > 200);
  const missing = production
    .map(([key, { name = key.slice(key.lastIndexOf('node_modules/') + 13), version }]) => `${name} ${version}`)
    .filter((wanted) => {
      const entry = known.get(wanted);
      return entry === undefined || entry.licence === '' || entry.text.length < 100;
    });
  assert.deepEqual(
    missing.filter((wanted) => !wanted.startsWith('@typescript/')),
    [],
    again,
  );
});

test('what is bundled into the window is listed as well', () => {
  const names = new Set(licences.map(({ name }) => name));
  const wanted = [
    'react',
    'react-dom',
    'scheduler',
    'monaco-editor',
    'uplot',
    '@fontsource-variable/inter',
    'electron',
  ];
  assert.deepEqual(
    [...wanted, 'Node.js', 'llama.cpp', 'Forge'].filter((name) => !names.has(name)),
    [],
    again,
  );
});

test('every Python package of the locks is listed', () => {
  const names = new Set(licences.map(({ name, version }) => `${name} ${version}`));
  const locks = ['cpu', 'cuda', 'mlx', 'uv'].map((lock) =>
    readFileSync(path.join(root, 'python-env', 'locks', `${lock}.txt`), 'utf8'),
  );
  const wanted = locks.flatMap((text) =>
    [...text.matchAll(/^([A-Za-z0-9._-]+)==([^\s;\\]+)/gm)].map(([, name, version]) => `${name} (Python) ${version}`),
  );
  assert.ok(wanted.length > 100);
  assert.deepEqual(
    wanted.filter((each) => !names.has(each)),
    [],
    again,
  );
});

test('all licences are permissive; the one exception is what NVIDIA itself installs on machines with its cards', () => {
  const others = licences.filter(({ licence }) => !isPermissive(licence));
  assert.deepEqual(
    others.filter(({ name, licence }) => !/^(nvidia|cuda)-.* \(Python\)$/.test(name) || !/NVIDIA/.test(licence)),
    [],
  );
  assert.deepEqual(
    [isPermissive('GPL-3.0'), isPermissive('MIT AND GPL-3.0'), isPermissive('GPL-2.0 OR MIT')],
    [false, false, true],
  );
});

test('the holders stand above the text they share', () => {
  const zod = licences.find(({ name }) => name === 'zod');
  assert.match(
    zod?.text ?? '',
    /^Copyright \(c\) \d{4} Colin McDonnell\n\nMIT License|Copyright \(c\)[^]*Permission is hereby granted/,
  );
});
