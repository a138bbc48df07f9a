import { closeSync, openSync, readSync } from 'node:fs';
import BetterSqlite from 'better-sqlite3';
import type { PagedRow, PageRequest, RowPage } from '#contract/dataset-versions.ts';
import { rowKinds, type CanonicalRow } from '#contract/rows.ts';
import type { RowTexts } from '#core/foundry/version-store.ts';
import { checkedRow, rowOfLine } from './row-lines.ts';
import { headCharacters, idKey, indexFormat } from './version-index.ts';

type Sort = PageRequest['sort']['by'];

/** Sort columns with the index that holds them in order. */
const sorts: Readonly<Record<Sort, { readonly column: string; readonly index: string | null }>> = {
  place: { column: 'place', index: null },
  promptCharacters: { column: 'prompt_characters', index: 'rows_prompt' },
  answerCharacters: { column: 'answer_characters', index: 'rows_answer' },
  source: { column: 'source', index: 'rows_source' },
  group: { column: 'group_key', index: 'rows_group' },
  kind: { column: 'kind', index: 'rows_kind' },
  flags: { column: 'flag_count', index: 'rows_flag_count' },
};

interface Selection {
  readonly from: string;
  /** The same number of rows without the table of rows, where no condition needs it. */
  readonly countFrom: string;
  readonly where: string;
  readonly values: readonly (string | number | Uint8Array)[];
}

interface IndexRow {
  readonly place: number;
  readonly id: Buffer;
  readonly byte_offset: number;
  readonly byte_length: number;
  readonly kind: number;
  readonly prompt_characters: number;
  readonly answer_characters: number;
  readonly source: number;
  readonly line: number | null;
  readonly group_key: string;
  readonly flags: string | null;
  readonly prompt: string | null;
  readonly answer: string | null;
}

const keptCounts = 200;

/** The index of one version, open for reading. Everything is synchronous; a page takes milliseconds whatever the number of rows. */
export class IndexPages {
  readonly #database: BetterSqlite.Database;
  readonly #rowsFile: number;
  readonly #texts: RowTexts;
  readonly #sources: readonly string[];
  readonly #counts = new Map<string, number>();
  #found: Uint32Array | null = null;

  constructor(files: { readonly index: string; readonly rows: string }, texts: RowTexts) {
    this.#texts = texts;
    this.#database = new BetterSqlite(files.index, { readonly: true, fileMustExist: true });
    const format = this.#database.pragma('user_version', { simple: true });
    if (format !== indexFormat) {
      this.#database.close();
      throw new Error(`the index has format ${String(format)}`);
    }
    this.#rowsFile = openSync(files.rows, 'r');
    this.#sources = this.#database.prepare('SELECT uri FROM sources ORDER BY number').pluck().all() as string[];
  }

