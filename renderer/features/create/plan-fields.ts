import { trainMethods, trainRecipe, type RecipeSettings } from '#contract/recipes.ts';

/** A setting of the recipe as a form shows it. `choice` values are shown as they are: they are terms of the trade. */
export type PlanField = { readonly setting: keyof RecipeSettings; readonly group: FieldGroup } & (
  | {
      readonly kind: 'number';
      readonly min: number;
      readonly max?: number;
      readonly step: number;
      readonly unit?: 'tokens' | 'minutes' | 'seconds' | 'steps' | 'rows';
      /** May be left empty: no bound. */
      readonly nullable?: true;
    }
  | { readonly kind: 'choice'; readonly options: readonly string[] }
  | { readonly kind: 'switch' | 'modules' | 'early-stopping' }
);

export const fieldGroups = ['learning', 'length', 'memory', 'stopping'] as const;
export type FieldGroup = (typeof fieldGroups)[number];

const { schedule, precision, packing } = trainRecipe.shape;

/** Every setting there is, in the order one thinks about them. Bounds repeat those of the contract for the controls; the contract decides. */
export const planFields: readonly PlanField[] = [
  { setting: 'method', group: 'learning', kind: 'choice', options: trainMethods },
  { setting: 'rank', group: 'learning', kind: 'number', min: 1, max: 512, step: 1 },
  { setting: 'alpha', group: 'learning', kind: 'number', min: 0.5, max: 2048, step: 1 },
  { setting: 'targetModules', group: 'learning', kind: 'modules' },
  { setting: 'learningRate', group: 'learning', kind: 'number', min: 0.000_001, max: 1, step: 0.0001 },
  { setting: 'schedule', group: 'learning', kind: 'choice', options: schedule.options },
  { setting: 'warmupFraction', group: 'learning', kind: 'number', min: 0, max: 0.5, step: 0.01 },
  { setting: 'weightDecay', group: 'learning', kind: 'number', min: 0, max: 1, step: 0.01 },
  { setting: 'dropout', group: 'learning', kind: 'number', min: 0, max: 0.9, step: 0.05 },
  { setting: 'gradientClip', group: 'learning', kind: 'number', min: 0.01, max: 1000, step: 0.1 },
  { setting: 'epochs', group: 'length', kind: 'number', min: 0.01, max: 1000, step: 1 },
  { setting: 'maxMinutes', group: 'length', kind: 'number', min: 0.1, step: 1, unit: 'minutes', nullable: true },
  { setting: 'evaluateEverySteps', group: 'stopping', kind: 'number', min: 1, step: 1, unit: 'steps' },
  { setting: 'earlyStopping', group: 'stopping', kind: 'early-stopping' },
  { setting: 'checkpointEverySeconds', group: 'stopping', kind: 'number', min: 1, step: 10, unit: 'seconds' },
  { setting: 'microBatchSize', group: 'memory', kind: 'number', min: 1, max: 1024, step: 1, unit: 'rows' },
  { setting: 'gradientAccumulation', group: 'memory', kind: 'number', min: 1, max: 1024, step: 1 },
  { setting: 'maxLength', group: 'memory', kind: 'number', min: 16, max: 1_048_576, step: 16, unit: 'tokens' },
  { setting: 'precision', group: 'memory', kind: 'choice', options: precision.options },
  { setting: 'packing', group: 'memory', kind: 'choice', options: packing.options },
  { setting: 'gradientCheckpointing', group: 'memory', kind: 'switch' },
];

/** The setting an engine's refusal names, so that it is told at its field; null when it names none. */
export function settingOfFailure(detail: Readonly<Record<string, unknown>>): keyof RecipeSettings | null {
  const named = detail['setting'];
  if (typeof named !== 'string') return null;
  const plain = named
    .replace(/^settings\./, '')
    .toLowerCase()
    .replaceAll(/[\s_-]/g, '');
  return planFields.find(({ setting }) => setting.toLowerCase() === plain)?.setting ?? null;
}
