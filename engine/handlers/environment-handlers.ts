import type { EnvironmentService } from '../environment/environment-service.ts';
import { forgeImplementer } from '../transports/forge-router.ts';
import { neverAborted } from './never-aborted.ts';

/** `environments.*`. */
export function environmentHandlers(environments: EnvironmentService) {
  const { environments: procedures } = forgeImplementer;
  return {
    environments: {
      list: procedures.list.handler(() => environments.list()),
      setUp: procedures.setUp.handler(({ input, signal }) =>
        environments.setUp(input.profile, { signal: signal ?? neverAborted(), anew: false }),
      ),
      repair: procedures.repair.handler(({ input, signal }) =>
        environments.setUp(input.profile, { signal: signal ?? neverAborted(), anew: true }),
      ),
      remove: procedures.remove.handler(async ({ input }) => ({
        freedBytes: await environments.remove(input.profile),
      })),
    },
  };
}
