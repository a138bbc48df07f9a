import { stat } from 'node:fs/promises';
import path from 'node:path';
import { ForgeError } from '#contract/errors.ts';
import type { ParityReport } from '#contract/main-job.ts';
import { largerTypes } from '#core/main-job/choose-quantisation.ts';
import { conversionPassed, failedGates, judgeParity } from '#core/main-job/parity-gates.ts';
import { measureParity, quantise, type ModelFile, type ParityCandidate, type ParitySummary } from '../export-jobs.ts';
import { servingContextTokens } from '../held-out.ts';
import type { StepContext, StepDefinition } from '../step.ts';

const rowsForGates = 24;
const greedyPrompts = 10;

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
  const parity = await measureParity(context, {
    reference: mergedPath,
    candidates: [f16, ...quantised],
    rows: path.join(context.directory, context.output('dataset').heldOutPath),
    limitRows: rowsForGates,
    greedyPrompts,
    name: context.build.name,
    key: 'tuned',
  });
  const remarks: string[] = [];
  for (const file of [...quantised, f16]) {
    const report = await judge(context, file, parity);
    if (!conversionPassed(report)) {
      throw new ForgeError('export.parity-failed', {
        gates: failedGates(report).join('; '),
        model: context.build.name,
      });
    }
    if (report.loss.passed || file.type === 'F16') return { file, report, remarks };
    remarks.push(`${file.type} was left: ${failedGates(report).join('; ')}. The next larger type was taken.`);
  }
  throw new Error('unreachable: F16 always ends the ladder');
}

async function judge(context: StepContext, file: ModelFile, parity: ParitySummary): Promise<ParityReport> {
  const unquantised = candidate(parity, 'F16');
  return judgeParity({
    tokens: parity.tokens,
    template: await compareTemplates(context, file, parity),
    argmaxAgreement: unquantised.argmaxAgreement,
    maxLogProbabilityDifference: unquantised.maxLogProbabilityDifference,
    greedy: unquantised.greedy,
    unquantisedLoss: unquantised.loss,
    servedLoss: candidate(parity, file.type).loss,
  });
}

function candidate(parity: ParitySummary, type: string): ParityCandidate {
  const found = parity.candidates.find((one) => one.type === type);
  if (!found) throw new Error(`the parity job left ${type} out`);
  return found;
}

/** The server's own rendering of conversations against the trainer's. */
async function compareTemplates(
  context: StepContext,
  file: ModelFile,
  parity: ParitySummary,
): Promise<{ equal: number; of: number }> {
  const { server } = context.services;
  await server.load({ path: file.path, contextTokens: servingContextTokens(context) }, context.signal);
  let equal = 0;
  for (const { messages, rendered } of parity.templates) {
    const own = await server.render(messages.map(({ role, content }) => ({ role: chatRoleOf(role), content })));
    if (own.text === rendered) equal += 1;
  }
  return { equal, of: parity.templates.length };
}

function chatRoleOf(role: string): 'system' | 'user' | 'assistant' {
  return role === 'system' || role === 'assistant' ? role : 'user';
}
