import type { CanonicalRow } from '#contract/rows.ts';

/** Where written rows come from, as they say themselves: counts of licences, and of teachers with what their terms say. */
export interface RowOrigins {
  readonly licences: ReadonlyMap<string, number>;
  readonly teachers: ReadonlyMap<string, number>;
}

const mostNames = 200;
const others = 'others';

function count(counts: Map<string, number>, name: string): void {
  const key = counts.has(name) || counts.size < mostNames ? name : others;
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Counts row by row; a file of a million licences holds no more than 200 names. */
export function createRowOrigins(): RowOrigins & { add(row: CanonicalRow): void } {
  const [licences, teachers] = [new Map<string, number>(), new Map<string, number>()];
  return {
    licences,
    teachers,
    add({ source }) {
      count(licences, source.licence ?? 'not stated');
      if (source.teacher !== undefined)
        count(teachers, `${source.teacher} (terms: ${source.teacher_terms ?? 'review'})`);
    },
  };
}
