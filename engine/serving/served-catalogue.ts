import { isDeepStrictEqual } from 'node:util';
import type { ServedFamily } from '#contract/serving-state.ts';
import type { ServedModel } from '#contract/serving.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { ModelRegistry } from '../models/model-registry.ts';

export interface ServedNames {
  readonly models: readonly ServedModel[];
  readonly families: readonly ServedFamily[];
}

/** What can be served, read from the disk at most now and then: it is asked for at every request and for every view. */
export interface ServedCatalogue {
  /** The same object as before when nothing changed. */
  read(): Promise<ServedNames>;
  /** Something changed: the next `read` looks again. */
  forget(): void;
}

/** What changes behind Forge's back (a folder moved away) is seen after this long. */
const believedForMs = 5_000;

export function createServedCatalogue(
  registry: Pick<ModelRegistry, 'servable' | 'families'>,
  clock: Pick<Clock, 'monotonicMs'>,
): ServedCatalogue {
  let latest: ServedNames | null = null;
  let reading: { readonly names: Promise<ServedNames>; readonly sinceMs: number } | null = null;
  const look = async (): Promise<ServedNames> => {
    const [models, families] = await Promise.all([registry.servable(), registry.families()]);
    const names = {
      models: models.toSorted((a, b) => a.name.localeCompare(b.name)),
      families: families.toSorted((a, b) => a.name.localeCompare(b.name)),
    };
    if (latest === null || !isDeepStrictEqual(latest, names)) latest = names;
    return latest;
  };
  return {
    async read() {
      const nowMs = clock.monotonicMs();
      if (reading === null || nowMs - reading.sinceMs > believedForMs) reading = { names: look(), sinceMs: nowMs };
      const mine = reading;
      try {
        return await mine.names;
      } catch (error) {
        if (reading === mine) reading = null;
        throw error;
      }
    },
    forget() {
      reading = null;
    },
  };
}
