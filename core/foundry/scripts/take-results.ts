import { canonicalRow, type CanonicalRow } from '#contract/rows.ts';
import { contentRefusal } from '../import/check-content.ts';
import { contentId, type Digest } from '../import/row-identity.ts';

/** What became of one row. */
export type TakenRow =
  | {
      readonly ok: true;
      readonly rows: readonly CanonicalRow[];
      readonly isUnchanged: boolean;
      /** Fields that are Forge's and that the script gave otherwise. */
      readonly restored: number;
    }
  | { readonly ok: false; readonly reason: string };

type Eligibility = CanonicalRow['training_eligible'];
const leave: readonly Eligibility[] = [false, 'review', true];

/** A script may take the leave to train away, never give it (D-14). */
function stricter(own: Eligibility, given: unknown): Eligibility {
  const asked = leave.find((one) => one === given) ?? own;
  return leave.indexOf(asked) < leave.indexOf(own) ? asked : own;
}

interface Taken {
  readonly row: CanonicalRow;
  readonly restored: number;
}

function takeOne(before: CanonicalRow, result: unknown, digest: Digest): Taken | string {
  if (typeof result !== 'object' || result === null) return 'it is no object';
  const given = result as Partial<Record<keyof CanonicalRow, unknown>>;
  const eligible = stricter(before.training_eligible, given.training_eligible);
  const own = { id: before.id, group: before.group, source: before.source, flags: before.flags };
  const parsed = canonicalRow.safeParse({ ...given, ...own, training_eligible: eligible });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return `${issue?.path.join('.') || 'the row'}: ${issue?.message ?? ''}`;
  }
  const refusal = contentRefusal(parsed.data);
  if (refusal !== undefined) return refusal.message;
  const id = contentId(parsed.data, digest);
  // A span points into a text; when the text is another one it points at nothing.
  const flags = id === before.id ? before.flags : before.flags.filter(({ span }) => span === undefined);
  return { row: { ...parsed.data, id, flags }, restored: restoredFields(before, given, eligible) };
}

function restoredFields(
  before: CanonicalRow,
  given: Partial<Record<keyof CanonicalRow, unknown>>,
  eligible: Eligibility,
): number {
  const differs = (name: 'id' | 'group' | 'source'): boolean =>
    name in given && JSON.stringify(given[name]) !== JSON.stringify(before[name]);
  const wished = given.training_eligible;
  const names = (['id', 'group', 'source'] as const).filter(differs).length;
  return names + (wished !== undefined && wished !== eligible ? 1 : 0);
}

/**
 * What a script made of one row, checked: it is hostile input like any file. Content is the script's; id (a hash of the content), leak group, source, flags and the
 * leave to train stay Forge's, so that a script can neither forge where a row came from nor part what must stay on one side of a split.
 */
export function takeResults(before: CanonicalRow, results: readonly unknown[], digest: Digest): TakenRow {
  const [first] = results;
  if (results.length === 1 && JSON.stringify(first) === JSON.stringify(before))
    return { ok: true, rows: [before], isUnchanged: true, restored: 0 };
  const rows: CanonicalRow[] = [];
  let restored = 0;
  for (const result of results) {
    const taken = takeOne(before, result, digest);
    if (typeof taken === 'string') return { ok: false, reason: taken };
    rows.push(taken.row);
    restored += taken.restored;
  }
  const isUnchanged = rows.length === 1 && JSON.stringify(rows[0]) === JSON.stringify(before);
  return { ok: true, rows, isUnchanged, restored };
}
