import { access, constants, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeFolders } from '#native-bridge/files/make-folders.ts';
import { homeError } from './error-data.ts';
import type { HomeLayout } from './home-layout.ts';

/**
 * Makes the folders of a home and proves that they can be written, before anything else touches them.
 * @throws ForgeError `engine.home-not-writable`, `engine.disk-full`
 */
export async function prepareHome(layout: HomeLayout): Promise<void> {
  try {
    await makeFolders(layout.home, 0o700);
    await access(layout.home, constants.R_OK | constants.W_OK | constants.X_OK);
    for (const folder of [layout.runs, layout.models, layout.baseModels, layout.logs])
      await mkdir(folder, { recursive: true });
    // Access rights alone do not tell of a read-only or full file system: one real file does.
    const proof = path.join(layout.home, `.write-check-${process.pid}`);
    await writeFile(proof, 'Forge\n').finally(() => rm(proof, { force: true }));
  } catch (error) {
    throw homeError(error, layout.home);
  }
}
