import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { z } from 'zod';
import { inRepository } from '../harness/places.ts';
import { runToSuccess } from '../harness/run-process.ts';

/** Where `scripts/build-renderer.ts` puts the window. */
export const windowFolder = inRepository('dist', 'renderer');
const builder = inRepository('scripts', 'build-renderer.ts');
const buildTimeoutMs = 5 * 60_000;

const files = z.array(z.string()).default([]);
/** The part of Vite's manifest that is read: one entry for each chunk and asset, by its source. */
const manifest = z.record(
  z.string(),
  z.object({ file: z.string(), imports: files, dynamicImports: files, css: files, assets: files }),
);
export type Manifest = z.infer<typeof manifest>;

/** Builds the window if its sources changed. Returns the seconds it took. */
export async function buildWindow({ force = false } = {}): Promise<number> {
  const end = await runToSuccess(process.execPath, [builder, ...(force ? ['--force'] : [])], {
    timeoutMs: buildTimeoutMs,
  });
  return end.seconds;
}

export async function readManifest(): Promise<Manifest> {
  return manifest.parse(JSON.parse(await readFile(path.join(windowFolder, '.vite', 'manifest.json'), 'utf8')));
}

/** Sources of everything that is loaded with `source` without being asked for: itself and its static imports, of these again. */
export function loadedWith(found: Manifest, source: string): ReadonlySet<string> {
  const loaded = new Set([source]);
  // The set grows while it is walked: imports of imports come in too.
  for (const each of loaded) for (const imported of chunkOf(found, each).imports) loaded.add(imported);
  return loaded;
}

/** A chunk by its source. Throws when the window was built without it. */
export function chunkOf(found: Manifest, source: string): Manifest[string] {
  const chunk = found[source];
  if (chunk === undefined) throw new Error(`The built window has no ${source}.`);
  return chunk;
}

/** Bytes of these files of the window, each compressed by itself as a server would. */
export async function gzipBytes(names: Iterable<string>): Promise<number> {
  let bytes = 0;
  for (const name of names) {
    const file = path.join(windowFolder, name);
    if (!existsSync(file)) throw new Error(`The built window lacks ${name}.`);
    bytes += gzipSync(await readFile(file)).length;
  }
  return bytes;
}
