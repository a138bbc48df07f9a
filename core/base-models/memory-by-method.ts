import type { MemoryByMethod } from '#contract/base-models.ts';
import type { DeviceKind } from '#contract/jobs.ts';
import type { ModelFacts } from '#contract/recipes.ts';
import { forecastMemory } from '../recipes/memory-fit.ts';

/** The settings the figures in the catalogue are for: one middling row at a time, the layer inputs kept. */
export const memoryAssumption = { rank: 16, microBatchSize: 1, maxLength: 1024, answerShare: 0.5 } as const;

/**
 * Bytes a training takes at its peak, by method, under `memoryAssumption`, with bf16 weights. The formula and its sources are those of the planner
 * (core/recipes/memory-fit.ts), so that the list of models and the plan never disagree. DoRA keeps one more vector a layer than LoRA, which is less than the
 * formula's error: the same figure.
 */
export function memoryByMethod(model: ModelFacts, device: DeviceKind): MemoryByMethod {
  const { rank, microBatchSize, maxLength, answerShare } = memoryAssumption;
  const bytes = (method: 'lora' | 'qlora' | 'dora' | 'full'): number => {
    const recipe = { method, rank, microBatchSize, maxLength, precision: 'bf16', gradientCheckpointing: true } as const;
    return Math.round(forecastMemory({ model, device, answerShare, recipe }).totalBytes);
  };
  return { lora: bytes('lora'), qlora: bytes('qlora'), dora: bytes('dora'), full: bytes('full') };
}
