import { rmSync } from 'node:fs';
import BetterSqlite from 'better-sqlite3';
import { rowKinds, type CanonicalRow } from '#contract/rows.ts';
import type { RowTexts } from '#core/foundry/version-store.ts';

/** A file of another number is made again. */
export const indexFormat = 1;

/** Above this length a row's own head is kept in the index, so that a page never parses megabytes. */
const longRowBytes = 65_536;
export const headCharacters = 300;
const insertsPerTransaction = 20_000;

const tables = `
  CREATE TABLE rows (
    place INTEGER PRIMARY KEY, id BLOB NOT NULL, byte_offset INTEGER NOT NULL, byte_length INTEGER NOT NULL,
    kind INTEGER NOT NULL, prompt_characters INTEGER NOT NULL, answer_characters INTEGER NOT NULL,
    source INTEGER NOT NULL, line INTEGER, flag_count INTEGER NOT NULL, group_key TEXT NOT NULL,
    flags TEXT, prompt TEXT, answer TEXT
  );
  CREATE TABLE sources (number INTEGER PRIMARY KEY, uri TEXT NOT NULL);
  CREATE TABLE row_flags (code TEXT NOT NULL, place INTEGER NOT NULL, PRIMARY KEY (code, place)) WITHOUT ROWID;
  CREATE TABLE facts (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
`;

/** Each ends in the row's place by itself, so ties keep the order of the file. The kind beside a sort column answers a filter without the table. */
const indexes = `
  CREATE INDEX rows_id ON rows (id);
  CREATE INDEX rows_kind ON rows (kind);
  CREATE INDEX rows_prompt ON rows (prompt_characters, kind);
  CREATE INDEX rows_answer ON rows (answer_characters, kind);
  CREATE INDEX rows_source ON rows (source, kind);
  CREATE INDEX rows_group ON rows (group_key, kind);
  CREATE INDEX rows_flag_count ON rows (flag_count, kind);
`;

/** Ids are 32 hex characters; any other kept id stays text. */
export function idKey(id: string): Uint8Array {
  return /^[0-9a-f]{32}$/.test(id) ? Buffer.from(id, 'hex') : Buffer.from(id, 'utf8');
}

/** A row in its place, and where its line stands in the rows file. */
export interface IndexedRow {
  readonly place: number;
  readonly byteOffset: number;
  readonly byteLength: number;
  readonly row: CanonicalRow;
}

/** Writes `index.db` beside a version's rows: everything a page needs but the texts. It can always be made again from the rows. */
export class IndexBuilder {
  readonly #database: BetterSqlite.Database;
  readonly #insert: BetterSqlite.Statement;
  readonly #insertFlag: BetterSqlite.Statement;
  readonly #texts: RowTexts;
  readonly #sources = new Map<string, number>();
  #rows = 0;

  constructor(file: string, texts: RowTexts) {
    for (const old of [file, `${file}-journal`]) rmSync(old, { force: true });
    this.#texts = texts;
    this.#database = new BetterSqlite(file);
    // Thrown away whole after a crash, so it needs no journal.
    for (const setting of ['journal_mode = OFF', 'synchronous = OFF', 'locking_mode = EXCLUSIVE', 'cache_size = -8000'])
      this.#database.pragma(setting);
    this.#database.exec(tables);
    this.#insert = this.#database.prepare(`INSERT INTO rows VALUES (${Array(14).fill('?').join(', ')})`);
    this.#insertFlag = this.#database.prepare('INSERT OR IGNORE INTO row_flags VALUES (?, ?)');
    this.#database.exec('BEGIN');
  }

  add({ place, byteOffset, byteLength, row }: IndexedRow): void {
    const [prompt, answer] = [this.#texts.promptOf(row), this.#texts.answerOf(row)];
    const codes = [...new Set(row.flags.map(({ code }) => code))];
    const isLong = byteLength > longRowBytes;
    this.#insert.run(
      place,
      idKey(row.id),
      byteOffset,
      byteLength,
      rowKinds.indexOf(row.kind),
      prompt.length,
      answer.length,
      this.#sourceNumber(row.source.uri),
      row.source.line ?? null,
      codes.length,
      row.group,
      codes.length === 0 ? null : codes.join('\n'),
      isLong ? prompt.slice(0, headCharacters).toWellFormed() : null,
      isLong ? answer.slice(0, headCharacters).toWellFormed() : null,
    );
    for (const code of codes) this.#insertFlag.run(code, place);
    this.#rows += 1;
    if (this.#rows % insertsPerTransaction === 0) this.#database.exec('COMMIT; BEGIN');
  }

  #sourceNumber(uri: string): number {
    const known = this.#sources.get(uri);
    if (known !== undefined) return known;
    const number = this.#sources.size;
    this.#sources.set(uri, number);
    this.#database.prepare('INSERT INTO sources VALUES (?, ?)').run(number, uri);
    return number;
  }

  /** Makes the sort orders one by one, calling `pause` between them, and closes the file. */
  async finish(pause: () => Promise<void>): Promise<void> {
    this.#database.exec('COMMIT');
    for (const statement of indexes.split(';').filter((text) => text.trim() !== '')) {
      this.#database.exec(statement);
      await pause();
    }
    this.#database.prepare('INSERT INTO facts VALUES (?, ?)').run('rows', this.#rows);
    this.#database.pragma(`user_version = ${indexFormat}`);
    this.#database.close();
  }

  /** Gives up. */
  abandon(): void {
    this.#database.close();
  }
}
