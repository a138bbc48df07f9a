import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { environmentProfile, environmentProgress, environmentStatus } from '../environments.ts';
import { machine, machineFinding, meterReading } from '../hardware.ts';
import { procedure, requestId } from './procedure.ts';

export const machineProcedures = {
  /** What this machine is and what follows from it; at most 2.5 s, kept for 30 s unless `fresh`. */
  detect: procedure
    .input(z.object({ fresh: z.boolean().default(false) }))
    .output(z.object({ machine, finding: machineFinding })),
  /** Processor, memory and graphics once a second, for as long as somebody reads. */
  meters: procedure.output(eventIterator(meterReading)),
};

const chosenProfile = z.object({ profile: environmentProfile.nullable().default(null) });

export const environmentProcedures = {
  /** All profiles; the one this machine takes comes first. */
  list: procedure.output(z.array(environmentStatus)),
  /** Progress until the environment is ready; breaking off cancels, and the next set-up goes on from there. */
  setUp: procedure.input(chosenProfile).output(eventIterator(environmentProgress)),
  repair: procedure.input(chosenProfile).output(eventIterator(environmentProgress)),
  remove: procedure
    .input(z.object({ profile: environmentProfile, requestId }))
    .output(z.object({ freedBytes: z.number() })),
};
