import type { CanonicalRow } from '#contract/rows.ts';
import { changeTexts, textsOf } from '../row-texts.ts';
import { fakeOf, maskNameOf, placeholderOf } from './replacement-values.ts';
import { piiCheck, piiFlags, type RowPiiFinding } from './row-pii.ts';

/** What becomes of a finding (D-13): hidden as `<EMAIL_1>`, replaced by a fake of its kind, its row dropped, its row put before a person. */
export const piiActions = ['mask', 'replace', 'drop', 'review'] as const;
export type PiiAction = (typeof piiActions)[number];

export interface PiiPolicy {
  /** For kinds that are not named. */
  readonly otherwise: PiiAction;
  readonly byKind?: Readonly<Record<string, PiiAction>>;
  /** Chooses the fakes; the same value and seed give the same fake in every row. */
  readonly seed: number;
}

/** Case, spaces and the way a number is written make no difference between two mentions of one value. */
function sameValue(kind: string, value: string): string {
  if (kind === 'email') return value.toLowerCase();
  if (kind === 'phone' || kind === 'card' || kind === 'ssn') return value.replaceAll(/\D/g, '');
  return kind === 'iban' ? value.replaceAll(/[\s-]/g, '') : value;
}

/** Numbers the masks of one conversation: the same value has the same number in all its texts, and masks that were there before keep theirs. */
function createMasks(row: CanonicalRow): (kind: string, value: string) => string {
  const given = new Map<string, string>();
  const counts = new Map<string, number>();
  for (const { text } of textsOf(row)) {
    for (const [, name = '', number] of text.matchAll(/<([A-Z0-9_]+)_(\d{1,6})>/g)) {
      counts.set(name, Math.max(counts.get(name) ?? 0, Number(number)));
    }
  }
  return (kind, value) => {
    const key = `${kind} ${sameValue(kind, value)}`;
    const earlier = given.get(key);
    if (earlier !== undefined) return earlier;
    const name = maskNameOf(kind);
    const number = (counts.get(name) ?? 0) + 1;
    counts.set(name, number);
    const mask = placeholderOf(kind, number);
    given.set(key, mask);
    return mask;
  };
}

/**
 * The row after the policy, or null where it is dropped. Masked and replaced values are gone; findings for review stay as flags, and the row is not
 * trained on before a person has looked. Flags of an earlier look are replaced. The content changes, so the caller gives the row a new id.
 */
export function applyPii(row: CanonicalRow, found: readonly RowPiiFinding[], policy: PiiPolicy): CanonicalRow | null {
  const actionFor = ({ kind }: RowPiiFinding): PiiAction => policy.byKind?.[kind] ?? policy.otherwise;
  if (found.some((finding) => actionFor(finding) === 'drop')) return null;
  const byPlace = Map.groupBy(found, ({ place }) => place);
  const maskOf = createMasks(row);
  const kept: RowPiiFinding[] = [];
  const changed = changeTexts(row, (place, text) => {
    let [result, at] = ['', 0];
    for (const finding of byPlace.get(place) ?? []) {
      const { kind, start, end } = finding;
      const value = text.slice(start, end);
      const action = actionFor(finding);
      result += text.slice(at, start);
      if (action === 'review') kept.push({ ...finding, start: result.length, end: result.length + value.length });
      result += action === 'mask' ? maskOf(kind, value) : action === 'replace' ? fake(kind, value, policy.seed) : value;
      at = end;
    }
    return result + text.slice(at);
  });
  const flags = [...row.flags.filter(({ check }) => check !== piiCheck), ...piiFlags(kept)];
  const eligible = kept.length > 0 && row.training_eligible === true ? 'review' : row.training_eligible;
  return { ...changed, flags, training_eligible: eligible };
}

function fake(kind: string, value: string, seed: number): string {
  return fakeOf(kind, kind === 'email' || kind === 'phone' ? sameValue(kind, value) : value, seed);
}
