import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ForgeError } from '#contract/errors.ts';
import { silentLogger } from '#core/ports/logger.ts';
import { openDatabase, type Database } from './database.ts';
import { migrations, type Migration } from './migrations/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'forge-database-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const newPath = (): string => join(folder, `${(files += 1)}`, 'forge.db');
const logger = silentLogger;

const things: Migration = {
  version: 10,
  name: 'things',
  up: (execute) => execute('CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT'),
};
const colours: Migration = {
  version: 20,
  name: 'colours',
  up: (execute) => {
    execute('ALTER TABLE thing ADD COLUMN colour TEXT');
    execute("UPDATE thing SET colour = 'grey'");
  },
};
const broken: Migration = {
  version: 30,
  name: 'broken',
  up: (execute) => {
    execute('CREATE TABLE half (id INTEGER) STRICT');
    execute('CREATE TABLE nonsense (');
  },
};

function pragma(database: Database, name: string): unknown {
  return Object.values(database.statement(`PRAGMA ${name}`).get() ?? {})[0];
}

test('a new database is opened with WAL, foreign keys and a busy timeout', () => {
  const database = openDatabase(newPath(), { logger });
  assert.deepEqual(
    ['journal_mode', 'foreign_keys', 'busy_timeout', 'user_version'].map((name) => pragma(database, name)),
    ['wal', 1, 5000, migrations.at(-1)?.version],
  );
  database.close();
});

test('missing migrations run in order on the rows that are there, after a copy was kept', () => {
  const path = newPath();
  const old = openDatabase(path, { logger, migrations: [things] });
  old.statement('INSERT INTO thing (name) VALUES (?)').run('stone');
  old.close();
  const migrated = openDatabase(path, { logger, migrations: [things, colours] });
  assert.deepEqual(migrated.statement('SELECT * FROM thing').all(), [{ id: 1, name: 'stone', colour: 'grey' }]);
  migrated.close();
  const copy = openDatabase(`${path}.version-10.copy`, { logger, migrations: [things] });
  assert.deepEqual(copy.statement('SELECT * FROM thing').all(), [{ id: 1, name: 'stone' }]);
  copy.close();
});

test('a migration that fails takes back tables and version, and says so', () => {
  const path = newPath();
  openDatabase(path, { logger, migrations: [things] }).close();
  assert.throws(
    () => openDatabase(path, { logger, migrations: [things, colours, broken] }),
    (error) =>
      error instanceof ForgeError &&
      error.code === 'storage.migration-failed' &&
      existsSync(String(error.detail['copy'])),
  );
  const database = openDatabase(path, { logger, migrations: [things] });
  assert.deepEqual(database.statement('SELECT name FROM sqlite_schema').all(), [{ name: 'thing' }]);
  assert.equal(pragma(database, 'user_version'), 10);
  database.close();
});

test('a database of a newer version is refused untouched', () => {
  const path = newPath();
  openDatabase(path, { logger, migrations: [things, colours] }).close();
  assert.throws(
    () => openDatabase(path, { logger, migrations: [things] }),
    (error) => error instanceof ForgeError && error.code === 'storage.database-newer' && error.detail['found'] === 20,
  );
});

test('an exception rolls a transaction back, an inner one to its savepoint', () => {
  const database = openDatabase(':memory:', { logger, migrations: [things] });
  const insert = database.statement('INSERT INTO thing (name) VALUES (?)');
  database.transaction(() => {
    insert.run('kept');
    assert.throws(() =>
      database.transaction(() => {
        insert.run('lost');
        throw new Error('no');
      }),
    );
  });
  assert.deepEqual(database.statement('SELECT name FROM thing').all(), [{ name: 'kept' }]);
});

test('a slow query is logged with its text and without its values', () => {
  const warnings: unknown[] = [];
  const database = openDatabase(':memory:', {
    logger: { ...logger, warn: (fields, message) => warnings.push([message, fields['sql'], JSON.stringify(fields)]) },
  });
  const slow =
    'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT count(*) AS c, ? AS s FROM n';
  database.statement(slow).get(1_000_000, 'secret');
  database.statement('SELECT 1 AS one').get();
  const [[message, sql, fields] = []] = warnings as string[][];
  assert.deepEqual([warnings.length, message, sql], [1, 'slow query', slow]);
  assert.doesNotMatch(fields ?? '', /secret/);
});

test('the migrations are numbered in tens, upwards', () => {
  const versions = migrations.map(({ version }) => version);
  assert.deepEqual(
    versions,
    versions.toSorted((one, other) => one - other),
  );
  assert.equal(new Set(versions).size, versions.length);
  assert.deepEqual(
    versions.filter((version) => version % 10 !== 0),
    [],
  );
});
