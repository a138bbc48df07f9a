import { exportTuned, tunedInputs } from '../export-jobs.ts';
import type { StepDefinition } from '../step.ts';

/** Merges the adapter and writes the unquantised GGUF. */
export const exportStep: StepDefinition<'export'> = {
  step: 'export',
  title: 'merging and writing the GGUF file',
  skip: (build) => (build.request.export ? null : 'left out by --no-export'),
  inputs: tunedInputs,
  async run(context) {
    const { f16, mergedPath } = await exportTuned(context, context.build.name);
    return {
      output: { mergedPath, f16Path: f16.path, f16Sha256: f16.sha256 },
      artefacts: [{ name: 'f16', path: f16.path, bytes: f16.bytes, sha256: f16.sha256 }],
      text: `merged, ${(f16.bytes / 1e6).toFixed(0)} MB unquantised`,
    };
  },
};
