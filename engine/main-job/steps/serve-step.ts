import path from 'node:path';
import { questionOf, readAnswers } from '../../evaluation/score-served.ts';
import { readRows } from '../row-files.ts';
import type { StepDefinition } from '../step.ts';

/** Starts the OpenAI-compatible server and asks one held-out question through it, as any client would. */
export const serveStep: StepDefinition<'serve'> = {
  step: 'serve',
  title: 'starting the server',
  skip: (build) => (build.request.export ? null : 'left out with the export'),
  inputs: ({ output }) => ({ file: output('parity').sha256 }),
  async run(context) {
    const { build, services } = context;
    const url = await services.startServer();
    const heldOut = await readRows(path.join(context.directory, context.output('dataset').heldOutPath));
    const baseAnswers = await readAnswers(path.join(context.directory, context.output('baseline').answersPath));
    const row = heldOut[0];
    if (!row) throw new Error('there is no held-out row to ask');
    const { messages, expected } = questionOf(row);
    const model = `${build.name}:v${build.version}`;
    const answer = await services.askServer(url, { model, messages, maximumTokens: 256 });
    return {
      output: {
        model,
        url,
        question: messages.findLast(({ role }) => role === 'user')?.content ?? '',
        answer,
        baseAnswer: baseAnswers.find((one) => one.row === row.id)?.answer ?? '',
        expected,
      },
      artefacts: [],
      text: `${model} at ${url}`,
    };
  },
};
