import { chooseProfile } from '#core/hardware/choose-profile.ts';
import type { Hardware } from '#core/ports/hardware.ts';
import type { MeterFeed } from '../machine/meter-feed.ts';
import { forgeImplementer, type Handlers } from '../transports/forge-router.ts';
import { neverAborted } from './never-aborted.ts';

/** `machines.*`. */
export function machineHandlers(hardware: Hardware, meters: MeterFeed): Handlers<'machines'> {
  const { machines } = forgeImplementer;
  return {
    machines: {
      detect: machines.detect.handler(async ({ input }) => {
        const machine = await hardware.detect({ fresh: input.fresh });
        return { machine, finding: chooseProfile(machine) };
      }),
      meters: machines.meters.handler(({ signal }) => meters.read(signal ?? neverAborted())),
    },
  };
}
