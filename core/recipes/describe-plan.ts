import type { RecipePlan, TrainRecipe } from '#contract/recipes.ts';

const methodNames: Readonly<Record<TrainRecipe['method'], string>> = {
  lora: 'LoRA (a small addition to the model is trained)',
  qlora: 'QLoRA (LoRA over 4-bit weights)',
  dora: 'DoRA (LoRA that also scales the weights)',
  full: 'full (all weights are trained)',
};

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return seconds < 5400 ? `${(seconds / 60).toFixed(1)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

function valueText(value: unknown): string {
  if (value === null) return 'none';
  if (typeof value === 'object' && !Array.isArray(value)) {
    return Object.entries(value)
      .map(([key, inner]) => `${key} ${String(inner)}`)
      .join(', ');
  }
  return typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value);
}

/** The plan as short lines (its warnings apart) for the command line (`--dry-run`); with `details` every setting with its reason follows. */
export function describePlan(plan: RecipePlan, details = false): string[] {
  const { recipe, forecast, reasons } = plan;
  const limit = recipe.maxMinutes === null ? '' : `, at most ${recipe.maxMinutes} min`;
  const lines = [
    `method    ${methodNames[recipe.method]}, rank ${recipe.rank}, ${(forecast.trainableParameters / 1e6).toFixed(1)} M numbers trained`,
    `steps     at most ${forecast.stepsAtMost} (${forecast.stepsPerEpoch} a pass, ${recipe.epochs} passes${limit}), ${recipe.microBatchSize * recipe.gradientAccumulation} rows a step`,
    `time      about ${duration(forecast.secondsAtMost)} on this machine's ${plan.device}, less when it stops early`,
    `memory    about ${gigabytes(forecast.memory.totalBytes)} of ${gigabytes(forecast.memoryAvailableBytes)}`,
  ];
  if (!details) return lines;
  const width = Math.max(...Object.keys(recipe).map((key) => key.length));
  const settings = Object.entries(recipe).map(
    ([key, value]) => `${key.padEnd(width)}  ${valueText(value).padEnd(12)}  ${reasons[key] ?? ''}`,
  );
  return [...lines, '', ...settings];
}
