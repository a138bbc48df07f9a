import path from 'node:path';
import type { BuildFile } from '#contract/build-file.ts';
import type { VersionReference, VersionUse } from '#contract/dataset-versions.ts';
import { ForgeError } from '#contract/errors.ts';
import { z } from 'zod';
import type { BuildStore } from '../main-job/build-store.ts';

/** Which models learned from a dataset version. */
export interface VersionUses {
  /** The newest first. */
  of(reference: VersionReference): Promise<VersionUse[]>;
  /** @throws ForgeError foundry.version-used while a model is being made of it */
  requireFree(reference: VersionReference): Promise<void>;
}

const learned = z.object({ version: z.object({ name: z.string(), version: z.number() }) });

function isOf({ request, steps }: BuildFile, { name, version }: VersionReference): boolean {
  const output = learned.safeParse(steps.dataset?.output);
  if (output.success) return output.data.version.name === name && output.data.version.version === version;
  // Before its first step is over a main job says only what it was asked for.
  const { dataset } = request;
  return dataset !== undefined && dataset.endsWith(path.join('datasets', name, `v${version}`, 'rows.jsonl'));
}

export function createVersionUses(builds: Pick<BuildStore, 'list'>): VersionUses {
  const of = async (reference: VersionReference): Promise<VersionUse[]> => {
    const all = (await builds.list()).builds.filter((build) => isOf(build, reference));
    return all.map(({ name, version, state }) => ({
      ...{ model: name, version },
      isBeingMade: state === 'waiting' || state === 'running',
    }));
  };
  return {
    of,
    async requireFree(reference) {
      const made = (await of(reference)).find(({ isBeingMade }) => isBeingMade);
      if (made === undefined) return;
      const { name, version } = reference;
      throw new ForgeError('foundry.version-used', { name, version, model: `${made.model}:v${made.version}` });
    },
  };
}
