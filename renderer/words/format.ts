import { currentLanguage } from './language.ts';

/** `5.2 GB`, `640 MB`, `12 kB`, `3 B`: decimal units, one place from a gigabyte on. Negative or not finite: a dash. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes) || bytes < 0) return '–';
  const [size, unit] =
    bytes >= 1e9
      ? [bytes / 1e9, 'GB']
      : bytes >= 1e6
        ? [bytes / 1e6, 'MB']
        : bytes >= 1e3
          ? [bytes / 1e3, 'kB']
          : [bytes, 'B'];
  return `${formatNumber(size, unit === 'GB' ? 1 : 0)}\u00A0${unit}`;
}

const formats = new Map<string, Intl.NumberFormat>();

/** Making a format costs a hundred times its use, and charts use them at every drawing. `key` names the options. */
function numberFormat(key: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const language = currentLanguage();
  const known = formats.get(`${language} ${key}`);
  if (known !== undefined) return known;
  const made = new Intl.NumberFormat(language, options);
  formats.set(`${language} ${key}`, made);
  return made;
}

/** A number in the present language with at most `places` decimal places (0..10). */
export function formatNumber(value: number, places = 0): string {
  if (!Number.isFinite(value)) return '–';
  return numberFormat(`places ${places}`, { maximumFractionDigits: places }).format(value);
}

/** A figure as the engine wrote it (`0.35`, `-12`, `1e-4`) with the signs of the present language and as many decimal places. */
export function formatWritten(text: string): string {
  const [, sign = '', whole = '', decimals = ''] = /^([-+]?)(\d{1,15})(?:\.(\d{1,10}))?$/.exec(text) ?? [];
  if (whole === '') return currentLanguage() === 'de' ? text.replace(/(\d)\.(\d)/, '$1,$2') : text;
  const places = decimals.length;
  const options = { minimumFractionDigits: places, maximumFractionDigits: places, useGrouping: whole.length > 4 };
  const key = `written ${places} ${options.useGrouping}`;
  return `${sign}${numberFormat(key, options).format(Number(`${whole}.${decimals}`))}`;
}

/** A small or large number with `digits` significant digits: losses, learning rates. Below 0.001 as `6e-4`. */
export function formatFigure(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return '–';
  if (value !== 0 && Math.abs(value) < 1e-3) {
    const [mantissa = '', exponent = ''] = value.toExponential(1).split('e');
    return `${formatNumber(Number(mantissa), 1)}e${exponent}`;
  }
  return numberFormat(`digits ${digits}`, { maximumSignificantDigits: digits }).format(value);
}

/** A share 0..1 as `35 %`. */
export function formatShare(share: number, places = 0): string {
  return Number.isFinite(share) ? `${formatNumber(share * 100, places)}\u00A0%` : '–';
}

/** Spoken time: `42 s`, `3 min`, `1 h 20 min`, `2 d 3 h`. Seconds; below half a second `0 s`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return '–';
  if (seconds < 59.5) return `${Math.round(seconds)}\u00A0s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes}\u00A0min`;
  if (minutes < 48 * 60) return joined([Math.floor(minutes / 60), 'h'], [minutes % 60, 'min']);
  const hours = Math.round(minutes / 60);
  return joined([Math.floor(hours / 24), 'd'], [hours % 24, 'h']);
}

type Amount = readonly [number, string];

function joined([large, largeUnit]: Amount, [small, smallUnit]: Amount): string {
  return small === 0 ? `${large}\u00A0${largeUnit}` : `${large}\u00A0${largeUnit} ${small}\u00A0${smallUnit}`;
}

const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** `2 hours ago`, `yesterday`, `just now`. Both are Unix times in milliseconds. */
export function formatAge(then: number, now: number): string {
  const seconds = Math.round((then - now) / 1000);
  const format = new Intl.RelativeTimeFormat(currentLanguage(), { numeric: 'auto' });
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
  }
  return format.format(Math.abs(seconds) < 5 ? 0 : seconds, 'second');
}

/** Date and time of a Unix time in milliseconds, as the language writes it. */
export function formatMoment(time: number): string {
  return new Intl.DateTimeFormat(currentLanguage(), { dateStyle: 'medium', timeStyle: 'short' }).format(time);
}

/** US dollars: `$0.0021`, `$3.20`; below a hundredth of a cent `< $0.0001`; zero is `$0`. */
export function formatUsd(amount: number): string {
  if (!Number.isFinite(amount)) return '–';
  if (amount === 0) return '$0';
  if (amount < 1e-4) return '< $0.0001';
  const places = amount < 0.1 ? 4 : 2;
  return numberFormat(`usd ${places}`, {
    style: 'currency',
    currency: 'USD',
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  }).format(amount);
}
