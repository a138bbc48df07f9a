import path from 'node:path';
import type { BuildFile } from '#contract/build-file.ts';
import { mainJobSteps, type MainJobResult, type MainJobStep } from '#contract/main-job.ts';
import type { StepOutputs } from '#contract/build-outputs.ts';
import { outputOf } from './runner.ts';

/** The figures of a finished build, read from its steps; parts that were left out (--no-export) are null. */
export function resultOf(build: BuildFile, directory: string, home: string): MainJobResult {
  const dataset = outputOf(build, 'dataset');
  const train = outputOf(build, 'train');
  const parity = optional(build, 'parity');
  const evaluate = optional(build, 'evaluate');
  const deploy = optional(build, 'deploy');
  return {
    name: build.name,
    version: build.version,
    profile: outputOf(build, 'machine').profile,
    base: outputOf(build, 'base').id,
    ...(dataset.version === undefined ? {} : { dataset: dataset.version }),
    rows: {
      train: dataset.split.train.rows,
      validation: dataset.split.validation.rows,
      heldOut: dataset.split.heldOut.rows,
      heldOutGroups: dataset.split.heldOut.groups,
      rejected: dataset.report.rejected.total,
    },
    baseScore: evaluate?.comparison.baseMean ?? null,
    tunedScore: evaluate?.comparison.tunedMean ?? null,
    delta: evaluate?.comparison.delta ?? null,
    interval: evaluate?.comparison.interval ?? null,
    verdict: evaluate?.verdict.sentence ?? 'Not compared: the export was left out.',
    tokensPerSecond: train.tokensPerSecond,
    trainSeconds: train.trainSeconds,
    forecastSeconds: train.forecastSeconds ?? null,
    actualSeconds: train.actualSeconds ?? null,
    stopReason: train.stopReason,
    adapterPath: path.resolve(directory, train.adapterPath),
    ggufPath: parity?.path ?? null,
    ggufSha256: parity?.sha256 ?? null,
    quantisation: parity?.type ?? null,
    parity: parity?.report ?? null,
    ollama: {
      used: deploy?.used ?? false,
      version: deploy?.version ?? null,
      reason: deploy?.reason ?? 'left out with the export',
    },
    served: optional(build, 'serve'),
    stepSeconds: Object.fromEntries(mainJobSteps.map((step) => [step, build.steps[step]?.seconds ?? 0])),
    reused: mainJobSteps.filter((step) => build.steps[step]?.state === 'reused'),
    home,
  };
}

function optional<S extends MainJobStep>(build: BuildFile, step: S): StepOutputs[S] | null {
  const state = build.steps[step]?.state;
  return state === 'done' || state === 'reused' ? outputOf(build, step) : null;
}
