import type { TrainMethod, TrainRecipe } from '#contract/recipes.ts';
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
    dropout: choice(common.dropout, 'Early stopping guards against learning by heart; dropout would cost time.'),
    targetModules: choice('all-linear', 'Adapters on every linear layer learn best for their size.'),
    schedule: choice(common.schedule, 'The rate falls smoothly to zero by the end of the steps or of the time.'),
    warmupFraction: choice(common.warmupFraction, 'The first steps are small, until the optimiser knows the scale.'),
    weightDecay: full
      ? choice(0.01, 'Keeps weights that do not matter small.')
      : choice(0, 'An adapter is small enough without it.'),
    gradientClip: choice(common.gradientClip, 'One odd row cannot throw the model off.'),
    packing: choice(
      'group',
      'Each row keeps a line of its own and no row sees another; rows of like length share a micro-batch.',
    ),
    earlyStopping: choice(
      { patience, minimumGain },
      `Stops after ${patience} evaluations without progress and keeps the best state.`,
    ),
    checkpointEverySeconds: choice(
      common.checkpointEverySeconds,
      'At most a minute of work is lost when the machine stops.',
    ),
    keepCheckpoints: choice(common.keepCheckpoints, 'The newest, to go on from, and the best, to use.'),
  };
}
