export interface Estimate {
  readonly value: number;
  /** Ends of the 95 % interval, in the same unit. */
  readonly low?: number | null | undefined;
  readonly high?: number | null | undefined;
}

/** Where a value stands between the ends of the scale, 0 to 1; outside of it at the end. */
export function shareOf(value: number, minimum: number, maximum: number): number {
  if (!(maximum > minimum) || !Number.isFinite(value)) return 0;
  return Math.min(1, Math.max(0, (value - minimum) / (maximum - minimum)));
}

/** At most five round values from end to end: 1, 2, 2.5 or 5 times a power of ten apart. */
export function niceTicks(minimum: number, maximum: number, most = 5): readonly number[] {
  if (!(maximum > minimum) || !Number.isFinite(maximum - minimum)) return [minimum];
  const rough = (maximum - minimum) / (most - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step =
    [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough - power * 1e-9) ?? 10 * power;
  const first = Math.ceil(minimum / step - 1e-9);
  const last = Math.floor(maximum / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** True when an estimate has both ends of its interval. */
export function hasInterval(
  estimate: Estimate,
): estimate is Estimate & { readonly low: number; readonly high: number } {
  return typeof estimate.low === 'number' && typeof estimate.high === 'number';
}
