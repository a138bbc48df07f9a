import { progressEvents } from '../progress-events.ts';
import { forgeImplementer, type Handlers } from '../transports/forge-router.ts';
import type { BaseModelStore } from '#core/base-models/create-base-model-store.ts';

interface Progress {
  readonly text: string;
  readonly fraction: number | null;
}

/** `baseModels.*`. */
export function baseModelHandlers(store: BaseModelStore): Handlers<'baseModels'> {
  const { baseModels } = forgeImplementer;
  return {
    baseModels: {
      list: baseModels.list.handler(async () => [...(await store.list())]),
      show: baseModels.show.handler(({ input }) => store.show(input.id)),
      add: baseModels.add.handler(({ input }) => store.add(input.path, input.name)),
      remove: baseModels.remove.handler(async ({ input }) => ({ freedBytes: await store.remove(input.id) })),
      obtain: baseModels.obtain.handler(async function* ({ input, signal }) {
        const events = progressEvents<Progress, string>(
          signal,
          async (call) => (await store.obtain(input.id, call)).id,
        );
        for await (const event of events) {
          if ('progress' in event) yield { kind: 'progress' as const, ...event.progress };
          else yield { kind: 'done' as const, model: await store.show(event.outcome) };
        }
      }),
    },
  };
}
