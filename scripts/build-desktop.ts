// Bundles what the desktop shell runs: `node scripts/build-desktop.ts`. Electron is not needed for it.
import path from 'node:path';
import { build, type InlineConfig } from 'vite';
import { repositoryRoot } from './renderer-bundle.ts';

export const desktopOutput = path.join(repositoryRoot, 'dist', 'desktop');

/** What stays outside of the bundles: Electron's own module, natives and what loads files beside itself. */
const external = [
  /^node:/,
  'electron',
  'better-sqlite3',
  'node-pty',
  'node-llama-cpp',
  'systeminformation',
  'ws',
  /^@huggingface\/jinja/,
];

const folders = ['contract', 'core', 'native-bridge', 'engine'];
const alias = folders.map((folder) => ({
  find: new RegExp(`^#${folder}/`),
  replacement: `${path.join(repositoryRoot, folder)}/`,
}));

interface Bundle {
  readonly name: string;
  readonly entry: string;
  readonly format: 'es' | 'cjs';
}

const bundles: readonly Bundle[] = [
  { name: 'main.mjs', entry: 'electron/main/main.ts', format: 'es' },
  // The sandbox loads one CommonJS file and nothing beside it.
  { name: 'preload.cjs', entry: 'electron/preload/preload.ts', format: 'cjs' },
  { name: 'engine.mjs', entry: 'engine/main.utility.ts', format: 'es' },
  { name: 'reading-thread.mjs', entry: 'engine/datasets/reading-thread.ts', format: 'es' },
  { name: 'job-host.mjs', entry: 'engine/desktop/job-host.utility.ts', format: 'es' },
  { name: 'model.mjs', entry: 'engine/desktop/model.utility.ts', format: 'es' },
];

function configurationOf({ name, entry, format }: Bundle): InlineConfig {
  return {
    configFile: false,
    root: repositoryRoot,
    publicDir: false,
    logLevel: 'warn',
    resolve: { alias },
    ssr: { noExternal: true, external: external.filter((item) => typeof item === 'string') },
    build: {
      ssr: path.join(repositoryRoot, entry),
      outDir: desktopOutput,
      emptyOutDir: false,
      target: 'node24',
      rolldownOptions: {
        external,
        output: {
          format,
          entryFileNames: name,
          codeSplitting: false,
          // Half the size; names stay, so that a stack in a log can be read.
          minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
        },
      },
    },
  };
}

for (const bundle of bundles) await build(configurationOf(bundle));
