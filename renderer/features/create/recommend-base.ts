import { defaultBaseModel, type BaseModelView } from '#contract/base-models.ts';
import type { MachineFinding } from '#contract/hardware.ts';

/** Why a base is the recommended one; a word of `base-words.ts`. */
export type RecommendationReason = 'trainsHere' | 'largestThatFits';

export interface Recommendation {
  readonly id: string;
  readonly reason: RecommendationReason;
}

/** Of the memory a training may take on a graphics card, so that long rows still fit. */
const comfortableShare = 0.7;
/** Above this a first training takes hours, whatever fits. */
const largestSensibleParameters = 9e9;

/**
 * The base for somebody who has no opinion. Without a graphics card: the small one that comes with Forge, because minutes and not hours decide. With
 * one: the largest open model that is quickly trained there.
 */
export function recommendBase(
  models: readonly BaseModelView[],
  finding: Pick<MachineFinding, 'device' | 'memoryBytes'> | null,
): Recommendation | null {
  const small = models.find(({ id }) => id === defaultBaseModel);
  if (finding !== null && finding.device !== 'cpu') {
    const fitting = models
      .filter((model) => isSensible(model, finding.memoryBytes * comfortableShare))
      .toSorted((a, b) => (b.facts?.parameters ?? 0) - (a.facts?.parameters ?? 0));
    const [largest] = fitting;
    if (largest !== undefined && largest.id !== defaultBaseModel) return { id: largest.id, reason: 'largestThatFits' };
  }
  return small === undefined ? null : { id: small.id, reason: 'trainsHere' };
}

function isSensible(model: BaseModelView, memoryBytes: number): boolean {
  const { facts, licence, gated, isOwn } = model;
  const leastBytes = leastMemory(model);
  if (facts === null || leastBytes === null || isOwn || gated || licence?.isOpen !== true) return false;
  return facts.parameters <= largestSensibleParameters && leastBytes <= memoryBytes;
}

/** Bytes of the cheapest way to train it with adapters; null when that is not known. */
export function leastMemory({ memory }: Pick<BaseModelView, 'memory'>): number | null {
  return memory === null ? null : Math.min(memory.lora, memory.qlora);
}

export type BaseObstacle = 'too-large' | 'gated' | 'unknown';

/** What stands between a person and this base; null when it can be chosen right away. */
export function obstacleOf(model: BaseModelView, memoryBytes: number | null): BaseObstacle | null {
  const leastBytes = leastMemory(model);
  if (memoryBytes !== null && leastBytes !== null && leastBytes > memoryBytes) return 'too-large';
  if (model.gated && model.state !== 'ready') return 'gated';
  return model.state === 'unknown' ? 'unknown' : null;
}

/** Recommended first, then what is here, then by size; what does not fit last. */
export function inOrderOfUse(
  models: readonly BaseModelView[],
  recommended: string | null,
  memoryBytes: number | null,
): BaseModelView[] {
  const rank = (model: BaseModelView): number => {
    if (model.id === recommended) return 0;
    const obstacle = obstacleOf(model, memoryBytes);
    if (obstacle === 'too-large') return 4;
    if (obstacle !== null) return 3;
    return model.isOwn || model.state === 'ready' ? 1 : 2;
  };
  const size = ({ facts }: BaseModelView): number => facts?.parameters ?? Number.POSITIVE_INFINITY;
  return models.toSorted((a, b) => rank(a) - rank(b) || size(a) - size(b) || a.name.localeCompare(b.name));
}
