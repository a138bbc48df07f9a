import type { TrainMethod, TrainRecipe } from '#contract/recipes.ts';
import { say } from '#contract/sentences.ts';
import { commonDefaults } from './recipe-defaults.ts';

/** A setting and the sentence that says why it has this value. */
export interface Choice<T> {
  readonly value: T;
  readonly reason: string;
}

export type Choices = { readonly [K in keyof TrainRecipe]: Choice<TrainRecipe[K]> };

type FixedSetting =
  | 'dropout'
  | 'targetModules'
  | 'schedule'
  | 'warmupFraction'
  | 'weightDecay'
  | 'gradientClip'
  | 'packing'
  | 'earlyStopping'
  | 'checkpointEverySeconds'
  | 'keepCheckpoints';

/** The settings that do not depend on the model's size, the data set or the machine. */
export function fixedChoices(method: TrainMethod): Pick<Choices, FixedSetting> {
  const { patience, minimumGain, ...common } = commonDefaults;
  const choice = <T>(value: T, reason: string): Choice<T> => ({ value, reason });
  const full = method === 'full';
  return {
    dropout: choice(common.dropout, say('plan.dropout')),
    targetModules: choice('all-linear', say('plan.target-modules')),
    schedule: choice(common.schedule, say('plan.schedule')),
    warmupFraction: choice(common.warmupFraction, say('plan.warm-up')),
    weightDecay: full ? choice(0.01, say('plan.decay-full')) : choice(0, say('plan.decay')),
    gradientClip: choice(common.gradientClip, say('plan.clip')),
    packing: choice('group', say('plan.packing')),
    earlyStopping: choice({ patience, minimumGain }, say('plan.early-stopping', { patience })),
    checkpointEverySeconds: choice(common.checkpointEverySeconds, say('plan.checkpoints')),
    keepCheckpoints: choice(common.keepCheckpoints, say('plan.keep-checkpoints')),
  };
}
