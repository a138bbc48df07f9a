import { ibanLengthOf, passesIbanCheck } from './check-digits.ts';
import type { PiiFinding } from './finding.ts';
import { isWordUnit } from './number-groups.ts';

/** The IBAN whose country begins at `start`, in one piece or in groups parted by single spaces or dashes; null where length or check digits are wrong. */
export function ibanAt(text: string, start: number): PiiFinding | null {
  const length = ibanLengthOf(text.slice(start, start + 2));
  if (length === undefined) return null;
  let [at, iban] = [start, ''];
  while (iban.length < length) {
    const letter = text.charAt(at);
    if (/[A-Z0-9]/.test(letter)) iban += letter;
    else if (!/[ \u00a0\u202f-]/.test(letter) || !/[A-Z0-9]/.test(text.charAt(at + 1))) return null;
    at += 1;
  }
  if (isWordUnit(text.charCodeAt(at)) || !passesIbanCheck(iban)) return null;
  return { kind: 'iban', start, end: at };
}
