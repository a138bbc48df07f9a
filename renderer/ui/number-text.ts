export interface NumberLimits {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly step?: number | undefined;
}

/**
 * A number as people write it: decimal comma or point, blanks and apostrophes between thousands, `2e-4`. Null when it is none.
 * One comma or point alone is the decimal sign ("1,5" and "1.5" are the same), so that a copied value means what it says.
 */
export function parseNumber(text: string): number | null {
  const bare = text
    .trim()
    .replaceAll(/[\s'\u2019\u202F\u00A0_]/g, '')
    .replace('\u2212', '-');
  const parts = bare.split(/[.,]/);
  let plain = bare.replace(',', '.');
  if (parts.length > 2) {
    const last = Math.max(bare.lastIndexOf('.'), bare.lastIndexOf(','));
    const isOneSign = new Set(bare.replaceAll(/[^.,]/g, '')).size === 1;
    // "1.234.567" has only separators of thousands; in "1.234,5" the last sign is the decimal one.
    plain = isOneSign ? parts.join('') : `${bare.slice(0, last).replaceAll(/[.,]/g, '')}.${bare.slice(last + 1)}`;
  }
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return null;
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
}

/** A value as it stands in the input: no grouping, no false digits, `2e-4` for what would be a row of zeros. */
export function numberText(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '';
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.001 || size >= 1e15)) return value.toExponential().replace('e+', 'e');
  return String(Number(value.toPrecision(12)));
}

export function withinLimits(value: number, { min, max }: NumberLimits): number {
  return Math.min(max ?? Number.POSITIVE_INFINITY, Math.max(min ?? Number.NEGATIVE_INFINITY, value));
}

/** One step up or down, rounded to the step's own digits (0.1 + 0.2 is 0.3), within the limits. */
export function stepped(value: number | null, steps: number, limits: NumberLimits): number {
  const step = limits.step ?? 1;
  const from = value ?? limits.min ?? 0;
  const digits = Math.min(12, Math.max(0, Math.ceil(-Math.log10(step)) + 1));
  return withinLimits(Number((from + steps * step).toFixed(digits)), limits);
}
