import { chooseProfile } from '#core/hardware/choose-profile.ts';
import type { Hardware } from '#core/ports/hardware.ts';
import { forgeImplementer } from '../transports/forge-router.ts';

/** `machines.*`. */
export function machineHandlers(hardware: Hardware) {
  const { machines } = forgeImplementer;
  return {
    machines: {
      detect: machines.detect.handler(async ({ input }) => {
        const machine = await hardware.detect({ fresh: input.fresh });
        return { machine, finding: chooseProfile(machine) };
      }),
    },
  };
}
