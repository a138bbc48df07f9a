import path from 'node:path';
import { summariseScores } from '#core/evaluation/score-answer.ts';
import { scoreHeldOut } from '../held-out.ts';
import type { StepDefinition } from '../step.ts';

/** Scores the base on the held-out rows as served: the "before" of the comparison. */
export const baselineStep: StepDefinition<'baseline'> = {
  step: 'baseline',
  title: 'scoring the base as served',
  skip: (build) => (build.request.export ? null : 'left out with the export'),
  inputs: ({ output }) => ({
    file: output('base-export').sha256,
    heldOut: output('dataset').digest,
    scoring: output('dataset').scoring,
  }),
  async run(context) {
    const file = context.output('base-export');
    const { answers, answersPath } = await scoreHeldOut(context, {
      ggufPath: file.path,
      ggufSha256: file.sha256,
      label: 'base',
    });
    const summary = summariseScores(answers.map(({ score }) => score));
    return {
      output: { answersPath: path.relative(context.directory, answersPath), type: file.type, summary },
      artefacts: [],
      text: `the base gets ${summary.meanPoints.toFixed(0)} of 100 points on ${summary.rows} held-out rows (${file.type})`,
    };
  },
};
