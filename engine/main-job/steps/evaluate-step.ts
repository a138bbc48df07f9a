import path from 'node:path';
import { compare } from '#core/evaluation/statistics.ts';
import { summariseScores } from '#core/evaluation/score-answer.ts';
import { verdictOf } from '#core/evaluation/verdict.ts';
import { readAnswers, type ServedAnswer } from '../../evaluation/score-served.ts';
import { exportF16, quantise } from '../export-jobs.ts';
import { scoreHeldOut } from '../held-out.ts';
import type { StepContext, StepDefinition } from '../step.ts';

/** Scores the very file that will be served and compares it, row by row, with the base. */
export const evaluateStep: StepDefinition<'evaluate'> = {
  step: 'evaluate',
  title: 'scoring the tuned model as served',
  skip: (build) => (build.request.export ? null : 'left out with the export'),
  inputs: ({ output }) => ({
    file: output('parity').sha256,
    heldOut: output('dataset').digest,
    baseType: output('baseline').type,
    baseFile: output('base-export').sha256,
  }),
  async run(context) {
    const file = context.output('parity');
    const tuned = await scoreHeldOut(context, { ggufPath: file.path, ggufSha256: file.sha256, label: 'tuned' });
    const base = await baseAnswersInType(context, file.type);
    const comparison = comparePaired(base.answers, tuned.answers);
    const verdict = verdictOf(comparison);
    const summary = summariseScores(tuned.answers.map(({ score }) => score));
    return {
      output: {
        answersPath: path.relative(context.directory, tuned.answersPath),
        baseAnswersPath: path.relative(context.directory, base.answersPath),
        summary,
        baseSummary: summariseScores(base.answers.map(({ score }) => score)),
        comparison,
        verdict,
      },
      artefacts: [],
      text: verdict.sentence,
    };
  },
};

/** When the tuned model needed a larger type, the base is scored in that type too: the two are only ever compared in one form. */
async function baseAnswersInType(
  context: StepContext,
  type: string,
): Promise<{ answers: ServedAnswer[]; answersPath: string }> {
  const baseline = context.output('baseline');
  if (baseline.type === type) {
    const answersPath = path.join(context.directory, baseline.answersPath);
    return { answers: await readAnswers(answersPath), answersPath };
  }
  context.report({ text: `scoring the base again as ${type}` });
  const outDir = path.join(context.services.layout.baseModel(context.output('base').id), 'gguf');
  const f16 = await exportF16(context, { adapter: null, outDir, name: 'base', key: 'base' });
  const [file] =
    type === 'F16'
      ? [f16]
      : await quantise(context, { gguf: f16.path, outDir, types: [type], name: 'base', key: 'base' });
  if (!file) throw new Error(`quantising the base to ${type} gave no file`);
  return scoreHeldOut(context, { ggufPath: file.path, ggufSha256: file.sha256, label: 'base' });
}

function comparePaired(base: readonly ServedAnswer[], tuned: readonly ServedAnswer[]): ReturnType<typeof compare> {
  const byRow = new Map(base.map((answer) => [answer.row, answer]));
  const pairs = tuned.map((answer) => {
    const before = byRow.get(answer.row);
    if (!before) throw new Error(`row ${answer.row} has no answer of the base`);
    return { base: before.score.points, tuned: answer.score.points, cluster: answer.group };
  });
  return compare({
    base: pairs.map((pair) => pair.base),
    tuned: pairs.map((pair) => pair.tuned),
    clusters: pairs.map((pair) => pair.cluster),
  });
}
