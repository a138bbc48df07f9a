import { z } from 'zod';
import type { StepOutcome, ViewStep } from '#contract/dataset-versions.ts';
import { scriptSource } from '#contract/scripts.ts';
import type { CanonicalRow } from '#contract/rows.ts';
import { say } from '#contract/sentences.ts';
import { createLedger, type ApplyOptions } from '#core/foundry/filters/apply-steps.ts';
import type { FilterVerdict } from '#core/foundry/filters/row-filter.ts';
import type { Sandbox } from '#core/foundry/scripts/sandbox.ts';
import { chooseSandbox } from '../scripts/choose-sandbox.ts';
import { programOver, transformAll, type AllRows } from '../scripts/transform-all.ts';
import type { TransformedRow } from '../scripts/transform-rows.ts';
import { tryScript } from '../scripts/try-script.ts';
import { whileWished } from '../scripts/while-wished.ts';
import type { WorkContext } from '../work-context.ts';

/** The sources of the scripts that steps name. Found when a job is started and kept with it: what is kept elsewhere may go meanwhile. */
export const stepSources = z.array(z.object({ digest: z.string(), source: scriptSource })).default([]);
export type StepSources = z.infer<typeof stepSources>;

export type ScriptStep = Extract<ViewStep, { kind: 'script' }>;

export interface ScriptStage {
  readonly step: ScriptStep;
  readonly source: string;
  readonly context: WorkContext;
  readonly sandboxes: () => readonly Sandbox[];
}

function verdictOf({ after, isUnchanged }: TransformedRow): FilterVerdict {
  const [row] = after;
  if (row === undefined) return { kind: 'drop', why: say('filter.script-dropped') };
  if (isUnchanged) return { kind: 'keep' };
  const rows = after.length;
  const why = rows === 1 ? say('filter.script-changed') : say('filter.script-multiplied', { rows });
  return { kind: 'change', row, why };
}

/**
 * A script as a step (D-28): over the rows that the steps before it kept, tried on the first 200 of them twice, then over all, in a sandbox that holds now.
 * Rows that it numbers in an error are counted among those that reach it. @throws ForgeError script.*
 */
export async function applyScript(stage: ScriptStage, options: ApplyOptions): Promise<StepOutcome> {
  const { step, source, context, sandboxes } = stage;
  const { script, seed = 0, allow = { clock: false, random: false } } = step;
  const ledger = createLedger(step);
  const open = async function* (): AsyncGenerator<{ readonly rows: readonly CanonicalRow[] }> {
    for await (const rows of options.open()) yield { rows };
  };
  const onRows: AllRows['onRows'] = async (rows, seen) => {
    for (const row of rows) {
      ledger.note(row.before, verdictOf(row));
      for (const after of row.after) options.onKept?.(after);
    }
    await options.pause(seen);
  };
  const { counts } = await whileWished(context, async (signal) => {
    const sandbox = await chooseSandbox(sandboxes(), signal);
    const named = await programOver({ script, source, seed, allow }, open);
    await tryScript(sandbox.sandbox, named, signal);
    return transformAll({ sandbox, named, open, signal, onRows });
  });
  return { ...ledger.outcome(), added: counts.added };
}
