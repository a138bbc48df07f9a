import type { MainJobService } from '../main-job/main-job-service.ts';
import type { PlanPreview } from '../main-job/plan-preview.ts';
import { forgeImplementer } from '../transports/forge-router.ts';
import { neverAborted } from './never-aborted.ts';

/** `mainJobs.*`. */
export function mainJobHandlers(mainJobs: MainJobService, preview: PlanPreview) {
  const { mainJobs: procedures } = forgeImplementer;
  return {
    mainJobs: {
      start: procedures.start.handler(({ input }) => mainJobs.start(input.request)),
      list: procedures.list.handler(() => mainJobs.list()),
      get: procedures.get.handler(({ input }) => mainJobs.get(input.id)),
      watch: procedures.watch.handler(({ input, signal }) => mainJobs.watch(input.id, signal ?? neverAborted())),
      cancel: procedures.cancel.handler(({ input }) => mainJobs.cancel(input.id)),
      plan: procedures.plan.handler(({ input }) => preview(input.request)),
    },
  };
}
