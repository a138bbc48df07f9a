import type { ComparableModel, ComparedModel } from '#contract/comparisons.ts';
import type { ProviderView } from '#contract/providers.ts';
import { groupModels, modelKey, type ModelGroup } from './compared-models.ts';

/** Models as the picker shows them. */
export interface ChoiceGroup extends ModelGroup {
  /** What keeps every model of the group from being asked: said once, in the place of the models. */
  readonly obstacle: string | null;
}

/** All models by place, those that can be asked first, with those that were chosen by their id although no list has them. */
export function choiceGroups(
  models: readonly ComparableModel[],
  {
    chosen,
    providers,
    filter,
  }: { chosen: readonly ComparedModel[]; providers: readonly ProviderView[]; filter: string },
): readonly ChoiceGroup[] {
  const known = new Set(models.map(({ model }) => modelKey(model)));
  const typed = chosen.filter((model) => !known.has(modelKey(model))).map((model) => typedModel(model, providers));
  const groups = groupModels([...models, ...typed], filter).map((group) => ({
    ...group,
    obstacle: commonObstacle(group),
  }));
  return groups.toSorted((a, b) => Number(a.obstacle !== null) - Number(b.obstacle !== null));
}

function typedModel(model: ComparedModel, providers: readonly ProviderView[]): ComparableModel {
  const place =
    model.kind === 'cloud' ? (providers.find(({ id }) => id === model.provider)?.name ?? model.provider) : model.kind;
  return { model, label: model.model, place, obstacle: null, price: null };
}

function commonObstacle({ models }: ModelGroup): string | null {
  const [first] = models;
  return first !== undefined && models.every(({ obstacle }) => obstacle === first.obstacle) ? first.obstacle : null;
}

/** Providers whose models can be asked now, for a model by its id. */
export function readyProviders(providers: readonly ProviderView[]): readonly ProviderView[] {
  return providers.filter(({ hasKey, needsKey }) => hasKey || !needsKey);
}
