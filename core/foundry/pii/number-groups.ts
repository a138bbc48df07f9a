import type { PiiFinding } from './finding.ts';

/** What stands between two groups of digits. */
export type Gap = 'none' | 'space' | 'dash' | 'dot' | 'slash' | 'bracket' | 'dashed-spaces';

/** A number as it is written: groups of digits and what parts them. */
export interface NumberGroups {
  /** Where each group begins and ends in the text. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** What stands before each group; `none` before the first. */
  readonly gaps: readonly Gap[];
}

/** A finding that begins with a group, and the first group after it. */
export interface GroupMatch {
  readonly finding: PiiFinding;
  readonly next: number;
}

/** Everything the detectors of numbers ask about a place. */
export interface NumberPlace {
  readonly text: string;
  readonly groups: NumberGroups;
  readonly first: number;
}

const mostGroups = 12;
const longestGap = 3;
const gapKinds: ReadonlyMap<string, Gap> = new Map<string, Gap>([
  [' ', 'space'],
  ['-', 'dash'],
  ['.', 'dot'],
  ['/', 'slash'],
  [' / ', 'slash'],
  [')', 'bracket'],
  [') ', 'bracket'],
  [')-', 'bracket'],
  ['(', 'bracket'],
  [' (', 'bracket'],
  [' - ', 'dashed-spaces'],
]);

export function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57;
}

/** Letters, digits and the underscore of ASCII, and everything beyond ASCII that is a letter of a script with spaces (roughly: Latin to Arabic). */
export function isWordUnit(unit: number): boolean {
  if (unit < 128) return isDigit(unit) || ((unit | 32) - 97) >>> 0 < 26 || unit === 95;
  return unit >= 0xc0 && unit < 0x700;
}

const spaceUnits = new Set([0x20, 0xa0, 0x202f, 0x2009]);
const dashUnits = new Set([0x2d, 0x2010, 0x2011, 0x2013]);

function plainUnit(unit: number): string {
  if (spaceUnits.has(unit)) return ' ';
  if (dashUnits.has(unit)) return '-';
  return unit === 0x2e || unit === 0x2f || unit === 0x28 || unit === 0x29 ? String.fromCharCode(unit) : '';
}

/** The gap at `at` that leads to another digit, with its length. */
function gapAt(text: string, at: number): { readonly gap: Gap; readonly length: number } | null {
  let written = '';
  for (let length = 0; length <= longestGap; length += 1) {
    const unit = text.charCodeAt(at + length);
    if (isDigit(unit)) {
      const gap = gapKinds.get(written);
      return gap === undefined ? null : { gap, length };
    }
    const plain = plainUnit(unit);
    if (plain === '') return null;
    written += plain;
  }
  return null;
}

/** Reads the groups from the digit at `start` on. The last group is left out when it runs into a word (`123abc`, `12-abc`). */
export function readNumberGroups(text: string, start: number): NumberGroups {
  const groups = { starts: [] as number[], ends: [] as number[], gaps: ['none'] as Gap[] };
  let at = start;
  for (;;) {
    groups.starts.push(at);
    while (isDigit(text.charCodeAt(at))) at += 1;
    groups.ends.push(at);
    const next = groups.starts.length < mostGroups ? gapAt(text, at) : null;
    if (next === null) return withoutGlued(text, groups);
    groups.gaps.push(next.gap);
    at += next.length;
  }
}

function withoutGlued(
  text: string,
  { starts, ends, gaps }: { starts: number[]; ends: number[]; gaps: Gap[] },
): NumberGroups {
  const end = ends.at(-1) ?? 0;
  const after = text.charCodeAt(end);
  const isGlued = isWordUnit(after) || (dashUnits.has(after) && isWordUnit(text.charCodeAt(end + 1)));
  if (!isGlued) return { starts, ends, gaps };
  return { starts: starts.slice(0, -1), ends: ends.slice(0, -1), gaps: gaps.slice(0, starts.length) };
}

/** The digits of groups `first` up to, without, `end`. */
export function digitsOf(
  text: string,
  { starts, ends }: NumberGroups,
  [first, end]: readonly [number, number],
): string {
  let digits = '';
  for (let group = first; group < end; group += 1) digits += text.slice(starts[group], ends[group]);
  return digits;
}

export function lengthOfGroup({ starts, ends }: NumberGroups, group: number): number {
  return (ends[group] ?? 0) - (starts[group] ?? 0);
}

/** Whether groups from `first` on have these lengths with one kind of gap between them; gives that gap. */
export function shapeAt(groups: NumberGroups, first: number, lengths: readonly number[]): Gap | null {
  const gap = lengths.length === 1 ? 'none' : groups.gaps[first + 1];
  if (gap === undefined) return null;
  for (let index = 0; index < lengths.length; index += 1) {
    if (lengthOfGroup(groups, first + index) !== lengths[index]) return null;
    if (index > 0 && groups.gaps[first + index] !== gap) return null;
  }
  return gap;
}
