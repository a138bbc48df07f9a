import type { Migration } from './migration.ts';

/** Jobs, their moves, attempts and device leases. An index of the run directories: `rebuildIndex` makes it anew. */
export const jobsMigration: Migration = {
  version: 10,
  name: 'jobs',
  up: (execute) =>
    execute(`
      CREATE TABLE job (
        id TEXT PRIMARY KEY,
        request_id TEXT NOT NULL UNIQUE,
        file TEXT NOT NULL,
        created_at REAL NOT NULL,
        revision INTEGER NOT NULL CHECK (revision > 0),
        state TEXT NOT NULL,
        attempt INTEGER NOT NULL,
        lease TEXT,
        intent TEXT NOT NULL,
        rung TEXT NOT NULL,
        exit_proved INTEGER NOT NULL CHECK (exit_proved IN (0, 1)),
        failure TEXT,
        changed_at REAL NOT NULL,
        queue_rank INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX job_by_state ON job (state, queue_rank);
      CREATE INDEX job_by_creation ON job (created_at DESC, id);

      CREATE TABLE job_transition (
        job_id TEXT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
        revision INTEGER NOT NULL,
        at REAL NOT NULL,
        from_state TEXT,
        to_state TEXT NOT NULL,
        cause TEXT NOT NULL,
        attempt INTEGER NOT NULL,
        line TEXT NOT NULL,
        PRIMARY KEY (job_id, revision)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE attempt (
        job_id TEXT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
        attempt INTEGER NOT NULL,
        started_at REAL NOT NULL,
        ended_at REAL,
        exit_code INTEGER,
        signal TEXT,
        exit_source TEXT,
        PRIMARY KEY (job_id, attempt)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE device_lease (
        device TEXT PRIMARY KEY,
        job_id TEXT NOT NULL UNIQUE REFERENCES job (id) ON DELETE CASCADE,
        attempt INTEGER NOT NULL,
        since REAL NOT NULL
      ) STRICT, WITHOUT ROWID;
    `),
};
