import type { ComparisonSettings, CostEstimate } from '#contract/comparisons.ts';
import { ForgeError } from '#contract/errors.ts';
import type { ComparedEntry } from '#core/comparisons/compared-entry.ts';
import { costAtMost, effectiveCapUsd, estimateTokens } from '#core/comparisons/cost.ts';
import { secondsPerTurn } from '#core/comparisons/time-left.ts';
import type { SetPrompt } from './comparison-prompts.ts';
import type { ComparisonHead } from './comparison-store.ts';

export interface ToEstimate {
  readonly models: readonly ComparedEntry[];
  readonly prompts: readonly SetPrompt[];
  readonly settings: ComparisonSettings;
  /** Earlier comparisons, newest first: they say how long each model takes. */
  readonly earlier: readonly ComparisonHead[];
}

/** What a comparison costs at most and about how long it takes, before anything is sent. */
export function estimateCost({ models, prompts, settings, earlier }: ToEstimate): CostEstimate {
  const system = settings.systemPrompt === null ? [] : [settings.systemPrompt];
  const inputTokens = prompts.reduce(
    (sum, { prompt, context }) => sum + estimateTokens([...system, ...context.map(({ content }) => content), prompt]),
    0,
  );
  const outputTokensAtMost = prompts.length * settings.maximumTokens;
  const panes = models.map(({ label, pricing }) => ({
    label,
    inputTokens,
    outputTokensAtMost,
    usdAtMost: pricing.kind === 'unknown' ? null : costAtMost(pricing, inputTokens, outputTokensAtMost),
  }));
  const costs = panes.map(({ usdAtMost }) => usdAtMost);
  const each = secondsPerTurn(
    models,
    models.map(({ model }) => answerMsOf(JSON.stringify(model), earlier)),
  );
  return {
    prompts: prompts.length,
    panes,
    usdAtMost: costs.includes(null) ? null : costs.reduce<number>((sum, usd) => sum + (usd ?? 0), 0),
    secondsAbout: each === null ? null : Math.round(each * prompts.length),
  };
}

/** What the newest comparison with this model measured. */
function answerMsOf(model: string, earlier: readonly ComparisonHead[]): number | null {
  for (const { models, answerMs } of earlier) {
    const index = models.findIndex((entry) => JSON.stringify(entry.model) === model);
    const ms = index === -1 ? null : (answerMs[index] ?? null);
    if (ms !== null) return ms;
  }
  return null;
}

/** @throws ForgeError `comparison.over-cap`, `comparison.cost-unknown` */
export function refuseTooDear(
  estimate: CostEstimate,
  { models, settings }: Pick<ToEstimate, 'models' | 'settings'>,
): void {
  const capUsd = effectiveCapUsd(settings);
  const unknown = models.find(({ pricing }) => pricing.kind === 'unknown');
  if (unknown !== undefined && settings.capUsd === null)
    throw new ForgeError('comparison.cost-unknown', { label: unknown.label });
  const known = estimate.panes.reduce((sum, { usdAtMost }) => sum + (usdAtMost ?? 0), 0);
  if (known > capUsd) throw new ForgeError('comparison.over-cap', { atMostUsd: inDollars(known), capUsd });
}

function inDollars(usd: number): number {
  return Number(usd.toPrecision(3));
}
