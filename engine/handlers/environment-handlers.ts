import type { EnvironmentProfile } from '#contract/environments.ts';
import { ForgeError } from '#contract/errors.ts';
import type { EnvironmentService } from '../environment/environment-service.ts';
import { forgeImplementer, type Handlers } from '../transports/forge-router.ts';
import { neverAborted } from './never-aborted.ts';

/** `environments.*`. `isWorking`: a main job waits or runs, or a worker has a process. */
export function environmentHandlers(
  environments: EnvironmentService,
  isWorking: () => boolean,
): Handlers<'environments'> {
  const { environments: procedures } = forgeImplementer;
  const refuseInUse = (profile: EnvironmentProfile | null): void => {
    if (environments.isTakenUp(profile) && isWorking())
      throw new ForgeError('environment.in-use', { profile: profile ?? 'of this machine' });
  };
  return {
    environments: {
      list: procedures.list.handler(() => environments.list()),
      setUp: procedures.setUp.handler(({ input, signal }) =>
        environments.setUp(input.profile, { signal: signal ?? neverAborted(), anew: false }),
      ),
      repair: procedures.repair.handler(({ input, signal }) => {
        refuseInUse(input.profile);
        return environments.setUp(input.profile, { signal: signal ?? neverAborted(), anew: true });
      }),
      remove: procedures.remove.handler(async ({ input }) => {
        refuseInUse(input.profile);
        return { freedBytes: await environments.remove(input.profile) };
      }),
    },
  };
}
