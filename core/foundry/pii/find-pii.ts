import { ibanAt } from './bank-accounts.ts';
import { emailAt } from './email-addresses.ts';
import type { PiiFinding } from './finding.ts';
import { addressAround } from './internet-addresses.ts';
import { isDigit, isWordUnit, readNumberGroups } from './number-groups.ts';
import { findInNumber } from './numbers.ts';
import { compilePacks } from './pack-detectors.ts';
import type { PiiPack } from './pii-pack.ts';
import { couldBeginSecret, namedSecretAt, privateKeyAt, secretAt } from './secrets.ts';

const [at, colon, equals, dash, digit, capital] = [1, 2, 3, 4, 5, 6];
const smallLetter = 7;

/** What a unit of ASCII can begin or hold together. */
const triggers = Uint8Array.from({ length: 128 }, (_, unit) => {
  if (isDigit(unit)) return digit;
  if (unit >= 0x41 && unit <= 0x5a) return capital;
  if (unit >= 0x61 && unit <= 0x7a) return smallLetter;
  return { '@': at, ':': colon, '=': equals, '-': dash }[String.fromCharCode(unit)] ?? 0;
});

/** Which of two findings at one place is the right one: earlier in the list, then the longer. Kinds of packs come before phone numbers. */
const ranks: Readonly<Record<string, number>> = {
  'private-key': 0,
  jwt: 1,
  'api-key': 2,
  email: 3,
  iban: 4,
  card: 5,
  ssn: 6,
  ipv4: 7,
  ipv6: 7,
  phone: 9,
};
const rankOfPacks = 8;

export interface PiiOptions {
  readonly packs?: readonly PiiPack[];
  /** Only these kinds are told; all by default. */
  readonly kinds?: readonly string[];
}

/**
 * A finder of personal data and secrets in a text (D-13): one pass over its characters finds the places where something can begin, detectors with
 * checks look at those. Findings are in order and do not overlap.
 */
export function createPiiFinder({ packs = [], kinds }: PiiOptions = {}): (text: string) => readonly PiiFinding[] {
  const findByPacks = packs.length === 0 ? null : compilePacks(packs);
  return (text) => {
    const found: PiiFinding[] = [];
    findByCharacters(text, found);
    findByPacks?.(text, found);
    if (found.length === 0) return found;
    return withoutOverlaps(kinds === undefined ? found : found.filter(({ kind }) => kinds.includes(kind)));
  };
}

function findByCharacters(text: string, found: PiiFinding[]): void {
  let inWord = false;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    const trigger = unit < 128 ? triggers[unit] : 0;
    if (trigger === smallLetter || trigger === capital) {
      if (!inWord) index = beginWord(text, index, found) - 1;
      inWord = true;
      continue;
    }
    if (trigger === digit) {
      if (!inWord && !isContinued(text, index)) index = readNumber(text, index, found) - 1;
      inWord = true;
      continue;
    }
    inWord = unit === 0x5f || (unit >= 0xc0 && unit < 0x700);
    if (trigger !== 0) index = lookAround(text, index, found);
  }
}

/** A number after a dash, full stop or slash that ends a word is a part of that word: e29b-41d4, /orders/4711. */
function isContinued(text: string, index: number): boolean {
  const before = text.charAt(index - 1);
  const unit = text.charCodeAt(index - 2);
  return before === '.' ? isDigit(unit) : (before === '-' || before === '/') && isWordUnit(unit);
}

const leastDigits = 4;

/** Looks at the number that begins here; gives where to go on. */
function readNumber(text: string, start: number, found: PiiFinding[]): number {
  const groups = readNumberGroups(text, start);
  const end = groups.ends.at(-1) ?? start + 1;
  if (end - start >= leastDigits) findInNumber(text, groups, found);
  return Math.max(end, start + 1);
}

/** Looks at the word that begins here; gives where to go on (right after its first character, or after a secret). */
function beginWord(text: string, start: number, found: PiiFinding[]): number {
  if (couldBeginSecret(text, start)) {
    const secret = secretAt(text, start);
    if (secret !== null) {
      found.push(secret);
      return secret.end;
    }
  }
  if (isDigit(text.charCodeAt(start + 2)) && isDigit(text.charCodeAt(start + 3))) {
    const iban = ibanAt(text, start);
    if (iban !== null) {
      found.push(iban);
      return iban.end;
    }
  }
  return start + 1;
}

/** Looks at what a sign holds together; gives the last place that was looked at. */
function lookAround(text: string, index: number, found: PiiFinding[]): number {
  const sign = text.charAt(index);
  if (sign === '@') pushFound(found, emailAt(text, index));
  else if (sign === '-') {
    if (!text.startsWith('-----BEGIN ', index)) return index;
    const block = privateKeyAt(text, index);
    pushFound(found, block);
    return block === null ? index : block.end - 1;
  } else {
    pushFound(found, namedSecretAt(text, index));
    const nextColon = sign === ':' ? text.indexOf(':', index + 1) : -1;
    if (nextColon >= 0 && nextColon - index <= 5) return lookForAddress(text, index, found);
  }
  return index;
}

function lookForAddress(text: string, index: number, found: PiiFinding[]): number {
  const { finding, end } = addressAround(text, index);
  pushFound(found, finding);
  return finding === null ? index : end - 1;
}

function pushFound(found: PiiFinding[], finding: PiiFinding | null): void {
  if (finding !== null) found.push(finding);
}

/** One sweep in the order of the text: of two findings that overlap the better one stays. */
function withoutOverlaps(found: readonly PiiFinding[]): PiiFinding[] {
  const rankOf = ({ kind }: PiiFinding): number => ranks[kind] ?? rankOfPacks;
  const lengthOf = ({ start, end }: PiiFinding): number => end - start;
  const isBetter = (one: PiiFinding, other: PiiFinding): boolean =>
    rankOf(one) < rankOf(other) || (rankOf(one) === rankOf(other) && lengthOf(one) > lengthOf(other));
  const kept: PiiFinding[] = [];
  for (const finding of found.toSorted((one, other) => one.start - other.start)) {
    const last = kept.at(-1);
    if (last === undefined || finding.start >= last.end) kept.push(finding);
    else if (isBetter(finding, last)) kept[kept.length - 1] = finding;
  }
  return kept;
}
