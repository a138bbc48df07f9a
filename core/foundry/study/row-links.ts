import type { NamedRows, RowLink } from '#contract/study.ts';
import type { RowLists } from './row-lists.ts';

/** Ids that a figure keeps: enough to open a page of them. */
export const mostIds = 100;

/** Counts rows, keeps the ids of the first of them, and lists all where the study has lists. */
export interface RowCounter {
  add(id: string): void;
  readonly count: number;
  link(): RowLink;
}

export function createRowCounter(lists: RowLists | null): RowCounter {
  const ids: string[] = [];
  const list = lists?.open();
  let count = 0;
  return {
    get count() {
      return count;
    },
    add(id) {
      count += 1;
      if (ids.length < mostIds) ids.push(id);
      list?.add();
    },
    link: () => ({ count, ids, ...(list === undefined || count === 0 ? {} : { lists: [list.keep()] }) }),
  };
}

/** Rows by a name, e.g. their source. */
export interface NameCounter {
  add(name: string, id: string): void;
  /** The most frequent first. */
  all(): NamedRows[];
}

/** Beyond this many names the rest is counted together, so a column of a million values cannot fill the memory. */
const mostNames = 200;
const longestName = 200;
export const otherNames = '…';

export function createNameCounter(lists: RowLists | null): NameCounter {
  const counters = new Map<string, RowCounter>();
  return {
    add(name, id) {
      const short = name.slice(0, longestName);
      const own = counters.has(short) || counters.size < mostNames ? short : otherNames;
      const counter = counters.get(own) ?? createRowCounter(lists);
      counters.set(own, counter);
      counter.add(id);
    },
    all() {
      return [...counters]
        .map(([name, counter]) => ({ name, rows: counter.link() }))
        .toSorted((one, other) => other.rows.count - one.rows.count || (one.name < other.name ? -1 : 1));
    },
  };
}
