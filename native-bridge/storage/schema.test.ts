import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { silentLogger } from '#core/ports/logger.ts';
import { openDatabase, type Database } from './database.ts';
import { hotEventQueries } from './event-repository.ts';
import { hotQueries } from './job-repository.ts';
import { seriesQueries } from './metric-series.ts';
import { migrations } from './migrations/index.ts';

const snapshotPath = new URL('./schema.snapshot.sql', import.meta.url);

function schemaOf(database: Database): string {
  const rows = database.statement('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type DESC, name').all();
  return rows.map((row) => `${String(row['sql']).replace(/\s+/g, ' ')};\n`).join('');
}

function openAt(version: number): Database {
  return openDatabase(':memory:', {
    logger: silentLogger,
    migrations: migrations.filter((migration) => migration.version <= version),
  });
}

test('the schema is the one of the snapshot (FORGE_UPDATE_SNAPSHOTS=1 writes it)', () => {
  const schema = schemaOf(openAt(Number.MAX_SAFE_INTEGER));
  if (process.env['FORGE_UPDATE_SNAPSHOTS'] === '1') writeFileSync(snapshotPath, schema);
  assert.equal(schema, readFileSync(snapshotPath, 'utf8'));
});

test('every table is STRICT', () => {
  const database = openAt(Number.MAX_SAFE_INTEGER);
  const tables = database.statement("SELECT name, strict FROM pragma_table_list WHERE type = 'table'").all();
  const loose = tables.filter(({ name, strict }) => strict === 0 && !String(name).startsWith('sqlite_'));
  assert.deepEqual(loose, []);
  assert.ok(tables.length > 8);
});

test('migration 20 keeps the rows of the schema before it', () => {
  const database = openAt(10);
  const insert = `INSERT INTO job (id, request_id, file, created_at, revision, state, attempt, intent, rung, exit_proved,
    changed_at, queue_rank) VALUES ('a', 'r', '{}', 1, 1, 'queued', 0, 'none', 'none', 0, 1, 1)`;
  database.statement(insert).run();
  const before = database.statement('SELECT * FROM job').all();
  const [migration] = migrations.filter(({ version }) => version === 20);
  assert.ok(migration !== undefined);
  migration.up((sql) => sql.split(';').forEach((part) => part.trim() !== '' && database.statement(part).run()));
  assert.deepEqual(database.statement('SELECT * FROM job').all(), before);
  const point = "INSERT INTO metric_point (job_id, name, step, value) VALUES (?, 'loss', 1, 2.5)";
  assert.equal(database.statement(point).run('a'), 1);
  assert.throws(() => database.statement(point).run('nobody'), /FOREIGN KEY/);
});

test('migration 30 indexes the events that are there', () => {
  const database = openAt(20);
  database
    .statement(
      `INSERT INTO job (id, request_id, file, created_at, revision, state, attempt, intent, rung, exit_proved,
    changed_at, queue_rank) VALUES ('a', 'r', '{}', 1, 1, 'queued', 0, 'none', 'none', 0, 1, 1)`,
    )
    .run();
  const insert = "INSERT INTO job_event (job_id, position, attempt, seq, type, body) VALUES ('a', ?, 1, ?, ?, '{}')";
  for (const [index, type] of ['metric', 'note'].entries()) database.statement(insert).run(index + 1, index + 1, type);
  migrations.find(({ version }) => version === 30)?.up((sql) => void database.statement(sql).run());
  assert.deepEqual(
    database
      .statement(hotEventQueries.pageOfType)
      .all('a', 'note', 0, 10)
      .map(({ position }) => position),
    [2],
  );
});

test('no hot query scans a table or sorts in memory', () => {
  const database = openAt(Number.MAX_SAFE_INTEGER);
  const queries = { ...hotQueries, ...hotEventQueries, ...seriesQueries };
  const faulty = Object.entries(queries).flatMap(([name, sql]) => {
    const values = Array.from(sql.matchAll(/\?/g), () => 1);
    const steps = database
      .statement(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...values)
      .map(({ detail }) => String(detail));
    // The list reads every job by design, along its index; buckets are grouped from an index range.
    const allowed =
      name === 'list' ? /USING (COVERING )?INDEX/ : name === 'buckets' ? /TEMP B-TREE|COMPOUND|subquery/i : null;
    return steps
      .filter((step) => /^SCAN|TEMP B-TREE/.test(step) && !(allowed?.test(step) ?? false))
      .map((step) => `${name}: ${step}`);
  });
  assert.deepEqual(faulty, []);
});