  close(): void {
    this.#database.close();
    closeSync(this.#rowsFile);
  }

  /** @param found places a text search gave, in order; null without one */
  page(request: PageRequest, found: Uint32Array | null): RowPage {
    if (found !== null) this.#keepFound(found);
    const selection = selectionOf(this.#withoutEmptyFilters(request), found !== null);
    const total = this.#count(selection, found);
    const places = this.#places(request, selection);
    return { total, rows: places.map((place) => this.#pagedRow(place)) };
  }

  /** @throws RangeError for a place that is none */
  rowsAt(places: readonly number[]): PagedRow[] {
    return places.map((place) => this.#pagedRow(place));
  }

  row(id: string): CanonicalRow | null {
    const found = this.#database.prepare('SELECT * FROM rows WHERE id = ?').get(idKey(id)) as IndexRow | undefined;
    return found === undefined ? null : checkedRow(this.#lineOf(found));
  }

  /** A filter on the only kind there is keeps every row: without it a page is found without looking at each. */
  #withoutEmptyFilters(request: PageRequest): PageRequest {
    const { kind } = request.filter;
    if (kind === null) return request;
    const ofKind = { from: 'rows', countFrom: 'rows', where: ' WHERE kind = ?', values: [rowKinds.indexOf(kind)] };
    const isAll =
      this.#count(ofKind, null) === this.#count({ from: 'rows', countFrom: 'rows', where: '', values: [] }, null);
    return isAll ? { ...request, filter: { ...request.filter, kind: null } } : request;
  }

  #keepFound(found: Uint32Array): void {
    if (this.#found === found) return;
    this.#found = found;
    this.#counts.clear();
    this.#database.exec('CREATE TEMP TABLE IF NOT EXISTS found (place INTEGER PRIMARY KEY); DELETE FROM found');
    const insert = this.#database.prepare('INSERT INTO found VALUES (?)');
    this.#database.transaction(() => found.forEach((place) => insert.run(place)))();
  }

  #count({ countFrom, where, values }: Selection, found: Uint32Array | null): number {
    if (where === '') {
      if (found !== null) return found.length;
      return this.#database.prepare("SELECT value FROM facts WHERE name = 'rows'").pluck().get() as number;
    }
    const key = JSON.stringify([countFrom, where, values]);
    const known = this.#counts.get(key);
    if (known !== undefined) return known;
    const counted = this.#database
      .prepare(`SELECT count(*) FROM ${countFrom}${where}`)
      .pluck()
      .get(...values) as number;
    if (this.#counts.size >= keptCounts) this.#counts.clear();
    this.#counts.set(key, counted);
    return counted;
  }

  #places({ sort, offset, limit }: PageRequest, { from, where, values }: Selection): readonly number[] {
    const { column, index } = sorts[sort.by];
    const direction = sort.descending ? 'DESC' : 'ASC';
    // The order of the sort indexes: ties by kind, then by place.
    const columns = column === 'place' ? ['place'] : column === 'kind' ? ['kind', 'place'] : [column, 'kind', 'place'];
    const order = columns.map((name) => `${name} ${direction}`).join(', ');
    // Without a filter, or with one on the kind alone, the sort index answers by itself.
    const isWalk = from === 'rows' && (where === '' || where === ' WHERE kind = ?');
    const walked =
      isWalk && index !== null && !(index === 'rows_kind' && where !== '') ? `rows INDEXED BY ${index}` : from;
    // Row numbers are consecutive: the beginning of a page in file order is found without stepping there.
    if (isWalk && where === '' && column === 'place') return this.#consecutive(offset, limit, sort.descending);
    const sql = `SELECT place FROM ${walked}${where} ORDER BY ${order} LIMIT ? OFFSET ?`;
    return this.#database
      .prepare(sql)
      .pluck()
      .all(...values, limit, offset) as number[];
  }

  #consecutive(offset: number, limit: number, descending: boolean): readonly number[] {
    const total = this.#database.prepare("SELECT value FROM facts WHERE name = 'rows'").pluck().get() as number;
    const count = Math.max(0, Math.min(limit, total - offset));
    return Array.from({ length: count }, (_, step) => (descending ? total - 1 - offset - step : offset + step));
  }

  #pagedRow(place: number): PagedRow {
    const found = this.#database.prepare('SELECT * FROM rows WHERE place = ?').get(place) as IndexRow | undefined;
    if (found === undefined) throw new RangeError(`there is no row at ${place}`);
    const row = found.prompt === null || found.answer === null ? rowOfLine(this.#lineOf(found)) : null;
    const head = (text: string): string => text.slice(0, headCharacters).toWellFormed();
    return {
      place,
      id: found.id.length === 16 ? found.id.toString('hex') : found.id.toString('utf8'),
      kind: rowKinds[found.kind] ?? 'sft',
      prompt: row === null ? (found.prompt ?? '') : head(this.#texts.promptOf(row)),
      answer: row === null ? (found.answer ?? '') : head(this.#texts.answerOf(row)),
      promptCharacters: found.prompt_characters,
      answerCharacters: found.answer_characters,
      group: found.group_key,
      source: this.#sources[found.source] ?? '',
      line: found.line,
      flags: found.flags === null ? [] : found.flags.split('\n'),
    };
  }

  #lineOf({ byte_offset: offset, byte_length: length }: IndexRow): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    const read = readSync(this.#rowsFile, bytes, 0, length, offset);
    if (read !== length) throw new Error(`the rows file ends inside the row at byte ${offset}`);
    return bytes;
  }
}

function selectionOf({ filter }: PageRequest, isSearched: boolean): Selection {
  const conditions: string[] = [];
  const values: (string | number | Uint8Array)[] = [];
  const add = (condition: string, ...given: (string | number | Uint8Array)[]): void => {
    conditions.push(condition);
    values.push(...given);
  };
  if (filter.flag !== null) add('code = ?', filter.flag);
  if (filter.kind !== null) add('kind = ?', rowKinds.indexOf(filter.kind));
  if (filter.group !== null) add('group_key = ?', filter.group);
  if (filter.ids !== null) add(`id IN (${filter.ids.map(() => '?').join(', ')})`, ...filter.ids.map(idKey));
  const tables = [...(isSearched ? ['found'] : []), ...(filter.flag === null ? [] : ['row_flags'])];
  const joined = `${tables.join(' JOIN ')}${tables.length > 1 ? ' USING (place)' : ''}`;
  const from = tables.length === 0 ? 'rows' : `${joined} CROSS JOIN rows USING (place)`;
  const needsRows = conditions.length > (filter.flag === null ? 0 : 1);
  const countFrom = needsRows || tables.length === 0 ? from : joined;
  return { from, countFrom, where: conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`, values };
}
