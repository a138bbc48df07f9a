import type { AnswerReader } from '../main-job/answers.ts';
import type { MainJobService } from '../main-job/main-job-service.ts';
import type { PlanPreview } from '../main-job/plan-preview.ts';
import { forgeImplementer, type Handlers } from '../transports/forge-router.ts';
import { neverAborted } from './never-aborted.ts';

export interface MainJobDoors {
  readonly mainJobs: MainJobService;
  readonly planPreview: PlanPreview;
  readonly answers: AnswerReader;
}

/** `mainJobs.*`. */
export function mainJobHandlers({ mainJobs, planPreview: preview, answers }: MainJobDoors): Handlers<'mainJobs'> {
  const { mainJobs: procedures } = forgeImplementer;
  return {
    mainJobs: {
      start: procedures.start.handler(({ input }) => mainJobs.start(input.request)),
      list: procedures.list.handler(({ input }) => mainJobs.list(input.limit)),
      get: procedures.get.handler(({ input }) => mainJobs.get(input.id)),
      watch: procedures.watch.handler(({ input, signal }) => mainJobs.watch(input.id, signal ?? neverAborted())),
      watchAll: procedures.watchAll.handler(({ signal }) => mainJobs.watchAll(signal ?? neverAborted())),
      cancel: procedures.cancel.handler(({ input }) => mainJobs.cancel(input.id)),
      resume: procedures.resume.handler(({ input }) => mainJobs.resume(input.id)),
      answers: procedures.answers.handler(({ input }) => answers(input)),
      page: procedures.page.handler(({ input }) => mainJobs.page(input)),
      remove: procedures.remove.handler(({ input }) => mainJobs.remove(input.id)),
      move: procedures.move.handler(({ input }) => mainJobs.move(input.id, input.before)),
      plan: procedures.plan.handler(({ input, signal }) => preview(input.request, signal)),
    },
  };
}
