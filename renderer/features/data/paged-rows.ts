/** Rows that are fetched page by page as they come into sight; never all of them. */
export interface PagedRows<T> {
  /** Null: no page has come yet. */
  readonly total: number | null;
  readonly pages: ReadonlyMap<number, readonly T[]>;
}

export const rowsPerPage = 100;
/** Pages that are kept; those read longest ago go first. */
const pagesKept = 40;

export const noRows: PagedRows<never> = { total: null, pages: new Map() };

export function rowAt<T>({ pages }: PagedRows<T>, row: number): T | undefined {
  return pages.get(Math.floor(row / rowsPerPage))?.[row % rowsPerPage];
}

/** Pages that rows `first` to `end` (not with it) lie on and that are not there. */
export function pagesMissing<T>(rows: PagedRows<T>, first: number, end: number): readonly number[] {
  const last = Math.max(first, Math.min(end, rows.total ?? end) - 1);
  const missing: number[] = [];
  for (let page = Math.floor(first / rowsPerPage); page <= Math.floor(last / rowsPerPage); page += 1)
    if (!rows.pages.has(page)) missing.push(page);
  return missing;
}

export function withPage<T>(
  rows: PagedRows<T>,
  page: number,
  found: { total: number; rows: readonly T[] },
): PagedRows<T> {
  const pages = new Map(rows.pages);
  pages.delete(page);
  pages.set(page, found.rows);
  for (const old of pages.keys()) {
    if (pages.size <= pagesKept) break;
    pages.delete(old);
  }
  return { total: found.total, pages };
}
