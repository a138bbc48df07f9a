import { ForgeError } from '#contract/errors.ts';
import type { MachineFacts, ModelFacts, RecipeWishes, TrainMethod } from '#contract/recipes.ts';
import { say } from '#contract/sentences.ts';

interface Range {
  readonly low: number;
  readonly high: number;
  readonly whole: boolean;
  /** A value outside the range that means something of its own. */
  readonly also?: number;
}

const ranges: Readonly<Record<'epochs' | 'batchSize' | 'rank' | 'learningRate' | 'minutes' | 'maxLength', Range>> = {
  epochs: { low: 0.1, high: 100, whole: false },
  batchSize: { low: 1, high: 256, whole: true },
  rank: { low: 1, high: 256, whole: true },
  learningRate: { low: 1e-7, high: 0.01, whole: false },
  minutes: { low: 0.1, high: 10_080, whole: false, also: 0 },
  maxLength: { low: 32, high: 1_048_576, whole: true },
};

function inWords({ low, high, whole, also }: Range): string {
  if (also !== undefined) return say(whole ? 'plan.range-whole-or' : 'plan.range-or', { low, high, also });
  return say(whole ? 'plan.range-whole' : 'plan.range', { low, high });
}

function isInside(value: number, range: Range): boolean {
  if (value === range.also) return true;
  return value >= range.low && value <= range.high && (!range.whole || Number.isInteger(value));
}

const methodsByDevice: Readonly<Record<MachineFacts['device'], readonly TrainMethod[]>> = {
  cpu: ['lora', 'dora', 'full', 'qlora'],
  cuda: ['lora', 'qlora', 'dora', 'full'],
  mlx: ['lora', 'qlora'],
};

function checkMethod(method: TrainMethod | undefined, device: MachineFacts['device']): void {
  const here = methodsByDevice[device];
  if (method === undefined || here.includes(method)) return;
  const reason = say('plan.adapters-only');
  throw new ForgeError('recipe.method-not-here', { method, device, reason, instead: here.join(' or ') });
}

/** Checks what a person asked for, a sentence for each value out of range. Throws ForgeError `recipe.*`. */
export function checkWishes(wishes: RecipeWishes, model: ModelFacts, machine: MachineFacts): void {
  for (const [setting, range] of Object.entries(ranges)) {
    const value = wishes[setting as keyof typeof ranges];
    if (value !== undefined && !isInside(value, range)) {
      throw new ForgeError('recipe.out-of-range', { setting, value: String(value), range: inWords(range) });
    }
  }
  if (wishes.rank !== undefined && wishes.rank > model.hiddenSize) {
    const range = say('plan.range-rank', { dimensions: model.hiddenSize });
    throw new ForgeError('recipe.out-of-range', { setting: 'rank', value: String(wishes.rank), range });
  }
  if (wishes.maxLength !== undefined && wishes.maxLength > model.contextLength) {
    const { maxLength } = wishes;
    throw new ForgeError('recipe.too-long', { maxLength, contextLength: model.contextLength });
  }
  checkMethod(wishes.method, machine.device);
}
