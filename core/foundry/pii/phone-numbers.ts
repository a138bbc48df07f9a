import { followsIbanHead, saysPhone, saysThing } from './context-words.ts';
import { digitsOf, type GroupMatch, lengthOfGroup, type NumberGroups, type NumberPlace } from './number-groups.ts';

/** Country codes (ITU-T E.164) by their first digits: all of one and two digits, and where three digits are needed the first two. */
const codesOfTwoDigits = /^(?:20|27|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;
const codesOfThreeDigits =
  /^(?:21[1-368]|22\d|23\d|24\d|25\d|26\d|29[0178]|35\d|37\d|38[0-35-79]|42[013]|50\d|59\d|67[02-9]|68\d|69[0-2]|80[08]|85[02356]|87[08]|88[0268]|96[0-8]|97[0-79]|99[2-68])/;
/** Ofcom sets these mobile numbers aside for films: they belong to nobody, and the fakes of `replace` are made of them. */
const fictional = /^447700900\d{3}$/;

/** Whether digits after a plus are a phone number: a country code, then 7 to 15 digits in all; North America has exactly 11. */
export function isInternationalNumber(digits: string): boolean {
  if (fictional.test(digits)) return false;
  if (digits.startsWith('1')) return digits.length === 11 && isNorthAmerican(digits.slice(1));
  if (digits.startsWith('7')) return digits.length === 11;
  return (
    (codesOfTwoDigits.test(digits) || codesOfThreeDigits.test(digits)) && digits.length >= 9 && digits.length <= 15
  );
}

/** Area and exchange begin with 2 to 9 and are no service codes such as 911 (NANPA). */
function isNorthAmerican(digits: string): boolean {
  return /^[2-9](?!11)\d{2}[2-9](?!11)\d{6}$/.test(digits);
}

const mostDigits = 15;
const mostPhoneGroups = 7;

/** End of the groups from `first` on that could belong to one phone number: no more than 15 digits. */
function longestReach({ groups, first }: NumberPlace): number {
  let [digits, group] = [0, first];
  for (; group < groups.starts.length && group - first < mostPhoneGroups; group += 1) {
    digits += lengthOfGroup(groups, group);
    if (digits > mostDigits) break;
  }
  return group;
}

/** The longest run of groups from `first` on that `accepts` likes, each run as its digits. */
function longestAccepted(place: NumberPlace, accepts: (digits: string, next: number) => boolean): number | null {
  for (let next = longestReach(place); next > place.first; next -= 1) {
    if (accepts(digitsOf(place.text, place.groups, [place.first, next]), next)) return next;
  }
  return null;
}

function hasNorthAmericanShape({ groups, first }: NumberPlace, next: number): boolean {
  const lengths = Array.from({ length: next - first }, (_, index) => lengthOfGroup(groups, first + index)).join(' ');
  if (lengths !== '3 3 4' && lengths !== '1 3 3 4') return false;
  const gaps = groups.gaps.slice(next - 2, next);
  return gaps.some((gap) => gap === 'dash' || gap === 'dot' || gap === 'bracket');
}

/** Trunk prefix 0 and at least two groups: 030 1234567, 01 23 45 67 89, 090-1234-5678. */
function hasTrunkPrefix({ groups, first }: NumberPlace, digits: string, next: number): boolean {
  if (!/^0[1-9]\d{7,10}$/.test(digits) || next - first < 2 || lengthOfGroup(groups, first) < 2) return false;
  const gaps = groups.gaps.slice(first + 1, next);
  return !gaps.includes('dot') || /^0[1-9]$/.test(digits.slice(0, lengthOfGroup(groups, first)));
}

/** 0049 30 1234567; not 0.0.5 or 00 12. */
function hasDoubleZero({ text, groups, first }: NumberPlace): boolean {
  return lengthOfGroup(groups, first) > 2 && text.startsWith('00', groups.starts[first]);
}

/** Dates, and times after them: 2024-01-15, 15.01.2024, 01/15/2024. */
function looksLikeDate(
  text: string,
  { starts, ends }: NumberGroups,
  [first, next]: readonly [number, number],
): boolean {
  const written = text.slice(starts[first], ends[next - 1]);
  return /^(?:(?:19|20)\d\d[-./](?:0?\d|1[0-2])[-./][0-3]?\d|[0-3]?\d[-./][0-3]?\d[-./](?:19|20)?\d\d)(?!\d|[-./]\d)/.test(
    written,
  );
}

/** Where the number really begins: with its plus, its double zero or its bracket. */
function beginning(text: string, start: number): { readonly start: number; readonly isInternational: boolean } {
  const before = text.charAt(start - 1);
  if (before === '+') {
    const bracket = text.charAt(start - 2) === '(' ? 1 : 0;
    return { start: start - 1 - bracket, isInternational: true };
  }
  return { start: before === '(' ? start - 1 : start, isInternational: false };
}

/** A phone number at a group: international, North American, national with a trunk zero, or anything of that size after a word for phone. */
export function phoneAt(place: NumberPlace): GroupMatch | null {
  const { text, groups, first } = place;
  const { start, isInternational } = beginning(text, groups.starts[first] ?? 0);
  const next = isInternational ? longestAccepted(place, withoutTrunkZero) : nationalReach(place, start);
  if (next === null) return null;
  const opens = text.charAt(start) === '(' && !text.slice(start, groups.ends[next - 1]).includes(')');
  return { finding: { kind: 'phone', start: opens ? start + 1 : start, end: groups.ends[next - 1] ?? 0 }, next };
}

/** +49 (0)30 123: the trunk zero in brackets is not dialled. */
function withoutTrunkZero(digits: string): boolean {
  return isInternationalNumber(digits) || isInternationalNumber(digits.replace(/^(\d{2,3}?)0/, '$1'));
}

function nationalReach(place: NumberPlace, start: number): number | null {
  const { text, groups, first } = place;
  if (looksLikeDate(text, groups, [first, groups.starts.length])) return null;
  const american = longestAccepted(
    place,
    (digits, next) => isNorthAmerican(digits.replace(/^1(?=\d{10}$)/, '')) && hasNorthAmericanShape(place, next),
  );
  const certain =
    american ??
    longestAccepted(
      place,
      (digits, next) => hasDoubleZero(place) && next - first > 1 && isInternationalNumber(digits.slice(2)),
    ) ??
    longestAccepted(place, (digits, next) => hasTrunkPrefix(place, digits, next));
  const isApart = groups.gaps[first] !== 'space' && !followsIbanHead(text, start);
  if (certain !== null && isApart && !saysThing(text, start)) return certain;
  if (!saysPhone(text, start)) return null;
  return certain ?? longestAccepted(place, (digits) => digits.length >= 7 && !/^0{3}/.test(digits));
}
