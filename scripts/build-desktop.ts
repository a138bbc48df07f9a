// Bundles what the desktop shell runs: `node scripts/build-desktop.ts`. Electron is not needed for it.
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
  { name: 'engine.mjs', entry: 'engine/main.utility.ts', format: 'es' },
  { name: 'reading-thread.mjs', entry: 'engine/datasets/reading-thread.ts', format: 'es' },
  { name: 'foundry-thread.mjs', entry: 'engine/foundry/foundry-thread.ts', format: 'es' },
  { name: 'document-thread.mjs', entry: 'engine/foundry/documents/document-thread.ts', format: 'es' },
  { name: 'pages-thread.mjs', entry: 'engine/foundry/pages-thread.ts', format: 'es' },
  { name: 'job-host.mjs', entry: 'engine/desktop/job-host.utility.ts', format: 'es' },
  { name: 'model.mjs', entry: 'engine/desktop/model.utility.ts', format: 'es', servesModels: true },
];

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
          // A third of the size; names of functions and classes stay, so that a stack in a log can be read.
          minify: { compress: true, mangle: { keepNames: true }, codegen: { removeWhitespace: true } },
        },
      },
    },
  };
}

for (const bundle of bundles) await build(configurationOf(bundle));
