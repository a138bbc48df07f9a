import { isProviderIdentifier, passesLuhn } from './check-digits.ts';
import type { PiiFinding } from './finding.ts';
import type { PackDetector, PiiPack } from './pii-pack.ts';

const atom = /([9AaX])(?:\{(\d{1,2})(?:,(\d{1,2}))?\}|(\?))?|([\s\S])/gy;
const classes: Readonly<Record<string, string>> = { '9': '\\d', A: '[A-Z]', a: '[a-z]', X: '[A-Z0-9]' };
const longestShape = 200;

/** Throws RangeError where a shape is empty, longer than 200 characters or has a count that ends before it begins. */
export function compileShape(shape: string): RegExp {
  if (shape === '' || shape.length > longestShape) throw new RangeError(`A shape has 1 to ${longestShape} characters.`);
  let pattern = '';
  for (const [, kind, least, most, optional, itself] of shape.matchAll(atom)) {
    if (kind === undefined) {
      pattern += (itself ?? '').replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
      continue;
    }
    if (least !== undefined && most !== undefined && Number(least) > Number(most))
      throw new RangeError(`The count {${least},${most}} of a shape ends before it begins.`);
    const count = optional ?? (least === undefined ? '' : `{${least}${most === undefined ? '' : `,${most}`}}`);
    pattern += `${classes[kind] ?? ''}${count}`;
  }
  return new RegExp(`(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])`, 'gu');
}

function passesCheck(found: string, check: PackDetector['check']): boolean {
  const digits = found.replaceAll(/\D/g, '');
  if (check === 'npi') return isProviderIdentifier(digits);
  return check !== 'luhn' || passesLuhn(digits);
}

function escaped(word: string): string {
  return word.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/** The detectors of packs as one function over a text. */
export function compilePacks(packs: readonly PiiPack[]): (text: string, found: PiiFinding[]) => void {
  const detectors = packs.flatMap((pack) =>
    pack.detectors.map((detector) => ({
      ...detector,
      pattern: compileShape(detector.shape),
      reach: detector.reach ?? 40,
      before:
        detector.words === undefined
          ? null
          : new RegExp(`(?<!\\p{L})(?:${detector.words.map(escaped).join('|')})(?!\\p{L})`, 'iu'),
    })),
  );
  return (text, found) => {
    for (const { kind, pattern, before, reach, check } of detectors) {
      if (before !== null && !before.test(text)) continue;
      for (const match of text.matchAll(pattern)) {
        const start = match.index;
        if (before !== null && !before.test(text.slice(Math.max(0, start - reach), start))) continue;
        if (passesCheck(match[0], check)) found.push({ kind, start, end: start + match[0].length });
      }
    }
  };
}
