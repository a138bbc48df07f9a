/** 97.5 % point of the standard normal distribution. */
const z975 = 1.959963984540054;

/**
 * Wilson score interval (95 %) of a share, without continuity correction, 0..1 (Wilson 1927; formula as in Newcombe 1998,
 * "Two-sided confidence intervals for the single proportion", method 3).
 */
export function wilsonInterval(successes: number, total: number): [low: number, high: number] {
  if (total === 0) return [0, 1];
  const share = successes / total;
  const squared = z975 ** 2;
  const centre = share + squared / (2 * total);
  const spread = z975 * Math.sqrt((share * (1 - share)) / total + squared / (4 * total ** 2));
  const scale = 1 + squared / total;
  return [Math.max(0, (centre - spread) / scale), Math.min(1, (centre + spread) / scale)];
}

/**
 * Exact McNemar test, two-sided: of the pairs that differ, is one side right more often than a fair coin would have it?
 * `onlyFirst`, `onlySecond`: pairs where only that one is right. p = min(1, 2 P(X <= smaller)), X ~ Binomial(n, 1/2).
 */
export function exactMcNemar(onlyFirst: number, onlySecond: number): number {
  const n = onlyFirst + onlySecond;
  let logTerm = -n * Math.LN2;
  let tail = Math.exp(logTerm);
  for (let k = 1; k <= Math.min(onlyFirst, onlySecond); k += 1) {
    logTerm += Math.log((n - k + 1) / k);
    tail += Math.exp(logTerm);
  }
  return Math.min(1, 2 * tail);
}

/** Holm's step-down correction: adjusted p values in the order given (Holm 1979). For several metrics or domains at once. */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((p, index) => ({ p, index })).toSorted((a, b) => a.p - b.p);
  const adjusted = pValues.map(() => 1);
  let highest = 0;
  order.forEach(({ p, index }, rank) => {
    highest = Math.max(highest, Math.min(1, p * (pValues.length - rank)));
    adjusted[index] = highest;
  });
  return adjusted;
}
