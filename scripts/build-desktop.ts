// Bundles what the desktop shell runs: `node scripts/build-desktop.ts`. Electron is not needed for it.
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { build, type InlineConfig } from 'vite';
import { bundledLlama, llamaPackages } from './bundled-llama.ts';
import { unbundledPackages } from './release/packed-packages.ts';
import { repositoryRoot } from './renderer-bundle.ts';

export const desktopOutput = path.join(repositoryRoot, 'dist', 'desktop');

/** What stays outside of the bundles: Electron's own module, natives and what loads files beside itself. */
const external = [/^node:/, 'electron', ...unbundledPackages, /^@(node-llama-cpp|reflink)\//];

const folders = ['contract', 'core', 'native-bridge', 'engine'];
const alias = folders.map((folder) => ({
  find: new RegExp(`^#${folder}/`),
  replacement: `${path.join(repositoryRoot, folder)}/`,
}));

interface Bundle {
  readonly name: string;
  readonly entry: string;
  readonly format: 'es' | 'cjs';
  readonly servesModels?: boolean;
}

const bundles: readonly Bundle[] = [
  { name: 'main.mjs', entry: 'electron/main/main.ts', format: 'es' },
  // The sandbox loads one CommonJS file and nothing beside it.
  { name: 'preload.cjs', entry: 'electron/preload/preload.ts', format: 'cjs' },
  { name: 'job-host.mjs', entry: 'engine/desktop/job-host.utility.ts', format: 'es' },
  { name: 'model.mjs', entry: 'engine/desktop/model.utility.ts', format: 'es', servesModels: true },
];

/** The engine and its threads share most of their code: they are bundled together, and what several need is one file of its own. */
const engineEntries = {
  engine: 'engine/main.utility.ts',
  'reading-thread': 'engine/datasets/reading-thread.ts',
  'foundry-thread': 'engine/foundry/foundry-thread.ts',
  'document-thread': 'engine/foundry/documents/document-thread.ts',
  'pages-thread': 'engine/foundry/pages-thread.ts',
};

/** A third of the size. Nothing in the code asks for the name of a class or function. */
const minify = { compress: true, mangle: true, codegen: { removeWhitespace: true } } as const;

function engineConfiguration(): InlineConfig {
  const input = Object.fromEntries(
    Object.entries(engineEntries).map(([name, entry]) => [name, path.join(repositoryRoot, entry)]),
  );
  const base = configurationOf({ name: '', entry: engineEntries.engine, format: 'es' });
  const output = { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: 'shared-[hash].mjs', minify } as const;
  return { ...base, build: { ...base.build, ssr: true, rolldownOptions: { external, input, output } } };
}

function configurationOf({ name, entry, format, servesModels = false }: Bundle): InlineConfig {
  return {
    configFile: false,
    root: repositoryRoot,
    publicDir: false,
    logLevel: 'warn',
    plugins: servesModels ? [bundledLlama()] : [],
    resolve: { alias },
    ssr: { noExternal: true, external: external.filter((item) => typeof item === 'string') },
    build: {
      ssr: path.join(repositoryRoot, entry),
      outDir: desktopOutput,
      emptyOutDir: false,
      target: 'node24',
      rolldownOptions: {
        external,
        ...(servesModels ? { treeshake: { moduleSideEffects: [{ test: llamaPackages, sideEffects: false }] } } : {}),
        output: {
          format,
          entryFileNames: name,
          codeSplitting: false,
          minify,
        },
      },
    },
  };
}

// Shared files have a digest in their name: those of an earlier build would stay.
await rm(desktopOutput, { recursive: true, force: true });
for (const bundle of bundles) await build(configurationOf(bundle));
await build(engineConfiguration());
