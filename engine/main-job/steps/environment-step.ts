import type { StepDefinition } from '../step.ts';

/** Makes the Python environment of the profile, or finds that it is there and sound. */
export const environmentStep: StepDefinition<'environment'> = {
  step: 'environment',
  title: 'Python environment',
  inputs: ({ output }) => ({ profile: output('machine').profile }),
  async run({ services, signal, output, report }) {
    const ready = await services.ensureEnvironment(output('machine').profile, { signal, report });
    const torch = ready.versions['torch'] ?? ready.versions['mlx'] ?? '';
    return {
      output: { directory: ready.directory, versions: { ...ready.versions } },
      artefacts: [],
      text: ready.reused ? `ready (${torch})` : `installed and proved by a 10-step training (${torch})`,
    };
  },
};
