import path from 'node:path';
import { build } from 'vite';
import { inRepository } from '../harness/places.ts';

const made = new Map<string, Promise<string>>();

/** A script of `window/page/` with all it imports, as one text that a page can run. */
export function pageScript(name: 'watch' | 'wire'): Promise<string> {
  const known = made.get(name) ?? bundle(path.join(import.meta.dirname, 'page', `${name}.ts`));
  made.set(name, known);
  return known;
}

async function bundle(entry: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    resolve: { alias: [{ find: /^#contract\//, replacement: `${inRepository('contract')}/` }] },
    build: {
      write: false,
      target: 'es2024',
      minify: 'oxc',
      lib: { entry, formats: ['iife'], name: 'forgeBenchmark' },
    },
  });
  const [output] = Array.isArray(built) ? built : [built];
  const chunk = output !== undefined && 'output' in output ? output.output[0] : undefined;
  if (chunk === undefined) throw new Error(`${entry} gave no script.`);
  return chunk.code;
}
