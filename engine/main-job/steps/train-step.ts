import path from 'node:path';
import { z } from 'zod';
import type { Artefact, JobView, ResultFile } from '#contract/jobs.ts';
import { copyFileAtomic } from '#native-bridge/files/copy-file-atomic.ts';
import { questionOf } from '../../evaluation/score-served.ts';
import { digestOf } from '../build-store.ts';
import { readRows } from '../row-files.ts';
import type { StepContext, StepDefinition } from '../step.ts';
import { runWorkerJob } from '../worker-job.ts';

/** What the worker says of a finished training (docs/worker-protocol.md, kind train). */
const trainSummary = z.looseObject({
  steps: z.number(),
  tokensPerSecond: z.number(),
  trainSeconds: z.number(),
  forecastSeconds: z.number().nullish(),
  actualSeconds: z.number().nullish(),
  initialValidationLoss: z.number().nullable(),
  bestValidationLoss: z.number().nullable(),
  stopReason: z.string(),
});

const samplePromptCount = 3;

/** Trains the adapter in a worker of its own; the curve is in that job's events. */
export const trainStep: StepDefinition<'train'> = {
  step: 'train',
  title: 'training',
  inputs: ({ build, output }) => ({
    base: output('base').digest,
    dataset: output('dataset').digest,
    recipe: output('plan').plan.recipe,
    seed: build.request.seed ?? 17,
  }),
  async run(context) {
    const { build, directory } = context;
    const dataset = context.output('dataset');
    const { plan } = context.output('plan');
    const heldOut = await readRows(path.join(directory, dataset.heldOutPath));
    const { job, result } = await runWorkerJob(context, {
      kind: 'train',
      name: `Train ${build.name} v${build.version}`,
      device: context.output('machine').device,
      seed: build.request.seed ?? 17,
      payload: {
        base: context.output('base').folder,
        rows: path.join(directory, dataset.trainPath),
        validationRows: path.join(directory, dataset.validationPath),
        samplePrompts: heldOut.slice(0, samplePromptCount).map((row) => questionOf(row)),
        recipe: plan.recipe,
        reasons: plan.reasons,
        outDir: path.join(directory, 'training'),
      },
      phaseTexts: {
        starting: 'starting Python',
        loading: 'loading the base model',
        measuring: 'measuring three real steps',
        training: 'training',
        validating: 'measuring the loss on rows it does not learn from',
        saving: 'saving',
      },
    });
    const summary = trainSummary.parse(result.summary);
    const kept = await keepWeights(context, { job, result });
    return {
      output: {
        adapterPath: kept.directory,
        adapterSha256: kept.digest,
        tokensPerSecond: summary.tokensPerSecond,
        trainSeconds: summary.trainSeconds,
        forecastSeconds: summary.forecastSeconds ?? null,
        actualSeconds: summary.actualSeconds ?? null,
        steps: summary.steps,
        initialValidationLoss: summary.initialValidationLoss,
        bestValidationLoss: summary.bestValidationLoss,
        stopReason: summary.stopReason,
      },
      artefacts: kept.artefacts,
      text: `${summary.steps} steps in ${summary.trainSeconds.toFixed(0)} s, loss on unseen rows ${lossText(summary.initialValidationLoss)} to ${lossText(summary.bestValidationLoss)} (${summary.stopReason})`,
      job: job.id,
    };
  },
};

/** Copies the weights into the version's folder: clearing old runs must never take a model's adapter with it. */
async function keepWeights(
  context: StepContext,
  { job, result }: { job: JobView; result: ResultFile },
): Promise<{ directory: string; digest: string; artefacts: Artefact[] }> {
  const attempt = path.join(context.services.layout.runs, job.id, 'attempts', String(job.attempt));
  const weights = result.artefacts.filter(({ name }) => name.startsWith('adapter/') || name.startsWith('model/'));
  if (weights.length === 0) throw new Error(`the training job ${job.id} left no weights`);
  const directory = path.join(context.directory, 'adapter');
  const artefacts: Artefact[] = [];
  for (const file of weights) {
    const target = path.join(directory, path.basename(file.path));
    await copyFileAtomic(path.resolve(attempt, file.path), target);
    artefacts.push({ ...file, path: target });
  }
  return { directory, digest: digestOf(artefacts.map(({ name, sha256 }) => [name, sha256])), artefacts };
}

function lossText(loss: number | null): string {
  return loss === null ? 'not measured' : loss.toFixed(2);
}
