import type { FoundryService } from '../foundry/foundry-service.ts';
import type { FetchedPart, HubDatasets, HubFetchStep } from '../foundry/hub/hub-datasets.ts';
import type { VersionUses } from '../foundry/version-uses.ts';
import type { FoundryViews } from '../foundry/views-port.ts';
import { progressEvents } from '../progress-events.ts';
import { forgeImplementer, type Handlers } from '../transports/forge-router.ts';
import { neverAborted } from './never-aborted.ts';

type HubProgress = Parameters<HubFetchStep['report']>[0];

/** `foundry.*`. */
export function foundryHandlers(
  service: FoundryService,
  views: FoundryViews,
  { hub, uses }: { readonly hub: HubDatasets; readonly uses: VersionUses },
): Handlers<'foundry'> {
  const { foundry } = forgeImplementer;
  const { jobs, versions } = service;
  return {
    foundry: {
      list: foundry.list.handler(() => service.list()),
      version: foundry.version.handler(({ input }) => versions.read(input)),
      preview: foundry.preview.handler(async ({ input, signal }) => {
        // The readers of every format are fetched by the first look: the engine starts without them.
        const { previewImport } = await import('../foundry/preview/preview-import.ts');
        const seen = await previewImport({ ...input, paths: await service.located(input.paths) }, signal);
        const remembered = await service.mappings?.find(seen.columns.map(({ name }) => name));
        return remembered === undefined || remembered === null ? seen : { ...seen, remembered };
      }),
      hubParts: foundry.hubParts.handler(({ input, signal }) => hub.list(input.source, signal)),
      fetchHub: foundry.fetchHub.handler(async function* ({ input, signal }) {
        const events = progressEvents<HubProgress, FetchedPart>(signal, (call) => hub.fetch(input.source, call));
        for await (const event of events) {
          if ('progress' in event) yield { kind: 'progress' as const, ...event.progress };
          else {
            const { source, files, sizeBytes } = event.outcome;
            yield { kind: 'done' as const, source, files, sizeBytes };
          }
        }
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
      uses: foundry.uses.handler(async ({ input }) => uses.of(await versions.read(input))),
      remove: foundry.remove.handler(async ({ input }) => {
        await uses.requireFree(input);
        return { freedBytes: await versions.remove(input) };
      }),
      restore: foundry.restore.handler(({ input }) => versions.restore(input)),
    },
  };
}
