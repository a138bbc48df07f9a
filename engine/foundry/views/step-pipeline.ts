import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { StepOutcome, ViewStep } from '#contract/dataset-versions.ts';
import { ForgeError } from '#contract/errors.ts';
import type { CanonicalRow } from '#contract/rows.ts';
import { applySteps, passesOf, type ApplyOptions, type FilterStep } from '#core/foundry/filters/apply-steps.ts';
import type { FilterViewStep } from '#core/foundry/filters/create-row-filter.ts';
import type { Sandbox } from '#core/foundry/scripts/sandbox.ts';
import { AppendFile } from '#native-bridge/datasets/store/append-file.ts';
import { readLineBatches, rowOfLine } from '#native-bridge/datasets/store/row-lines.ts';
import { createSandboxes } from '#native-bridge/sandbox/create-sandboxes.ts';
import type { WorkContext } from '../work-context.ts';
import { openFilters } from './filter-parts.ts';
import { applyScript, type ScriptStep, type StepSources } from './script-stage.ts';
import type { StepResources } from './step-resources.ts';
import { applyTokenStep, isTokenStep, type TokenStep } from './token-stage.ts';

/** Steps that go over the rows together: filters that stand next to each other, or one that asks another process: a tokenizer, a script's sandbox. */
type Stage =
  | { readonly kind: 'filters'; readonly filters: readonly FilterStep[] }
  | { readonly kind: 'tokens'; readonly step: TokenStep; readonly file: string }
  | { readonly kind: 'script'; readonly step: ScriptStep; readonly source: string };

/** Steps in their order, scripts among them. */
export interface StepPipeline {
  /** How often rows are read: what a progress of all rows is counted by. */
  readonly passes: number;
  /** As `applySteps`. @throws ForgeError script.* */
  apply(options: ApplyOptions): Promise<StepOutcome[]>;
}

export interface PipelineOrder {
  readonly steps: readonly ViewStep[];
  readonly resources: StepResources;
  readonly scripts: StepSources;
  /** Rows of the version. */
  readonly rows: number;
}

/** Filters that stand next to each other in one run, each step that asks another process in one of its own; one run without filters where there are no steps. */
function runsOf(steps: readonly ViewStep[]): readonly (ScriptStep | TokenStep | readonly FilterViewStep[])[] {
  const runs: (ScriptStep | TokenStep | FilterViewStep[])[] = [];
  for (const step of steps) {
    const last = runs.at(-1);
    if (step.kind === 'script' || isTokenStep(step)) runs.push(step);
    else if (Array.isArray(last)) last.push(step);
    else runs.push([step]);
  }
  return runs.length === 0 ? [[]] : runs;
}

async function openStages({ steps, resources, scripts }: PipelineOrder): Promise<Stage[]> {
  const stages: Stage[] = [];
  for (const run of runsOf(steps)) {
    if (!('kind' in run)) {
      stages.push({ kind: 'filters', filters: await openFilters(run, resources) });
      continue;
    }
    if (run.kind === 'length') {
      stages.push({ kind: 'tokens', step: run, file: tokenizerOf(run, resources) });
      continue;
    }
    const source = scripts.find(({ digest }) => digest === run.digest)?.source;
    if (source === undefined)
      throw new ForgeError('script.step-gone', { script: run.script, digest: run.digest.slice(0, 12) });
    stages.push({ kind: 'script', step: run, source });
  }
  return stages;
}

function tokenizerOf({ base }: TokenStep, { tokenizers }: StepResources): string {
  const file = tokenizers.find((one) => one.base === base);
  if (file === undefined) throw new ForgeError('foundry.no-tokenizer', { base });
  return file.path;
}

async function* rowsOfFile(file: string): AsyncGenerator<readonly CanonicalRow[]> {
  for await (const lines of readLineBatches(file)) yield lines.map(({ bytes }) => rowOfLine(bytes));
}

function passesOfStage(stage: Stage): number {
  return stage.kind === 'filters' ? passesOf(stage.filters) : 1;
}

/**
 * Opens the filters and scripts of steps. A script may make any row of another one and remembers what it saw, so it is no filter that is asked row by row and pass by
 * pass: the rows between a script and the steps around it lie in a file of the job, and a filter after it sees exactly what it gave.
 */
export async function openPipeline(
  order: PipelineOrder,
  context: WorkContext,
  sandboxes: () => readonly Sandbox[] = () => createSandboxes(process.env),
): Promise<StepPipeline> {
  const stages = await openStages(order);
  const run = async (stage: Stage, options: ApplyOptions): Promise<StepOutcome[]> => {
    if (stage.kind === 'filters') return applySteps(stage.filters, options);
    if (stage.kind === 'tokens') return [await applyTokenStep({ ...stage, context }, options)];
    return [await applyScript({ ...stage, context, sandboxes }, options)];
  };
  return {
    passes: stages.reduce((sum, stage) => sum + passesOfStage(stage), 0),
    async apply({ open, pause, onKept }) {
      const outcomes: StepOutcome[] = [];
      let [rows, before]: [RowsBetween, number] = [{ open, file: null }, 0];
      for (const [index, stage] of stages.entries()) {
        const most = order.rows * passesOfStage(stage);
        const options = { open: rows.open, pause: (read: number) => pause(before + Math.min(read, most)) };
        const isLast = index === stages.length - 1;
        const next = isLast ? null : path.join(context.folder, `rows.after-${index}`);
        outcomes.push(...(await intoFile(next, onKept, (take) => run(stage, { ...options, onKept: take }))));
        if (rows.file !== null) await rm(rows.file);
        if (next !== null) rows = { open: () => rowsOfFile(next), file: next };
        before += most;
      }
      return outcomes;
    },
  };
}

/** What the next stage reads; the file is the job's own. */
interface RowsBetween {
  readonly open: ApplyOptions['open'];
  readonly file: string | null;
}

type Take = (row: CanonicalRow) => void;

/** Work whose rows go into a file; without one to whoever wants them. */
async function intoFile<T>(
  file: string | null,
  otherwise: Take = () => undefined,
  work: (take: Take) => Promise<T>,
): Promise<T> {
  if (file === null) return work(otherwise);
  const output = new AppendFile(file, 0);
  try {
    return await work((row) => output.append(Buffer.from(`${JSON.stringify(row)}\n`)));
  } finally {
    output.close();
  }
}
