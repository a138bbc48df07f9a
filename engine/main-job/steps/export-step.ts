import path from 'node:path';
import { exportF16 } from '../export-jobs.ts';
import type { StepDefinition } from '../step.ts';

/** Merges the adapter and writes the unquantised GGUF. */
export const exportStep: StepDefinition<'export'> = {
  step: 'export',
  title: 'merging and writing the GGUF file',
  skip: (build) => (build.request.export ? null : 'left out by --no-export'),
  inputs: ({ output }) => ({ base: output('base').digest, adapter: output('train').adapterSha256 }),
  async run(context) {
    const outDir = path.join(context.directory, 'gguf');
    const file = await exportF16(context, {
      adapter: context.output('train').adapterPath,
      outDir,
      name: context.build.name,
      merged: true,
      key: 'tuned',
    });
    return {
      output: { mergedPath: path.join(outDir, 'merged'), f16Path: file.path, f16Sha256: file.sha256 },
      artefacts: [{ name: 'f16', path: file.path, bytes: file.bytes, sha256: file.sha256 }],
      text: `merged, ${(file.bytes / 1e6).toFixed(0)} MB unquantised`,
    };
  },
};
