import { ForgeError } from '#contract/errors.ts';
import type { MachineFacts, RecipeSettings, RecipeWishes, TrainMethod } from '#contract/recipes.ts';
import { say } from '#contract/sentences.ts';
import type { Choice, Choices } from './fixed-choices.ts';

/** The reason of every setting a person set by hand. */
export const byHand = say('plan.by-hand');

type Setting = keyof RecipeSettings;

/** Settings that have a wish of the same meaning, so that they pass the same checks. */
const wishOf = {
  method: 'method',
  rank: 'rank',
  learningRate: 'learningRate',
  epochs: 'epochs',
  maxLength: 'maxLength',
} as const;

/** Settings of an adapter: a full fine-tune has none. */
const adapterSettings = ['rank', 'alpha', 'dropout', 'targetModules'] as const;

function impossible(setting: Setting, value: unknown, reason: string): ForgeError {
  return new ForgeError('recipe.impossible', { setting, value: textOf(value), reason });
}

function textOf(value: unknown): string {
  return (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 100);
}

/** What is set by hand as wishes: it wins over a wish of the same meaning. */
export function wishesWithSettings(wishes: RecipeWishes, settings: RecipeSettings): RecipeWishes {
  const given = Object.entries(wishOf).flatMap(([setting, wish]) => {
    const value = settings[setting as keyof typeof wishOf];
    return value === undefined ? [] : [[wish, value] as const];
  });
  const minutes = settings.maxMinutes === undefined ? {} : { minutes: settings.maxMinutes ?? 0 };
  const batchSize = batchByHand(wishes, settings);
  return { ...wishes, ...Object.fromEntries(given), ...minutes, ...(batchSize === undefined ? {} : { batchSize }) };
}

/** Rows a step when both of its factors are set by hand. */
function batchByHand(wishes: RecipeWishes, settings: RecipeSettings): number | undefined {
  const { microBatchSize, gradientAccumulation } = settings;
  if (microBatchSize === undefined || gradientAccumulation === undefined) return undefined;
  const product = microBatchSize * gradientAccumulation;
  if (wishes.batchSize !== undefined && wishes.batchSize !== product) {
    const reason = say('plan.batch-product', {
      accumulation: gradientAccumulation,
      product,
      asked: wishes.batchSize,
    });
    throw impossible('microBatchSize', microBatchSize, reason);
  }
  return product;
}

/**
 * Rows a step that the one factor set by hand divides: the wish when it fits, else the nearest multiple of that factor.
 * @throws ForgeError recipe.impossible when a wished batch cannot be made of it
 */
export function batchSizeFor(planned: number, wished: boolean, settings: RecipeSettings): number {
  const { microBatchSize, gradientAccumulation } = settings;
  if (microBatchSize !== undefined && gradientAccumulation !== undefined) return microBatchSize * gradientAccumulation;
  const [setting, factor] =
    microBatchSize !== undefined
      ? (['microBatchSize', microBatchSize] as const)
      : (['gradientAccumulation', gradientAccumulation] as const);
  if (factor === undefined || planned % factor === 0) return planned;
  if (wished) throw impossible(setting, factor, say('plan.batch-multiple', { rows: planned, again: planned }));
  return Math.max(1, Math.round(planned / factor)) * factor;
}

/** Refuses what has no meaning together or on this machine, naming the setting. @throws ForgeError recipe.impossible */
export function checkHandSettings(settings: RecipeSettings, method: TrainMethod, machine: MachineFacts): void {
  if (method === 'full') {
    const set = adapterSettings.find((name) => settings[name] !== undefined);
    if (set !== undefined) throw impossible(set, settings[set], say('plan.no-adapter'));
  }
  const { precision } = settings;
  if (precision === 'fp16' && machine.device !== 'cuda')
    throw impossible('precision', precision, say('plan.fp16-cuda-only'));
  if (precision === 'bf16' && !machine.bf16 && machine.device === 'cuda')
    throw impossible('precision', precision, say('plan.no-bf16'));
}

/** Puts the values set by hand in the place of what was planned. */
export function withHandSettings(choices: Choices, settings: RecipeSettings): Choices {
  const set = Object.entries(settings)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]): [string, Choice<unknown>] => [name, { value, reason: byHand }]);
  return { ...choices, ...Object.fromEntries(set) };
}
