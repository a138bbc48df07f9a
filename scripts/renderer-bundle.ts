import path from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import type { InlineConfig } from 'vite';

export const repositoryRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Where the built window lies; the engine serves this folder and the desktop shell packs it. */
export const rendererOutput = path.join(repositoryRoot, 'dist', 'renderer');

/** How the window is bundled, for every face: relative addresses, so that HTTP and the desktop shell's protocol both serve it. */
export function rendererBundle(outDir = rendererOutput): InlineConfig {
  return {
    configFile: false,
    root: path.join(repositoryRoot, 'renderer'),
    base: './',
    publicDir: false,
    plugins: [react()],
    resolve: { alias: [{ find: /^#contract\//, replacement: `${path.join(repositoryRoot, 'contract')}/` }] },
    logLevel: 'warn',
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2024',
      minify: 'oxc',
      // Workers and fonts stay files: `data:` scripts are refused by the Content-Security-Policy.
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 6_000,
      manifest: true,
      rolldownOptions: {
        // One file for all that the first page needs: thirty small ones cost a cold start more than their bytes.
        output: { codeSplitting: { groups: [{ name: 'start', tags: ['$initial'] }] } },
      },
    },
    worker: { format: 'es' },
  };
}
