import { quantisationTypes } from '#contract/quantisation-types.ts';
import { say } from '#contract/sentences.ts';

/** One file type, measured on the same rows as the unquantised file. Losses are means over answer tokens, in nats. */
export interface MeasuredType {
  readonly type: string;
  readonly bytes: number;
  readonly loss: number;
  readonly unquantisedLoss: number;
}

export interface QuantisationChoice {
  readonly type: string;
  readonly reason: string;
}

/** Held-out loss may be this much worse than the unquantised file's, as a fraction of it (requirement N-13) ... */
export const lossTolerance = 0.01;
/** ... or by this many nats a token: of a loss near zero one per cent is less than the noise of the rows (ADR 0013). */
export const lossToleranceNats = 0.005;

/** True when quantising cost no more than the gate allows. */
export function isWithinLossTolerance({
  loss,
  unquantisedLoss,
}: Pick<MeasuredType, 'loss' | 'unquantisedLoss'>): boolean {
  return loss - unquantisedLoss <= Math.max(lossTolerance * unquantisedLoss, lossToleranceNats);
}

/**
 * The smallest file whose loss stays within the tolerance. Chosen by measurement, never by name: on a model whose width is not a
 * multiple of 256, Q5_K_M lost 12 % where the smaller Q4_K_M lost 3 %.
 */
export function chooseQuantisation(measured: readonly MeasuredType[]): QuantisationChoice {
  const bySize = [...measured].sort((a, b) => a.bytes - b.bytes);
  const chosen = bySize.find(isWithinLossTolerance) ?? bySize.at(-1);
  if (chosen === undefined) throw new Error('no quantisation was measured');
  const smallerFailed = bySize.filter((other) => other.bytes < chosen.bytes);
  const failures = smallerFailed.map((other) => `${other.type} ${percent(changeOf(other))} %`).join(', ');
  const own = { type: chosen.type, change: percent(changeOf(chosen)) };
  return {
    type: chosen.type,
    reason: failures === '' ? say('job.type-smallest', own) : say('job.type-chosen', { ...own, failures }),
  };
}

function changeOf({ loss, unquantisedLoss }: MeasuredType): number {
  return (loss - unquantisedLoss) / unquantisedLoss;
}

/** The next larger types after one that failed its gate, smallest first; F16 is the last resort. */
export function largerTypes(type: string): string[] {
  const order: readonly string[] = quantisationTypes;
  return order.slice(order.indexOf(type) + 1);
}

function percent(fraction: number): string {
  return `${fraction >= 0 ? '+' : ''}${(fraction * 100).toFixed(1)}`;
}
