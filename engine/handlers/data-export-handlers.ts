import type { FoundryService } from '../foundry/foundry-service.ts';
import { forgeImplementer, type Handlers } from '../transports/forge-router.ts';

/** `dataExports.*`. */
export function dataExportHandlers({
  jobs,
  versions,
}: Pick<FoundryService, 'jobs' | 'versions'>): Handlers<'dataExports'> {
  const { dataExports } = forgeImplementer;
  return {
    dataExports: {
      run: dataExports.run.handler(async ({ input: { request, requestId } }) => {
        await versions.read(request);
        return jobs.start({ kind: 'export', name: request.name, request, requestId });
      }),
    },
  };
}
