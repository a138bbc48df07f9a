import type { FoundryService } from '../foundry/foundry-service.ts';
import type { FoundryViews } from '../foundry/views-port.ts';
import { forgeImplementer, type Handlers } from '../transports/forge-router.ts';
import { neverAborted } from './never-aborted.ts';

/** `foundry.*`. */
export function foundryHandlers(service: FoundryService, views: FoundryViews): Handlers<'foundry'> {
  const { foundry } = forgeImplementer;
  const { jobs, versions } = service;
  return {
    foundry: {
      list: foundry.list.handler(() => service.list()),
      version: foundry.version.handler(({ input }) => versions.read(input)),
      preview: foundry.preview.handler(async ({ input, signal }) => {
        // The readers of every format are fetched by the first look: the engine starts without them.
        const { previewImport } = await import('../foundry/preview/preview-import.ts');
        return previewImport(input, signal);
      }),
      import: foundry.import.handler(({ input }) => service.import(input.request, input.requestId)),
      jobs: foundry.jobs.handler(() => jobs.list()),
      watch: foundry.watch.handler(async function* ({ input, signal }) {
        yield* jobs.watch(input.job, signal);
      }),
      watchAll: foundry.watchAll.handler(async function* ({ signal }) {
        yield* jobs.watchAll(signal ?? neverAborted());
      }),
      pause: foundry.pause.handler(({ input }) => jobs.pause(input.job)),
      resume: foundry.resume.handler(({ input }) => jobs.resume(input.job)),
      cancel: foundry.cancel.handler(({ input }) => jobs.cancel(input.job)),
      page: foundry.page.handler(({ input, signal }) => service.page(input, signal)),
      row: foundry.row.handler(({ input }) => service.row(input)),
      showRow: foundry.showRow.handler(({ input, signal }) => service.showRow(input, signal)),
      rejects: foundry.rejects.handler(({ input }) => service.rejects(input)),
      tryView: foundry.tryView.handler(({ input }) => views.tryView(input)),
      viewOutcome: foundry.viewOutcome.handler(({ input }) => views.viewOutcome(input)),
      freeze: foundry.freeze.handler(({ input }) => views.freeze(input)),
      check: foundry.check.handler(({ input }) => views.check(input)),
      study: foundry.study.handler(({ input }) => views.study(input)),
      studyReport: foundry.studyReport.handler(({ input }) => views.studyReport(input)),
      remove: foundry.remove.handler(async ({ input }) => ({ freedBytes: await versions.remove(input) })),
      restore: foundry.restore.handler(({ input }) => versions.restore(input)),
    },
  };
}
