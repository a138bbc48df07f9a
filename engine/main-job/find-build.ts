import path from 'node:path';
import type { BuildFile } from '#contract/build-file.ts';
import type { MainJobRequest } from '#contract/main-job.ts';
import { isBarren, nameFromFile, newBuild } from '#core/main-job/build.ts';
import { checkDatasetFile } from '#native-bridge/files/dataset-source.ts';
import { digestOf, type BuildStore } from './build-store.ts';
import type { MainJobServices } from './services.ts';
import { datasetFingerprint, shippedDataset } from './shipped-dataset.ts';

export interface BuildSearch {
  readonly services: MainJobServices;
  readonly store: BuildStore;
  readonly isActive: (id: string) => boolean;
}

/**
 * The version that a request means: the one of the same request, or a new one, which is written.
 * @throws ForgeError `dataset.*`, `base-model.*` for what cannot be used, before anything is written
 */
export async function findOrCreate(
  given: MainJobRequest,
  { services, store, isActive }: BuildSearch,
): Promise<BuildFile> {
  const request = await completeRequest(given, services);
  const { name = 'model', ...settings } = request;
  const requestDigest = digestOf({ ...settings, dataset: await datasetFingerprint(request, services.appDirectory) });
  const versions = await store.versions(name);
  let newest: BuildFile | null = null;
  for (const version of [...versions].reverse()) {
    const build = await store.load(name, version).catch(() => null);
    if (build?.requestDigest === requestDigest) return build;
    if (version === versions.at(-1)) newest = build;
  }
  // A version that came to nothing (a refused dataset, an unknown base) leaves its number to the corrected try.
  const isFree = newest !== null && isBarren(newest) && !isActive(newest.id);
  const version = (versions.at(-1) ?? 0) + (isFree ? 0 : 1);
  const now = services.clock.nowMs();
  const build = newBuild({ id: `${name}-v${version}`, name, version, request, requestDigest, now });
  await store.save(build);
  return build;
}

/** Fills in what the person left out and refuses what cannot be meant, before anything is written. */
async function completeRequest(given: MainJobRequest, services: MainJobServices): Promise<MainJobRequest> {
  if (given.base !== undefined) await services.checkBase(given.base);
  if (given.dataset === undefined) {
    const shipped = await shippedDataset(services.appDirectory);
    return { ...given, name: given.name ?? shipped.name, heldOutRows: given.heldOutRows ?? shipped.heldOutRows };
  }
  await checkDatasetFile(given.dataset);
  return { ...given, name: given.name ?? nameFromFile(path.basename(given.dataset)) };
}
