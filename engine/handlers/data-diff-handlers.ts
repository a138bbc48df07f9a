import type { DiffService } from '../foundry/diff/diff-service.ts';
import { forgeImplementer, type Handlers } from '../transports/forge-router.ts';

/** `dataDiffs.*`. */
export function dataDiffHandlers(diffs: DiffService): Handlers<'dataDiffs'> {
  const { dataDiffs } = forgeImplementer;
  return {
    dataDiffs: {
      start: dataDiffs.start.handler(({ input }) => diffs.start(input)),
      report: dataDiffs.report.handler(({ input }) => diffs.report(input)),
      page: dataDiffs.page.handler(({ input }) => diffs.page(input)),
    },
  };
}
