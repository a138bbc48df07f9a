import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { ForgeError } from '#contract/errors.ts';
import type { Logger } from '#core/ports/logger.ts';
import { migrations as allMigrations, type Migration } from './migrations/index.ts';

export const slowQueryMs = 20;
const busyTimeoutMs = 5_000;

/** Values SQLite takes and gives. */
export type SqlValue = string | number | bigint | Uint8Array | null;
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** A prepared statement; slow ones are logged with their text, never with their values. */
export interface Statement {
  /** Number of rows changed. */
  run(...values: readonly SqlValue[]): number;
  get(...values: readonly SqlValue[]): SqlRow | null;
  all(...values: readonly SqlValue[]): readonly SqlRow[];
}

/** The one open SQLite file. Everything is synchronous: nothing can slip in between the lines of a transaction. */
export interface Database {
  readonly path: string;
  /** Prepared once per text. */
  statement(sql: string): Statement;
  /** Runs `work` in an immediate transaction (a savepoint when inside one); an exception rolls back. */
  transaction<T>(work: () => T): T;
  /** Repeatable. */
  close(): void;
}

export interface OpenDatabaseOptions {
  readonly logger: Logger;
  /** Default: all of this version. Tests open older schemas. */
  readonly migrations?: readonly Migration[];
}

/**
 * Opens (or makes) the database and brings it to the newest version; before that a copy is kept beside it.
 * @param path a file, or ":memory:"
 * @throws ForgeError storage.database-newer | storage.migration-failed
 */
export function openDatabase(path: string, { logger, migrations = allMigrations }: OpenDatabaseOptions): Database {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const connection = new BetterSqlite(path);
  try {
    connection.pragma('journal_mode = WAL');
    connection.pragma('synchronous = NORMAL');
    connection.pragma('foreign_keys = ON');
    connection.pragma(`busy_timeout = ${busyTimeoutMs}`);
    migrate(connection, path, { migrations, logger });
  } catch (error) {
    connection.close();
    throw error;
  }
  return wrap(connection, path, logger);
}

function migrate(
  connection: BetterSqlite.Database,
  path: string,
  { migrations, logger }: Required<OpenDatabaseOptions>,
): void {
  const found = connection.pragma('user_version', { simple: true }) as number;
  const known = migrations.at(-1)?.version ?? 0;
  if (found > known) throw new ForgeError('storage.database-newer', { path, found, known });
  const missing = migrations.filter(({ version }) => version > found);
  if (missing.length === 0) return;
  const copy = found === 0 || path === ':memory:' ? null : keepCopy(connection, path, found);
  const run = connection.transaction(() => {
    for (const { version, up } of missing) {
      up((sql) => void connection.exec(sql));
      connection.pragma(`user_version = ${version}`);
    }
  });
  try {
    run.immediate();
  } catch (error) {
    const reason = (error as Error).message;
    throw new ForgeError('storage.migration-failed', { path, version: known, reason, copy }, { cause: error });
  }
  logger.info({ path, from: found, to: known, copy }, 'database migrated');
}

function keepCopy(connection: BetterSqlite.Database, path: string, version: number): string {
  const copy = `${path}.version-${version}.copy`;
  if (existsSync(copy)) rmSync(copy);
  connection.prepare('VACUUM INTO ?').run(copy);
  return copy;
}

function wrap(connection: BetterSqlite.Database, path: string, logger: Logger): Database {
  const statements = new Map<string, Statement>();
  return {
    path,
    statement: (sql) => {
      const known = statements.get(sql);
      if (known !== undefined) return known;
      const made = timed(connection.prepare(sql), sql, logger);
      statements.set(sql, made);
      return made;
    },
    transaction: (work) => connection.transaction(work).immediate(),
    close: () => {
      statements.clear();
      connection.close();
    },
  };
}

function timed(prepared: BetterSqlite.Statement, sql: string, logger: Logger): Statement {
  const time = <T>(work: () => T): T => {
    const startMs = performance.now();
    try {
      return work();
    } finally {
      const durationMs = performance.now() - startMs;
      if (durationMs > slowQueryMs) logger.warn({ sql, durationMs: Math.round(durationMs) }, 'slow query');
    }
  };
  return {
    run: (...values) => time(() => prepared.run(...values).changes),
    get: (...values) => time(() => (prepared.get(...values) as SqlRow | undefined) ?? null),
    all: (...values) => time(() => prepared.all(...values) as SqlRow[]),
  };
}
