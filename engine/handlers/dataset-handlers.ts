import type { DatasetService } from '../datasets/dataset-service.ts';
import type { ObtainedDataset } from '../datasets/obtain-dataset.ts';
import type { DraftService } from '../drafts/draft-service.ts';
import { progressEvents } from '../progress-events.ts';
import { forgeImplementer, type Handlers } from '../transports/forge-router.ts';

interface Progress {
  readonly text: string;
  readonly fraction: number | null;
}

/** `datasets.*`, `drafts.*`. */
export function datasetHandlers(service: DatasetService, drafts: DraftService): Handlers<'datasets' | 'drafts'> {
  const { datasets: data, drafts: half } = forgeImplementer;
  return {
    datasets: {
      list: data.list.handler(() => service.list()),
      obtain: data.obtain.handler(async function* ({ input, signal }) {
        const events = progressEvents<Progress, ObtainedDataset>(signal, (call) => service.obtain(input.source, call));
        for await (const event of events) {
          if ('progress' in event) yield { kind: 'progress' as const, ...event.progress };
          else yield { kind: 'done' as const, ...event.outcome };
        }
      }),
      inspect: data.inspect.handler(({ input, signal }) => service.inspect(input, signal)),
      showRow: data.showRow.handler(({ input, signal }) => service.showRow(input, signal)),
      remove: data.remove.handler(async ({ input }) => ({ freedBytes: await service.remove(input.path) })),
    },
    drafts: {
      list: half.list.handler(() => drafts.list()),
      save: half.save.handler(({ input }) => drafts.save(input.draft)),
      remove: half.remove.handler(async ({ input }) => ({ removed: await drafts.remove(input.id) })),
    },
  };
}
