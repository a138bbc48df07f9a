import { createBroadcast } from '../broadcast.ts';
import { forgeImplementer } from '../transports/forge-router.ts';
import type { BaseModelStore } from '#core/base-models/create-base-model-store.ts';
import { neverAborted } from './never-aborted.ts';

interface Progress {
  readonly text: string;
  readonly fraction: number | null;
}

/** `baseModels.*`. */
export function baseModelHandlers(store: BaseModelStore) {
  const { baseModels } = forgeImplementer;
  return {
    baseModels: {
      list: baseModels.list.handler(async () => [...(await store.list())]),
      show: baseModels.show.handler(({ input }) => store.show(input.id)),
      add: baseModels.add.handler(({ input }) => store.add(input.path, input.name)),
      remove: baseModels.remove.handler(async ({ input }) => ({ freedBytes: await store.remove(input.id) })),
      obtain: baseModels.obtain.handler(async function* ({ input, signal }) {
        const broken = new AbortController();
        const progress = createBroadcast<Progress>();
        const reader = progress.subscribe();
        const ended = AbortSignal.any([signal ?? neverAborted(), broken.signal]);
        const work = store
          .obtain(input.id, { signal: ended, report: (line) => progress.send(line) })
          .finally(() => progress.close());
        // The reader's loop may end first; the outcome is awaited below either way.
        work.catch(() => undefined);
        try {
          for await (const { text, fraction } of reader) yield { kind: 'progress' as const, text, fraction };
          const { id } = await work;
          yield { kind: 'done' as const, model: await store.show(id) };
        } finally {
          broken.abort();
        }
      }),
    },
  };
}
