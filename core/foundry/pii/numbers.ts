import { passesLuhn } from './check-digits.ts';
import { followsIbanHead, saysCard, saysSocialSecurity, saysThing, saysVersion } from './context-words.ts';
import type { PiiFinding } from './finding.ts';
import {
  digitsOf,
  type Gap,
  type GroupMatch,
  lengthOfGroup,
  type NumberGroups,
  type NumberPlace,
  shapeAt,
} from './number-groups.ts';
import { phoneAt } from './phone-numbers.ts';

/** Lengths and first digits by issuer: ISO/IEC 7812 and what the networks publish. Random numbers pass Luhn in one of ten cases, so both are needed. */
const issuers: readonly { readonly prefix: RegExp; readonly lengths: readonly number[] }[] = [
  { prefix: /^4/, lengths: [13, 16, 19] },
  { prefix: /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] },
  { prefix: /^3[47]/, lengths: [15] },
  { prefix: /^(?:6011|64[4-9]|65)/, lengths: [16, 19] },
  { prefix: /^(?:30[0-5]|36|38|39)/, lengths: [14, 16] },
  { prefix: /^35(?:2[89]|[3-8])/, lengths: [16, 19] },
  { prefix: /^62/, lengths: [16, 17, 18, 19] },
  { prefix: /^(?:50|5[6-8]|6304|67)/, lengths: [16] },
  { prefix: /^220[0-4]/, lengths: [16] },
];

/** Whether digits are a card number: issuer, length and check digit. */
export function isCardNumber(digits: string): boolean {
  return (
    issuers.some(({ prefix, lengths }) => lengths.includes(digits.length) && prefix.test(digits)) && passesLuhn(digits)
  );
}

/** How cards print their number, longest first. */
const cardShapes = [
  [4, 4, 4, 4, 3],
  [4, 4, 4, 4],
  [4, 6, 5],
  [4, 6, 4],
] as const;

function standsAlone({ groups, first }: NumberPlace, next: number, gap: Gap): boolean {
  const glues = (between: Gap | undefined): boolean => between === gap && gap !== 'space' && gap !== 'none';
  return !glues(groups.gaps[first]) && !glues(groups.gaps[next]);
}

function findingOf({ groups, first }: NumberPlace, kind: string, next: number): GroupMatch {
  return { finding: { kind, start: groups.starts[first] ?? 0, end: groups.ends[next - 1] ?? 0 }, next };
}

function cardAt(place: NumberPlace): GroupMatch | null {
  const { text, groups, first } = place;
  for (const shape of cardShapes) {
    const gap = shapeAt(groups, first, shape);
    const next = first + shape.length;
    if ((gap !== 'space' && gap !== 'dash') || !standsAlone(place, next, gap) || continuesAccount(place)) continue;
    if (isCardNumber(digitsOf(text, groups, [first, next]))) return findingOf(place, 'card', next);
  }
  const length = lengthOfGroup(groups, first);
  if (length < 13 || length > 19 || isGluedTo(groups, first) || isGluedTo(groups, first + 1)) return null;
  const start = groups.starts[first] ?? 0;
  if (!isCardNumber(text.slice(start, groups.ends[first]))) return null;
  return saysThing(text, start) && !saysCard(text, start) ? null : findingOf(place, 'card', first + 1);
}

/** Four digits and a space before, or `DE89 `: the middle of a longer number. */
function continuesAccount({ text, groups, first }: NumberPlace): boolean {
  if (groups.gaps[first] === 'space' && lengthOfGroup(groups, first - 1) === 4) return true;
  return followsIbanHead(text, groups.starts[first] ?? 0);
}

function isGluedTo({ gaps }: NumberGroups, group: number): boolean {
  const gap = gaps[group];
  return gap === 'dash' || gap === 'dot' || gap === 'slash';
}

/** Area 001-899 without 666, group not 00, serial not 0000 (Social Security Administration, randomisation of 2011); two numbers printed in adverts. */
export function isSocialSecurityNumber(digits: string): boolean {
  if (!/^(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}$/.test(digits)) return false;
  return digits !== '078051120' && digits !== '219099999';
}

function socialSecurityAt(place: NumberPlace): GroupMatch | null {
  const { text, groups, first } = place;
  const gap = shapeAt(groups, first, [3, 2, 4]);
  const start = groups.starts[first] ?? 0;
  if (gap === 'dash' || gap === 'space' || gap === 'dot') {
    if (!standsAlone(place, first + 3, gap)) return null;
    if (gap === 'dash' ? saysThing(text, start) && !saysSocialSecurity(text, start) : !saysSocialSecurity(text, start))
      return null;
    return isSocialSecurityNumber(digitsOf(text, groups, [first, first + 3]))
      ? findingOf(place, 'ssn', first + 3)
      : null;
  }
  if (lengthOfGroup(groups, first) !== 9 || isGluedTo(groups, first + 1) || !saysSocialSecurity(text, start))
    return null;
  return isSocialSecurityNumber(digitsOf(text, groups, [first, first + 1])) ? findingOf(place, 'ssn', first + 1) : null;
}

/** The ranges that IANA's special-purpose registry (RFC 6890) does not call globally reachable, and multicast. */
function isPublicAddress([a, b, c]: readonly [number, number, number]): boolean {
  if (a === 0 || a === 10 || a === 127 || a >= 224) return false;
  if (a === 100) return b < 64 || b > 127;
  if (a === 169) return b !== 254;
  if (a === 172) return b < 16 || b > 31;
  if (a === 192) return b !== 168 && !(b === 0 && (c === 0 || c === 2)) && !(b === 88 && c === 99);
  if (a === 198) return b !== 18 && b !== 19 && !(b === 51 && c === 100);
  return !(a === 203 && b === 0 && c === 113);
}

function addressAt(place: NumberPlace): GroupMatch | null {
  const { text, groups, first } = place;
  for (let group = first + 1; group < first + 4; group += 1) if (groups.gaps[group] !== 'dot') return null;
  if (groups.gaps[first] === 'dot' || groups.gaps[first + 4] === 'dot') return null;
  const parts: number[] = [];
  for (let group = first; group < first + 4; group += 1) {
    const written = text.slice(groups.starts[group], groups.ends[group]);
    if (written.length > 3 || (written.length > 1 && written.startsWith('0')) || Number(written) > 255) return null;
    parts.push(Number(written));
  }
  const [a = 0, b = 0, c = 0] = parts;
  if (!isPublicAddress([a, b, c]) || saysVersion(text, groups.starts[first] ?? 0)) return null;
  return findingOf(place, 'ipv4', first + 4);
}

/** Adds what the groups of a number hold: addresses, cards, social security and phone numbers. */
export function findInNumber(text: string, groups: NumberGroups, found: PiiFinding[]): void {
  for (let first = 0; first < groups.starts.length;) {
    const place: NumberPlace = { text, groups, first };
    const startsHere = first === 0 || !isGluedTo(groups, first);
    const match = startsHere ? (addressAt(place) ?? cardAt(place) ?? socialSecurityAt(place) ?? phoneAt(place)) : null;
    if (match !== null) found.push(match.finding);
    first = match?.next ?? first + 1;
  }
}
