import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from './repository-files.ts';

interface Project {
  readonly compilerOptions?: { readonly types?: readonly string[]; readonly lib?: readonly string[] };
  readonly references?: readonly { readonly path: string }[];
}

interface Layer {
  readonly references: readonly string[];
  /** Ambient types: none keeps Node's names out. */
  readonly types: readonly string[];
  readonly hasDom: boolean;
}

const node = ['node'];

/** Who may import what (docs/architecture.md). native-bridge's reference to core is for types only, which oxlint holds. */
const layers: Readonly<Record<string, Layer>> = {
  contract: { references: [], types: [], hasDom: false },
  core: { references: ['contract'], types: [], hasDom: false },
  'native-bridge': { references: ['contract', 'core'], types: node, hasDom: false },
  engine: { references: ['contract', 'core', 'native-bridge'], types: node, hasDom: false },
  electron: { references: ['contract'], types: node, hasDom: false },
  // The preload alone stands between both worlds.
  'electron/preload': { references: ['contract'], types: node, hasDom: true },
  renderer: { references: ['contract'], types: [], hasDom: true },
  cli: { references: ['contract'], types: node, hasDom: false },
  benchmarks: { references: ['contract'], types: node, hasDom: false },
  scripts: { references: [], types: node, hasDom: false },
};

test('the reference graph of TypeScript is the table of the layers', () => {
  const found = Object.fromEntries(
    Object.keys(layers).map((folder) => {
      const { references = [], compilerOptions = {} } = readProject(folder);
      const { types = ['everything that is installed'], lib = [] } = compilerOptions;
      const layer: Layer = {
        references: references.map((reference) => path.posix.join(folder, reference.path)).sort(),
        types,
        hasDom: lib.some((name) => name.startsWith('dom')),
      };
      return [folder, layer];
    }),
  );
  assert.deepEqual(found, layers);
});

test('the root builds every folder that has a project, and nothing escapes into one without', () => {
  const built = (readProject('.').references ?? []).map((reference) => path.posix.normalize(reference.path)).sort();
  const existing = [...Object.keys(layers), 'tests'].filter((folder) => existsSync(projectFile(folder))).sort();
  assert.deepEqual(built, existing);
});

test('the base turns the strict options on and lib.dom off', () => {
  const options = JSON.parse(readFileSync(path.join(repositoryRoot, 'tsconfig.base.json'), 'utf8')) as {
    compilerOptions: Record<string, unknown>;
  };
  const strict = [
    'strict',
    'noUncheckedIndexedAccess',
    'exactOptionalPropertyTypes',
    'erasableSyntaxOnly',
    'verbatimModuleSyntax',
  ];
  assert.deepEqual(
    strict.filter((name) => options.compilerOptions[name] !== true),
    [],
  );
  assert.deepEqual(options.compilerOptions['lib'], ['es2024']);
});

function readProject(folder: string): Project {
  return JSON.parse(readFileSync(projectFile(folder), 'utf8')) as Project;
}

function projectFile(folder: string): string {
  return path.join(repositoryRoot, folder, 'tsconfig.json');
}
