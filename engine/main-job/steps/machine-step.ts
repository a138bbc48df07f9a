import type { StepDefinition } from '../step.ts';

/** Looks at the machine and picks the profile; runs every time, because machines change. */
export const machineStep: StepDefinition<'machine'> = {
  step: 'machine',
  title: 'looking at the machine',
  inputs: () => ({}),
  async run({ build, services, note }) {
    // The server is the last step; that its port is taken is told before the training, not after it.
    if (build.request.export) await services.checkServer();
    const finding = await services.detectMachine();
    for (const warning of finding.warnings) note(warning);
    const { profile, reason, device, physicalCores, memoryBytes, bf16 } = finding;
    return {
      output: { profile, reason, device, physicalCores, memoryBytes, bf16 },
      artefacts: [],
      text: `${finding.summary}: profile ${profile}, ${reason}`,
    };
  },
};
