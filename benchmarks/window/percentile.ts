/** The value below which `share` (0 to 1) of the values lie. Throws RangeError on an empty list. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  if (value === undefined) throw new RangeError('There is no percentile of no values.');
  return value;
}

/** Throws RangeError on an empty list. */
export function worst(values: readonly number[]): number {
  return percentile(values, 1);
}
