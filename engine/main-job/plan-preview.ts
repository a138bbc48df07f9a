import type { MachineFinding } from '#contract/hardware.ts';
import type { MainJobRequest } from '#contract/main-job.ts';
import type { PlanPreview as PreviewedPlan } from '#contract/plan-preview.ts';
import type { ModelFacts } from '#contract/recipes.ts';
import { forecastChain } from '#core/main-job/forecast-chain.ts';
import { describeRows } from '#core/recipes/dataset-facts.ts';
import { describePlan } from '#core/recipes/describe-plan.ts';
import { planRecipe } from '#core/recipes/plan-recipe.ts';
import { dataChoiceOf } from '../datasets/data-choice.ts';
import type { DatasetReading, DatasetReadings } from '../datasets/dataset-readings.ts';
import { wishesOf } from './plan-inputs.ts';

/** A base model as planning sees it; nothing is fetched for it. */
export interface PlannedBase {
  readonly id: string;
  readonly name: string;
  readonly isHere: boolean;
  readonly facts: ModelFacts;
  /** Bytes that have to be fetched first; 0 when it is here. */
  readonly downloadBytes: number;
  /** An earlier chain brought it into its training form. */
  readonly isPrepared: boolean;
}

export interface PlanPreviewOptions {
  readonly appDirectory: string;
  readonly readings: Pick<DatasetReadings, 'read'>;
  readonly detectMachine: () => Promise<MachineFinding>;
  readonly describeBase: (base: string | undefined) => Promise<PlannedBase>;
  /** What the Python environment of a profile still has to bring; zeros when it is ready. */
  readonly environmentNeeds: (
    profile: MachineFinding['profile'],
  ) => Promise<{ readonly downloadBytes: number; readonly diskBytes: number }>;
}

export type PlanPreview = (request: MainJobRequest, signal?: AbortSignal) => Promise<PreviewedPlan>;

/** What a main job would do, with nothing written, fetched or installed: `--dry-run`, and the plan of the wizard. */
export function createPlanPreview(options: PlanPreviewOptions): PlanPreview {
  return async (request, signal) => {
    const choice = await dataChoiceOf(request, options.appDirectory);
    const reading = await options.readings.read(choice, signal);
    const machine = await options.detectMachine();
    const base = await options.describeBase(request.base);
    const { downloadBytes, diskBytes } = await options.environmentNeeds(machine.profile);
    const parts: PlanParts = { request, file: choice.file, reading, machine, base };
    const { plan, rowTokens } = planOf(parts);
    const { report, split } = { report: reading.read.report, split: reading.split.report };
    return {
      lines: linesOf(parts, plan),
      recipe: { ...plan.recipe },
      reasons: { ...plan.reasons },
      plan,
      report,
      split,
      base: { id: base.id, name: base.name, isHere: base.isHere },
      machine: { summary: machine.summary, profile: machine.profile, reason: machine.reason },
      forecast: forecastChain({
        plan,
        model: base.facts,
        physicalCores: machine.physicalCores,
        heldOutRows: split.heldOut.rows,
        rowTokens,
        exports: request.export,
        isTypeNamed: request.quantisation !== undefined,
        downloadBytes: base.downloadBytes + downloadBytes,
        installedBytes: diskBytes,
        isBasePrepared: base.isPrepared,
      }),
      warnings: [...report.warnings, ...split.warnings, ...plan.warnings],
    };
  };
}

interface PlanParts {
  readonly request: MainJobRequest;
  readonly file: string;
  readonly reading: DatasetReading;
  readonly machine: MachineFinding;
  readonly base: PlannedBase;
}

function planOf({ request, reading, machine, base }: PlanParts) {
  const { device, physicalCores, memoryBytes, bf16 } = machine;
  const dataset = describeRows(reading.split.train, reading.split.validation);
  const plan = planRecipe({
    model: base.facts,
    dataset,
    machine: { device, physicalCores, memoryBytes, bf16 },
    wishes: wishesOf(request),
    settings: request.settings ?? {},
  });
  return { plan, rowTokens: dataset.tokens.mean };
}

function linesOf({ file, reading, machine, base }: PlanParts, plan: PreviewedPlan['plan']): string[] {
  const { report } = reading.read;
  const { train, validation, heldOut, warnings } = reading.split.report;
  return [
    `machine   ${machine.summary}: profile ${machine.profile}, ${machine.reason}`,
    `dataset   ${file}: ${report.rows} rows (${report.rejected.total} rejected), ${train.rows} to learn from, ${validation.rows} to stop by, ${heldOut.rows} kept aside in ${heldOut.groups} groups`,
    `base      ${base.id}`,
    ...describePlan(plan, true),
    ...[...report.warnings, ...warnings, ...plan.warnings].map((warning) => `note      ${warning}`),
  ];
}
