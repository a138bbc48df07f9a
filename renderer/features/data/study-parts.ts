import type { Histogram, NamedRows, RowLink, StudyReport } from '#contract/study.ts';

/** A bar of a histogram: what it stands for, how high it is, and its rows. */
export interface Bar {
  readonly from: number;
  /** Null: open above. */
  readonly to: number | null;
  readonly rows: RowLink;
  /** Of the highest bar, 0 to 1. */
  readonly height: number;
}

/** So many can be hit by a finger in the width a chart has. */
const mostBars = 12;
/** Ids that travel with a figure. */
const mostIds = 200;

/** The bars of a histogram, without the empty ones at both ends; neighbours are put together where there are too many. */
export function barsOf({ bounds, buckets }: Histogram): readonly Bar[] {
  const all = buckets.map((rows, index) => ({ from: bounds[index] ?? 0, to: bounds[index + 1] ?? null, rows }));
  const first = all.findIndex(({ rows }) => rows.count > 0);
  const last = all.findLastIndex(({ rows }) => rows.count > 0);
  let bars = first < 0 ? [] : all.slice(first, last + 1);
  while (bars.length > mostBars) bars = pairwise(bars);
  const highest = Math.max(1, ...bars.map(({ rows }) => rows.count));
  return bars.map((bar) => ({ ...bar, height: bar.rows.count / highest }));
}

function pairwise(bars: readonly Omit<Bar, 'height'>[]): Omit<Bar, 'height'>[] {
  return bars.flatMap((bar, index) => {
    if (index % 2 === 1) return [];
    const next = bars[index + 1];
    if (next === undefined) return [bar];
    const ids = [...bar.rows.ids, ...next.rows.ids].slice(0, mostIds);
    const count = bar.rows.count + next.rows.count;
    return [{ from: bar.from, to: next.to, rows: { count, ids, ...listsOfAll([bar.rows, next.rows]) } }];
  });
}

export const shortLists = [
  'languages',
  'sources',
  'licences',
  'teachers',
  'categories',
  'labels',
  'flags',
  'eligible',
  'roleErrors',
] as const;
export type ShortList = (typeof shortLists)[number];

/** Lists of the study that say something: those with rows. */
export function listsOf(
  report: StudyReport,
): readonly { readonly id: ShortList; readonly rows: readonly NamedRows[] }[] {
  return shortLists.map((id) => ({ id, rows: report[id] })).filter(({ rows }) => rows.length > 0);
}

export const concerns = [
  'empty',
  'short',
  'refusals',
  'echoes',
  'exact',
  'near',
  'overContext',
  'broken',
  'pii',
  'contamination',
  'toxicity',
] as const;
export type Concern = (typeof concerns)[number];

/** What a person may want to do something about, with its rows; what nothing was found of comes last. */
export function concernsOf(report: StudyReport): readonly { readonly id: Concern; readonly rows: RowLink }[] {
  const linked: Readonly<Record<Concern, RowLink>> = {
    empty: report.empty,
    short: report.short,
    refusals: report.refusals,
    echoes: report.echoes,
    exact: report.duplicates.exact,
    near: report.duplicates.near,
    overContext: report.tokens.overContext,
    broken: report.code.broken,
    pii: together(report.pii),
    contamination: together(report.contamination.hits),
    toxicity: together(report.toxicity),
  };
  const all = concerns.map((id) => ({ id, rows: linked[id] }));
  return [...all.filter(({ rows }) => rows.count > 0), ...all.filter(({ rows }) => rows.count === 0)];
}

/** Rows of several kinds; one that is of two is counted twice, so where all ids are known they are counted. */
function together(parts: readonly { readonly rows: RowLink }[]): RowLink {
  const ids = [...new Set(parts.flatMap(({ rows }) => rows.ids))];
  const isWhole = parts.every(({ rows }) => rows.ids.length === rows.count);
  const count = isWhole ? ids.length : parts.reduce((sum, { rows }) => sum + rows.count, 0);
  return { count, ids: ids.slice(0, mostIds), ...listsOfAll(parts.map(({ rows }) => rows)) };
}

/** Their lists, where each of them that has rows has one. */
function listsOfAll(parts: readonly RowLink[]): Pick<RowLink, 'lists'> {
  const filled = parts.filter(({ count }) => count > 0);
  if (filled.length === 0 || filled.some(({ lists }) => lists === undefined)) return {};
  return { lists: filled.flatMap(({ lists = [] }) => lists) };
}
