import type { ComparisonModels } from '../comparisons/comparison-models.ts';
import type { ComparisonService } from '../comparisons/comparison-service.ts';
import type { ProviderService } from '../providers/provider-service.ts';
import { forgeImplementer, type Handlers } from '../transports/forge-router.ts';
import { neverAborted } from './never-aborted.ts';

/** `comparisons.*` and `providers.*`: thin, because the services already speak in contract types. */
export function comparisonHandlers(
  service: ComparisonService,
  models: Pick<ComparisonModels, 'list'>,
  known: ProviderService,
): Handlers<'comparisons' | 'providers'> {
  const { comparisons, providers } = forgeImplementer;
  return {
    comparisons: {
      models: comparisons.models.handler(() => models.list()),
      estimate: comparisons.estimate.handler(({ input }) => service.estimate(input.request)),
      start: comparisons.start.handler(({ input }) => service.start(input.request, input.requestId)),
      ask: comparisons.ask.handler(({ input }) => service.ask(input.id, input.prompt, input.requestId)),
      list: comparisons.list.handler(() => service.list()),
      get: comparisons.get.handler(({ input }) => service.get(input.id)),
      turns: comparisons.turns.handler(({ input }) => service.turns(input.id, input)),
      watch: comparisons.watch.handler(async function* ({ input, signal }) {
        yield* service.watch(input.id, signal ?? neverAborted());
      }),
      stop: comparisons.stop.handler(({ input }) => service.stop(input.id)),
      resume: comparisons.resume.handler(({ input }) => service.resume(input.id)),
      retry: comparisons.retry.handler(({ input }) => service.retry(input.id, input, input.requestId)),
      vote: comparisons.vote.handler(({ input }) => service.vote(input.id, input.turn, input.vote)),
      edit: comparisons.edit.handler(({ input }) => service.edit(input.id, input.turn, input.edited)),
      keep: comparisons.keep.handler(({ input }) => service.keep(input.id, input.turn, input)),
      unkeep: comparisons.unkeep.handler(({ input }) => service.unkeep(input.id, input.turn, input.as)),
      remove: comparisons.remove.handler(({ input }) => service.remove(input.id)),
    },
    providers: {
      list: providers.list.handler(() => known.list()),
      save: providers.save.handler(({ input }) => known.save(input)),
      remove: providers.remove.handler(({ input }) => known.remove(input.id)),
      test: providers.test.handler(({ input }) => known.test(input.id)),
    },
  };
}
