// Packs the desktop window into dist/packed: `node scripts/release/pack-desktop.ts [--runtime DIR] [--out DIR]`. `--runtime` is a folder that holds
// an Electron runtime; without it electron-builder fetches one, and makes the installers of this system.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build, Platform, type Configuration } from 'electron-builder';
import { repositoryRoot } from '../renderer-bundle.ts';
import { bundledPackages } from './packed-packages.ts';

export interface DesktopPacking {
  readonly out: string;
  /** Null: fetch the runtime and make installers; a folder: pack into a folder around it, offline. */
  readonly runtime: string | null;
  /** Fuses are burnt into a real runtime only. */
  readonly burnsFuses: boolean;
}

/** Runs electron-builder with `electron-builder.yml` on what `build-desktop.ts` and `build-renderer.ts` have built. */
export async function packDesktop({ out, runtime, burnsFuses }: DesktopPacking): Promise<void> {
  const leftOut = (await bundledPackages()).map((name) => `!node_modules/${name}/**`);
  const config: Configuration = {
    extends: path.join(repositoryRoot, 'electron-builder.yml'),
    directories: { output: out, buildResources: path.join(repositoryRoot, 'resources') },
    files: leftOut,
    ...(runtime === null ? {} : { electronDist: runtime }),
    ...(burnsFuses ? {} : { electronFuses: null }),
  };
  await build({
    projectDir: repositoryRoot,
    targets: Platform.current().createTarget(runtime === null ? undefined : 'dir'),
    publish: 'never',
    config,
  });
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      runtime: { type: 'string' },
      out: { type: 'string', default: path.join(repositoryRoot, 'dist', 'packed') },
    },
  });
  const runtime = values.runtime === undefined ? null : path.resolve(values.runtime);
  await packDesktop({ out: path.resolve(values.out), runtime, burnsFuses: true });
}
