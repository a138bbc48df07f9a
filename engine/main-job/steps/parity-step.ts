import { stat } from 'node:fs/promises';
import path from 'node:path';
import { ForgeError } from '#contract/errors.ts';
import type { ParityReport } from '#contract/main-job.ts';
import { largerTypes } from '#core/main-job/choose-quantisation.ts';
import { conversionPassed, failedGates } from '#core/main-job/parity-gates.ts';
import { quantise, type ModelFile } from '../export-jobs.ts';
import { judgeFile, measureTuned } from '../judge-file.ts';
import type { StepContext, StepDefinition } from '../step.ts';

/** Quantises the tuned model and lets no file through that differs from what was trained (N-13). */
export const parityStep: StepDefinition<'parity'> = {
  step: 'parity',
  title: 'checking the file against the trained model',
  skip: (build) => (build.request.export ? null : 'left out by --no-export'),
  inputs: ({ output }) => ({
    f16: output('export').f16Sha256,
    type: output('base-export').type,
    rows: output('dataset').digest,
  }),
  async run(context) {
    const passed = await firstPassing(context);
    const { file, report, remarks } = passed;
    for (const remark of remarks) context.note(remark);
    return {
      output: { type: file.type, path: file.path, sha256: file.sha256, report, remarks },
      artefacts: [{ name: 'served', path: file.path, bytes: file.bytes, sha256: file.sha256 }],
      text: `${file.type}, ${(file.bytes / 1e6).toFixed(0)} MB: tokens ${report.tokens.equal}/${report.tokens.of}, template ${report.template.equal}/${report.template.of}, greedy ${report.greedy.equal}/${report.greedy.of}, loss ${(report.loss.change * 100).toFixed(1)} %`,
    };
  },
};

interface PassedFile {
  readonly file: ModelFile;
  readonly report: ParityReport;
  readonly remarks: string[];
}

/**
 * Tries the base's type first, then the next larger ones. All are made and measured in one go: the reference is what costs time, not one more candidate.
 */
async function firstPassing(context: StepContext): Promise<PassedFile> {
  const wanted = context.output('base-export').type;
  const { f16Path, f16Sha256, mergedPath } = context.output('export');
  const f16: ModelFile = { type: 'F16', path: f16Path, bytes: (await stat(f16Path)).size, sha256: f16Sha256 };
  const types = [wanted, ...largerTypes(wanted)].filter((type) => type !== 'F16');
  const quantised = await quantise(context, {
    gguf: f16Path,
    outDir: path.dirname(f16Path),
    types,
    name: context.build.name,
    key: 'tuned',
  });
  const name = context.build.name;
  const parity = await measureTuned(context, { reference: mergedPath, f16, quantised, name, key: 'tuned' });
  const remarks: string[] = [];
  for (const file of [...quantised, f16]) {
    const report = await judgeFile(context, file, parity);
    if (!conversionPassed(report)) {
      throw new ForgeError('export.parity-failed', {
        gates: failedGates(report).join('; '),
        model: name,
      });
    }
    if (report.loss.passed || file.type === 'F16') return { file, report, remarks };
    remarks.push(`${file.type} was left: ${failedGates(report).join('; ')}. The next larger type was taken.`);
  }
  throw new Error('unreachable: F16 always ends the ladder');
}
