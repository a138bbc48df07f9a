import type { FoundryService } from '../foundry/foundry-service.ts';
import { forgeImplementer, type Handlers } from '../transports/forge-router.ts';

/** `documents.*`. */
export function documentHandlers({ jobs }: Pick<FoundryService, 'jobs'>): Handlers<'documents'> {
  const { documents } = forgeImplementer;
  return {
    documents: {
      import: documents.import.handler(({ input: { request, requestId } }) =>
        jobs.start({ kind: 'documents', name: request.name, request, requestId }),
      ),
    },
  };
}
