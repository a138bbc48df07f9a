// Builds the window when its sources changed since the last build: `node scripts/build-renderer.ts [--force]`.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { glob, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { rendererBundle, rendererOutput, repositoryRoot } from './renderer-bundle.ts';

const stampName = '.sources';

/** A digest of everything the bundle is made of. */
async function sourcesDigest(): Promise<string> {
  const hash = createHash('sha256');
  const patterns = [
    'renderer/**/*.{ts,tsx,css,html,svg}',
    'contract/**/*.ts',
    'scripts/renderer-bundle.ts',
    'package-lock.json',
  ];
  const files: string[] = [];
  for await (const file of glob(patterns, { cwd: repositoryRoot })) if (!file.endsWith('.test.ts')) files.push(file);
  for (const file of files.sort()) {
    hash.update(`${file}\0`).update(await readFile(path.join(repositoryRoot, file)));
  }
  return hash.digest('hex');
}

/** Built aside and moved in whole: two builds at once, or an engine that serves the old one, never see half of it. */
async function buildInto(folder: string, digest: string): Promise<void> {
  const aside = `${folder}.${process.pid}`;
  const { build } = await import('vite');
  await build(rendererBundle(aside));
  await writeFile(path.join(aside, stampName), digest);
  await rm(folder, { recursive: true, force: true });
  try {
    await rename(aside, folder);
  } catch (error) {
    // Another build of the same sources came in between; its window is as good.
    if (!existsSync(path.join(folder, stampName))) throw error;
    await rm(aside, { recursive: true, force: true });
  }
}

const digest = await sourcesDigest();
const built = await readFile(path.join(rendererOutput, stampName), 'utf8').catch(() => '');
if (built !== digest || process.argv.includes('--force')) {
  const started = performance.now();
  process.stderr.write('Building the window ...\n');
  await buildInto(rendererOutput, digest);
  process.stderr.write(`Window built in ${((performance.now() - started) / 1000).toFixed(1)} s.\n`);
}
