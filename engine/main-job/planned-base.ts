import { access } from 'node:fs/promises';
import path from 'node:path';
import type { BaseModelStore } from '#core/base-models/create-base-model-store.ts';
import type { HomeLayout } from '../home-layout.ts';
import type { PlannedBase } from './plan-preview.ts';

export interface PlannedBaseOptions {
  readonly bases: Pick<BaseModelStore, 'facts' | 'show'>;
  readonly layout: Pick<HomeLayout, 'baseModel'>;
}

/** What planning needs to know of a base, without fetching it. @throws ForgeError base-model.* */
export async function describePlannedBase(
  base: string | undefined,
  { bases, layout }: PlannedBaseOptions,
): Promise<PlannedBase> {
  const { id, facts } = await bases.facts(base);
  const { name, state, sizeBytes } = await bases.show(base ?? id);
  const isHere = state === 'ready';
  const isPrepared = await access(path.join(layout.baseModel(id), 'prepared.json')).then(
    () => true,
    () => false,
  );
  return { id, name, isHere, facts, downloadBytes: isHere ? 0 : (sizeBytes ?? 0), isPrepared };
}
