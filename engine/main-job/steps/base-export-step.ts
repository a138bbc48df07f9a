import path from 'node:path';
import { quantisationTypes } from '#contract/quantisation-types.ts';
import { chooseQuantisation } from '#core/main-job/choose-quantisation.ts';
import { exportF16, measureParity, quantise, type ModelFile } from '../export-jobs.ts';
import type { StepContext, StepDefinition } from '../step.ts';

/** Types tried when the person did not name one; the smallest that passes the loss gate is taken for base and tuned alike. */
const triedTypes = quantisationTypes.filter((type) => type !== 'F16');
const rowsForChoice = 16;

/** Exports the base and picks the file type, so that "before" and "after" are measured in the same form. */
export const baseExportStep: StepDefinition<'base-export'> = {
  step: 'base-export',
  title: 'exporting the base',
  skip: (build) => (build.request.export ? null : 'left out by --no-export'),
  inputs: ({ build, output }) => ({
    base: output('base').digest,
    wanted: build.request.quantisation ?? null,
    rows: output('dataset').digest,
  }),
  async run(context) {
    const base = context.output('base');
    const outDir = path.join(context.services.layout.baseModel(base.id), 'gguf');
    const f16 = await exportF16(context, { adapter: null, outDir, name: 'base', key: 'base' });
    const chosen = await chooseType(context, { f16, outDir });
    return {
      output: { type: chosen.file.type, path: chosen.file.path, sha256: chosen.file.sha256, reason: chosen.reason },
      artefacts: [{ name: 'base', path: chosen.file.path, bytes: chosen.file.bytes, sha256: chosen.file.sha256 }],
      text: `${chosen.file.type}, ${(chosen.file.bytes / 1e6).toFixed(0)} MB: ${chosen.reason}`,
    };
  },
};

async function chooseType(
  context: StepContext,
  { f16, outDir }: { f16: ModelFile; outDir: string },
): Promise<{ file: ModelFile; reason: string }> {
  const wanted = context.build.request.quantisation;
  if (wanted === 'F16') return { file: f16, reason: 'as asked' };
  if (wanted !== undefined) {
    const [file] = await quantise(context, { gguf: f16.path, outDir, types: [wanted], name: 'base', key: 'base' });
    if (!file) throw new Error(`quantising to ${wanted} gave no file`);
    return { file, reason: 'as asked' };
  }
  const files = await quantise(context, { gguf: f16.path, outDir, types: triedTypes, name: 'base', key: 'base' });
  const dataset = context.output('dataset');
  const parity = await measureParity(context, {
    reference: context.output('base').folder,
    candidates: [f16, ...files],
    // Rows that early stopping looks at too: the held-out rows decide nothing.
    rows: path.join(context.directory, dataset.validationPath),
    limitRows: rowsForChoice,
    greedyPrompts: 0,
    name: 'file types',
    key: 'base',
  });
  const unquantisedLoss = lossOf(parity, 'F16');
  const measured = [...files, f16].map(({ type, bytes }) => ({
    type,
    bytes,
    loss: lossOf(parity, type),
    unquantisedLoss,
  }));
  const choice = chooseQuantisation(measured);
  const file = [f16, ...files].find(({ type }) => type === choice.type);
  if (!file) throw new Error(`no file of type ${choice.type}`);
  return { file, reason: choice.reason };
}

function lossOf(parity: Awaited<ReturnType<typeof measureParity>>, type: string): number {
  const candidate = parity.candidates.find((one) => one.type === type);
  if (!candidate) throw new Error(`the parity job left ${type} out`);
  return candidate.loss;
}
