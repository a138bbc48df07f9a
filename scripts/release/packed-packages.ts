import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { repositoryRoot } from '../renderer-bundle.ts';

/** Packages that stay outside of the desktop bundles: natives, and what loads files beside itself (scripts/build-desktop.ts). */
export const unbundledPackages = ['better-sqlite3', 'node-pty', 'systeminformation', 'ws'] as const;

/** Prebuilt libraries of llama.cpp: one package a system, electron-builder.yml leaves out those of others. */
const isLlamaLibrary = (name: string): boolean => name.startsWith('@node-llama-cpp/');

const names = z.record(z.string(), z.string()).default({});
const lockedPackages = z.object({
  packages: z.record(
    z.string(),
    z.object({ dev: z.boolean().default(false), dependencies: names, optionalDependencies: names }),
  ),
});

/** Production packages of the lockfile that no unbundled one needs: their code is in the bundles already. */
export async function bundledPackages(): Promise<string[]> {
  const lock = await readFile(path.join(repositoryRoot, 'package-lock.json'), 'utf8');
  const { packages } = lockedPackages.parse(JSON.parse(lock));
  const needed = new Set<string>();
  const waiting: string[] = [...unbundledPackages];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const found = packages[`node_modules/${name}`];
    if (needed.has(name) || found === undefined) continue;
    needed.add(name);
    waiting.push(...Object.keys(found.dependencies), ...Object.keys(found.optionalDependencies));
    // A nested copy has needs of its own.
    for (const [place, nested] of Object.entries(packages))
      if (place.startsWith(`node_modules/${name}/node_modules/`)) waiting.push(...Object.keys(nested.dependencies));
  }
  // Nested ones too: the packer lays them beside the others.
  const found = Object.entries(packages).flatMap(([place, { dev }]) => {
    const name = /node_modules\/((@[^/]+\/)?[^/]+)$/.exec(place)?.[1];
    return dev || name === undefined || needed.has(name) || isLlamaLibrary(name) ? [] : [name];
  });
  return [...new Set(found)].sort();
}
