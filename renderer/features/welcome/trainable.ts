import type { BaseModelView } from '#contract/base-models.ts';

export interface Trainable {
  /** Base models whose training fits into this memory. */
  readonly count: number;
  /** Name of the largest of them; null when none fits. */
  readonly largest: string | null;
}

/** What this much memory can train, by the cheapest method of each model. Models nothing is known of do not count. */
export function trainableWith(models: readonly BaseModelView[], memoryBytes: number): Trainable {
  const fitting = models.filter(({ memory }) => memory !== null && Math.min(memory.lora, memory.qlora) <= memoryBytes);
  const largest = fitting.toSorted((a, b) => (b.facts?.parameters ?? 0) - (a.facts?.parameters ?? 0))[0];
  return { count: fitting.length, largest: largest?.name ?? null };
}
