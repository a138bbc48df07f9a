/** A scale from values to positions 0..1, with the values where ticks stand. */
export interface ChartScale {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
  /** Digits after the point that tell the ticks apart. */
  readonly digits: number;
}

function niceStep(span: number, wanted: number): number {
  const rough = span / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5].find((candidate) => candidate * power >= rough * 0.999) ?? 10;
  return factor * power;
}

/**
 * A scale over [low, high] with a little air at both ends and ticks at round values (steps of 1, 2 or 5 times a power of ten): about `wanted`, at least two.
 * A range without height (all values equal) gets one of its own size around it.
 */
export function roundScale(low: number, high: number, wanted: number): ChartScale {
  const air = high - low < 1e-9 ? Math.max(0.1, Math.abs(low) * 0.1) : (high - low) * 0.04;
  const bottom = low - air;
  const top = high + air;
  const ticksFor = (count: number): { step: number; ticks: number[] } => {
    const step = niceStep(top - bottom, count);
    const first = Math.ceil(bottom / step - 1e-9);
    const last = Math.floor(top / step + 1e-9);
    return { step, ticks: Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * step) };
  };
  const few = ticksFor(wanted);
  const { step, ticks } = few.ticks.length >= 2 ? few : ticksFor(wanted * 2.5);
  return { low: bottom, high: top, ticks, digits: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) };
}

/** Ticks of a step axis from 0 to `last`: whole numbers at least one apart, about `wanted` intervals. */
export function stepTicks(last: number, wanted: number): number[] {
  const step = Math.max(1, niceStep(Math.max(1, last), wanted));
  return Array.from({ length: Math.floor(last / step) + 1 }, (_, index) => index * step);
}
