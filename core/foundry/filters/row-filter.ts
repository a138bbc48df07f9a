import type { CanonicalRow, CheckFlag } from '#contract/rows.ts';

/** What a filter says about a row. `why` is for people. */
export type FilterVerdict =
  | { readonly kind: 'keep' }
  | { readonly kind: 'drop'; readonly why: string; readonly flags?: readonly CheckFlag[] }
  | { readonly kind: 'change'; readonly row: CanonicalRow; readonly why: string };

export const keep: FilterVerdict = { kind: 'keep' };

/** A verdict that only drops where there is a reason. */
export function dropFor(why: string | null): FilterVerdict {
  return why === null ? keep : { kind: 'drop', why };
}

/** A filter that has to see every row that reaches it before it can judge the first (near duplicates). */
export interface Lookahead {
  see(row: CanonicalRow): void;
  /** Does the work; gives the share that is done, so that it can be stopped in between. */
  settle(): Generator<number, void, undefined>;
}

/** One step over rows. `begin` makes it forget the rows of an earlier pass; rows come in the order of the version. */
export interface RowFilter {
  begin(): void;
  judge(row: CanonicalRow): FilterVerdict;
  readonly lookahead?: Lookahead;
}

/** A filter that knows nothing but the row before it. */
export function plainFilter(judge: (row: CanonicalRow) => FilterVerdict): RowFilter {
  return { begin: () => undefined, judge };
}
