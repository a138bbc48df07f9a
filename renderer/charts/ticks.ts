const most = 5;

/** At most five round numbers within the range, both ends included where they are round. */
export function linearTicks(low: number, high: number): number[] {
  if (!(high > low)) return [low];
  for (let count = most * 2; count >= 1; count -= 1) {
    const step = roundStep((high - low) / count);
    const first = Math.ceil(low / step - 1e-9);
    const last = Math.floor(high / step + 1e-9);
    if (last - first + 1 > most) continue;
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => clean((first + index) * step));
  }
  return [low];
}

/** Ticks for things that are counted, such as steps: whole numbers only. */
export function wholeTicks(low: number, high: number): number[] {
  const ticks = linearTicks(low, high);
  if (ticks.every((tick) => Number.isInteger(tick))) return ticks;
  const [first, last] = [Math.ceil(low), Math.floor(high)];
  const every = Math.ceil((last - first + 1) / most);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index).filter((tick) => tick % every === 0);
}

/** The smallest of 1, 2, 2.5, 5 times a power of ten that is not below `rough`. */
function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const multiple = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= rough * 0.999) ?? 10;
  return multiple * power;
}

/** At most five round numbers on a logarithmic scale: powers of ten over wide ranges, 1, 2 and 5 times them over narrow ones. */
export function logTicks(low: number, high: number): number[] {
  if (!(low > 0) || !(high > low)) return [];
  const decades = Array.from(
    { length: Math.floor(Math.log10(high)) - Math.floor(Math.log10(low)) + 1 },
    (_, index) => Math.floor(Math.log10(low)) + index,
  );
  for (const multiples of [[1, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]]) {
    const ticks = decades.flatMap((decade) => multiples.map((multiple) => clean(multiple * 10 ** decade)));
    const within = ticks.filter((tick) => tick >= low * 0.999 && tick <= high * 1.001);
    if (within.length >= 2 && within.length <= most) return within;
  }
  const powers = decades.map((decade) => 10 ** decade).filter((power) => power >= low * 0.999 && power <= high * 1.001);
  if (powers.length < 2) return linearTicks(low, high);
  const every = Math.ceil(powers.length / most);
  return powers.filter((_, index) => index % every === 0).map(clean);
}

/** What stands at the ticks: as `format` writes it, with more digits where that would make two of them the same. */
export function tickTexts(ticks: readonly number[], format: (value: number) => string): string[] {
  const texts = ticks.map((tick) => format(tick));
  for (let digits = 2; new Set(texts).size < texts.length && digits <= 6; digits += 1) {
    ticks.forEach((tick, index) => (texts[index] = shortest(tick.toExponential(digits))));
  }
  return texts;
}

/** `1.90e-4` as `1.9e-4`, `2.120e+0` as `2.12`. */
function shortest(exponential: string): string {
  const value = Number(exponential);
  return Math.abs(value) >= 1e-3 || value === 0 ? String(value) : value.toExponential();
}

/** A range with some air above and below, so that no line runs along the edge. */
export function withAir({ low, high }: { low: number; high: number }, isLog: boolean): { low: number; high: number } {
  if (isLog) return high > low ? { low: low / 1.08, high: high * 1.08 } : { low: low / 2, high: high * 2 };
  if (high > low) return { low: low - (high - low) * 0.06, high: high + (high - low) * 0.06 };
  const air = Math.abs(low) * 0.1 || 1;
  return { low: low - air, high: high + air };
}

function clean(value: number): number {
  return Number(value.toPrecision(12));
}
