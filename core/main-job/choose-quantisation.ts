/** One file type, measured: its size and how much the held-out loss differs from the unquantised file, as a fraction. */
export interface MeasuredType {
  readonly type: string;
  readonly bytes: number;
  /** (loss - loss of f16) / loss of f16; negative when it happens to be better. */
  readonly lossChange: number;
}

export interface QuantisationChoice {
  readonly type: string;
  readonly reason: string;
}

/** Held-out loss may be this much worse than the unquantised file's (requirement N-13). */
export const lossTolerance = 0.01;

/**
 * The smallest file whose loss stays within the tolerance. Chosen by measurement, never by name: on a model whose width is not a
 * multiple of 256, Q5_K_M lost 12 % where the smaller Q4_K_M lost 3 %.
 */
export function chooseQuantisation(measured: readonly MeasuredType[], tolerance: number = lossTolerance): QuantisationChoice {
  const bySize = [...measured].sort((a, b) => a.bytes - b.bytes);
  const chosen = bySize.find(({ lossChange }) => lossChange <= tolerance) ?? bySize.at(-1);
  if (chosen === undefined) throw new Error('no quantisation was measured');
  const smallerFailed = bySize.filter((other) => other.bytes < chosen.bytes);
  const failures = smallerFailed.map(({ type, lossChange }) => `${type} ${percent(lossChange)}`).join(', ');
  const own = `${chosen.type} changes the loss by ${percent(chosen.lossChange)}`;
  return {
    type: chosen.type,
    reason: failures === '' ? `${own} and is the smallest file` : `${own}; smaller files lose more (${failures})`,
  };
}

/** The next larger types after one that failed its gate, smallest first; F16 is the last resort. */
export function largerTypes(type: string): string[] {
  const order = ['Q4_K_M', 'Q5_K_M', 'Q6_K', 'Q8_0', 'F16'];
  return order.slice(order.indexOf(type) + 1);
}

function percent(fraction: number): string {
  return `${fraction >= 0 ? '+' : ''}${(fraction * 100).toFixed(1)} %`;
}
