// Writes resources/licences.json: the licences of everything that is part of the product. Run it after a change of package-lock.json or python-env/locks:
//   node scripts/collect-licences.ts [--python <interpreter of an environment that Forge set up>]
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import type { FoundLicence } from './found-licence.ts';
import { licencesOfPythonLocks } from './python-licences.ts';

const root = path.resolve(import.meta.dirname, '..');
const target = path.join(root, 'resources', 'licences.json');

/** Packages among devDependencies that only build, check or test: nothing of them is in the product. */
const tools = [
  /^@axe-core\//,
  /^@playwright\//,
  /^@types\//,
  /^@vitejs\//,
  /^(ajv|electron-builder|electron-vite|esbuild|fast-check|openai|oxlint|prettier|rollup.*|typescript|vite)$/,
];

interface LockEntry {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

const shortestText = 300;

type Lock = Readonly<Record<string, LockEntry>>;

function readJson<T>(...parts: string[]): T {
  return JSON.parse(readFileSync(path.join(root, ...parts), 'utf8')) as T;
}

/** The lock's key of a dependency, looked for as Node does: beside the package, then further out. */
function resolveIn(lock: Lock, from: string, name: string): string | null {
  for (let place = from; ;) {
    const key = `${place === '' ? '' : `${place}/`}node_modules/${name}`;
    if (lock[key] !== undefined) return key;
    if (place === '') return null;
    const cut = place.lastIndexOf('node_modules/');
    place = cut <= 0 ? '' : place.slice(0, cut - 1);
  }
}

/** What the engine installs, and what is bundled into the window with all it needs. */
function shippedPackages(lock: Lock): readonly string[] {
  const shipped = new Set(Object.keys(lock).filter((key) => key !== '' && lock[key]?.dev !== true));
  const { devDependencies } = readJson<{ devDependencies: Record<string, string> }>('package.json');
  const open = Object.keys(devDependencies)
    .filter((name) => !tools.some((tool) => tool.test(name)))
    .map((name) => `node_modules/${name}`);
  const seen = new Set<string>();
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    const entry = lock[key];
    if (entry === undefined || seen.has(key)) continue;
    seen.add(key);
    // Of Electron the runtime ships, not the package that downloads it.
    if (key === 'node_modules/electron') continue;
    const { dependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = entry;
    const peers = Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional !== true);
    for (const name of [...Object.keys(dependencies), ...peers]) open.push(resolveIn(lock, key, name) ?? '');
  }
  // An optional peer of another package that the product does not use; its build for each system counts as an optional dependency.
  return [...new Set([...shipped, ...seen])].filter((key) => !key.includes('node_modules/@typescript/'));
}

function nameOf(key: string): string {
  return key.slice(key.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

function licenceText(folder: string): string | null {
  if (!existsSync(folder)) return null;
  const names = readdirSync(folder).filter((name) => /^(licen[cs]e|copying|notice)(\W|$)/i.test(name));
  const texts = names.toSorted().map((name) => readFileSync(path.join(folder, name), 'utf8'));
  // Node's text covers npm too, which is not shipped with it here.
  const text = texts.join('\n\n').replace(/^- npm, located at[^]*?(?=^- \w)/m, '');
  // A pointer to somewhere else is no text.
  return text.length < shortestText ? null : text;
}

function licencesOfPackages(): FoundLicence[] {
  const lock = readJson<{ packages: Lock }>('package-lock.json').packages;
  return shippedPackages(lock).map((key) => {
    const { name = nameOf(key), version = '', license = '' } = lock[key] ?? {};
    return { name, version, licence: license.replace(/^\((.*)\)$/, '$1'), text: licenceText(path.join(root, key)) };
  });
}

/** What is shipped without being a package of its own. */
function otherParts(): FoundLicence[] {
  const version = (file: string): string => readFileSync(path.join(root, file), 'utf8').trim();
  const own = readJson<{ version: string }>('package.json');
  const llama = readJson<{ release?: string }>('node_modules', 'node-llama-cpp', 'llama', 'binariesGithubRelease.json');
  return [
    { name: 'Forge', version: own.version, licence: 'Apache-2.0', text: version('LICENSE') },
    { name: 'Node.js', version: process.version.slice(1), licence: 'MIT', text: null },
    { name: 'llama.cpp', version: llama.release ?? '', licence: 'MIT', text: null },
    { name: 'SmolLM2-135M-Instruct (weights)', version: '', licence: 'Apache-2.0', text: null },
  ];
}

interface Split {
  readonly copyright: string;
  readonly text: string;
}

/** Takes the lines that name the holders out of a text, so that the rest is the same for hundreds of packages. */
function splitCopyright(text: string): Split {
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  const isHolder = (line: string): boolean =>
    /^\s*(copyright\s*)?(\(c\)|©|copyright)\s*((\(c\)|©)\s*)?(\d{4}|[A-Z<])/i.test(line) &&
    !/^\s*(\(c\) you|copyright (licen[cs]e|notice|holder|owner|statement|in|and))/i.test(line);
  const rest = lines.filter((line) => !isHolder(line)).map((line) => line.trim());
  return {
    copyright: lines
      .filter(isHolder)
      .map((line) => line.trim())
      .join('\n'),
    text: rest
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim(),
  };
}

/** The commonest text of a licence, for packages that name it without bringing its text. */
function standardTexts(found: readonly FoundLicence[]): ReadonlyMap<string, string> {
  const counts = new Map<string, Map<string, number>>();
  for (const { licence, text } of found) {
    if (text === null) continue;
    const plain = splitCopyright(text).text;
    const of = counts.get(licence) ?? new Map<string, number>();
    counts.set(licence, of.set(plain, (of.get(plain) ?? 0) + 1));
  }
  const commonest = (of: Map<string, number>): string => [...of].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? '';
  return new Map([...counts].map(([licence, of]) => [licence, commonest(of)]));
}

async function writeLicences(found: readonly FoundLicence[]): Promise<void> {
  const standard = standardTexts(found);
  const texts: string[] = [];
  const placeOf = (text: string): number => {
    const known = texts.indexOf(text);
    return known >= 0 ? known : texts.push(text) - 1;
  };
  const entries = new Map<string, object>();
  for (const { name, version, licence, text } of found.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const split = text === null ? { copyright: '', text: standard.get(licence) ?? '' } : splitCopyright(text);
    const { copyright } = split;
    const more = copyright === '' ? {} : { copyright };
    entries.set(`${name} ${version}`, { name, version, licence, ...more, text: placeOf(split.text) });
  }
  const file = JSON.stringify({ v: 1, texts, entries: [...entries.values()] });
  writeFileSync(target, await format(file, { ...(await resolveConfig(target)), parser: 'json' }));
  console.log(`${entries.size} parts, ${texts.length} texts: ${path.relative(root, target)}`);
}

const { values } = parseArgs({ options: { python: { type: 'string' } } });
const ask = (code: string): string =>
  values.python === undefined
    ? '[]'
    : execFileSync(values.python, ['-c', code], { encoding: 'utf8', maxBuffer: 64 * 1_048_576 });
await writeLicences([
  ...licencesOfPackages(),
  ...otherParts(),
  ...licencesOfPythonLocks(path.join(root, 'python-env', 'locks'), ask),
]);
