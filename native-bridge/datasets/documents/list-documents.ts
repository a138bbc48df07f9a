import { open, readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { ForgeError } from '#contract/errors.ts';
import type { IgnoreRules } from '#core/foundry/documents/ignore-rules.ts';
import { documentKindOf, type DocumentKind } from './document-kinds.ts';
import { licenceIn } from './licence-file.ts';

export interface FoundDocument {
  readonly path: string;
  /** Path below the place that was named, with slashes. */
  readonly name: string;
  readonly kind: DocumentKind;
  /** SPDX id of the licence file of the folder that was named, where it is a known one. */
  readonly licence: string | null;
  /** Files of one code repository are one leak group; other documents are one each. */
  readonly repository: string | null;
}

export interface DocumentList {
  readonly documents: readonly FoundDocument[];
  /** What was left out, and why; at most 100. */
  readonly ignored: readonly { readonly name: string; readonly reason: string }[];
  readonly ignoredCount: number;
}

const deepestFolder = 32;
const mostDocuments = 100_000;
const mostIgnored = 100;
const largestIgnoreFile = 1_048_576;
const headBytes = 2_048;

/** Folders of other people's work, or of what programs make. */
const vendored = new Set([
  ...['node_modules', 'bower_components', 'vendor', 'third_party', 'third-party', 'site-packages', '__pycache__'],
  ...['dist', 'build', 'out', 'target', 'coverage', '.git', '.hg', '.svn', '.venv', 'venv', '.tox', '.next', '.cache'],
]);
const generatedName =
  /\.min\.(js|css)$|\.bundle\.js$|[._-](pb|pb2|generated|g)\.(go|py|ts|js|cs|dart)$|_pb2(_grpc)?\.py$/i;
const generatedHead =
  /@generated|code generated .{0,80}do not edit|auto-?generated (by|file)|do not (edit|modify).{0,40}generated/i;

interface Level {
  readonly folder: string;
  readonly depth: number;
  /** Rules of the folders above, nearest last, with the folder each lies in. */
  readonly rules: readonly { readonly folder: string; readonly fits: IgnoreRules }[];
}

interface Walk {
  readonly parseRules: (text: string) => IgnoreRules;
  readonly root: string;
  readonly licence: string | null;
  readonly repository: string | null;
  readonly documents: FoundDocument[];
  readonly ignored: { name: string; reason: string }[];
  ignoredCount: number;
}

function below(root: string, place: string): string {
  return path.relative(root, place).split(path.sep).join('/');
}

function ignore(walk: Walk, place: string, reason: string): void {
  walk.ignoredCount += 1;
  if (walk.ignored.length < mostIgnored) walk.ignored.push({ name: below(walk.root, place), reason });
}

function isIgnored({ rules }: Level, place: string, isFolder: boolean): boolean {
  for (const { folder, fits } of rules.toReversed()) {
    const decided = fits(below(folder, place), isFolder);
    if (decided !== null) return decided === 'ignored';
  }
  return false;
}

async function rulesIn(walk: Walk, folder: string): Promise<Level['rules']> {
  const file = path.join(folder, '.gitignore');
  const found = await stat(file).catch(() => null);
  if (found === null || !found.isFile() || found.size > largestIgnoreFile) return [];
  return [{ folder, fits: walk.parseRules(await readFile(file, 'utf8')) }];
}

async function headOf(file: string): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function reasonAgainst(file: string, kind: DocumentKind): Promise<string | null> {
  if (generatedName.test(file)) return 'a program made it';
  if (kind !== 'code') return null;
  const head = await headOf(file);
  if (head.includes(0)) return 'it is not a text file';
  return generatedHead.test(head.toString('latin1')) ? 'a program made it' : null;
}

async function addFile(walk: Walk, file: string): Promise<void> {
  const kind = documentKindOf(file);
  if (kind === null) return ignore(walk, file, 'it is no kind of document that is read');
  const real = await realpath(file).catch(() => null);
  const isOutside = real === null || (real !== walk.root && !real.startsWith(walk.root + path.sep));
  if (isOutside) return ignore(walk, file, 'it is a link to a place outside the folder');
  if (!(await stat(real)).isFile()) return ignore(walk, file, 'it is not an ordinary file');
  const reason = await reasonAgainst(file, kind).catch(() => 'it could not be opened');
  if (reason !== null) return ignore(walk, file, reason);
  if (walk.documents.length >= mostDocuments)
    throw new ForgeError('dataset.too-large', {
      path: walk.root,
      size: 'too many files',
      limit: `${mostDocuments} files`,
    });
  const name = file === walk.root ? path.basename(file) : below(walk.root, file);
  walk.documents.push({ path: file, name, kind, licence: walk.licence, repository: walk.repository });
}

async function walkFolder(walk: Walk, level: Level): Promise<void> {
  if (level.depth > deepestFolder) return ignore(walk, level.folder, 'it lies too deep');
  const entries = await readdir(level.folder, { withFileTypes: true }).catch(() => null);
  if (entries === null) return ignore(walk, level.folder, 'it could not be opened');
  const here = { ...level, rules: [...level.rules, ...(await rulesIn(walk, level.folder))] };
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const place = path.join(level.folder, entry.name);
    if (isIgnored(here, place, entry.isDirectory())) ignore(walk, place, '.gitignore names it');
    else if (entry.isDirectory()) {
      if (vendored.has(entry.name)) ignore(walk, place, 'it holds work of others, or what programs make');
      else await walkFolder(walk, { ...here, folder: place, depth: level.depth + 1 });
    } else if (!entry.name.startsWith('.')) await addFile(walk, place);
  }
}

/** A folder that git, or a build, knows as one project. */
async function isRepository(root: string): Promise<boolean> {
  const signs = ['.git', 'package.json', 'pyproject.toml', 'Cargo.toml', 'go.mod', 'pom.xml'];
  const found = await Promise.all(signs.map((name) => stat(path.join(root, name)).catch(() => null)));
  return found.some((sign) => sign !== null);
}

/**
 * Documents at a place: a file, or a folder with what lies below it. `.gitignore` is respected, vendored, generated and binary files stay out, links that lead
 * out of the folder are not followed.
 * @throws ForgeError dataset.not-found, dataset.too-large
 */
export async function listDocuments(place: string, parseRules: (text: string) => IgnoreRules): Promise<DocumentList> {
  const root = await realpath(place).catch((error: unknown) => {
    throw new ForgeError('dataset.not-found', { path: place }, { cause: error });
  });
  const isFolder = (await stat(root)).isDirectory();
  const walk: Walk = {
    ...{ root, parseRules, documents: [], ignored: [], ignoredCount: 0 },
    licence: isFolder ? await licenceIn(root) : null,
    repository: isFolder && (await isRepository(root)) ? path.basename(root) : null,
  };
  if (isFolder) await walkFolder(walk, { folder: root, depth: 0, rules: [] });
  else await addFile(walk, root);
  return walk;
}
