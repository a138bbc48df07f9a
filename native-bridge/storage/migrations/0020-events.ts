import type { Migration } from './migration.ts';

/** The index of events.jsonl: the log in order, metric points, how far each file was read, and the newest phase and step. */
export const eventsMigration: Migration = {
  version: 20,
  name: 'events',
  up: (execute) =>
    execute(`
      CREATE TABLE job_event (
        job_id TEXT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        attempt INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        type TEXT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (job_id, position)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX job_event_verdict ON job_event (job_id, attempt, position) WHERE type IN ('hello', 'done', 'failed');

      CREATE TABLE metric_point (
        job_id TEXT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        step INTEGER NOT NULL,
        value REAL,
        PRIMARY KEY (job_id, name, step)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE event_cursor (
        job_id TEXT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
        attempt INTEGER NOT NULL,
        next_offset INTEGER NOT NULL,
        last_seq INTEGER NOT NULL,
        reached_step INTEGER NOT NULL,
        malformed INTEGER NOT NULL,
        oversized INTEGER NOT NULL,
        refused INTEGER NOT NULL,
        torn INTEGER NOT NULL,
        duplicates INTEGER NOT NULL,
        PRIMARY KEY (job_id, attempt)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE job_progress (
        job_id TEXT PRIMARY KEY REFERENCES job (id) ON DELETE CASCADE,
        attempt INTEGER NOT NULL,
        last_position INTEGER NOT NULL,
        phase TEXT,
        step INTEGER
      ) STRICT, WITHOUT ROWID;
    `),
};
