import { jobTransition, type JobTransition } from '#contract/job-transition.ts';
import { jobFile, type JobFile } from '#contract/jobs.ts';
import type { AttemptRecord, JobRecord } from '#core/jobs/job-record.ts';
import type { JobRepository } from '#core/ports/job-repository.ts';
import type { Database, SqlRow } from './database.ts';
import { asJson, asNumber, asNumberOrNull, asText, asTextOrNull } from './row-values.ts';

/** The pure parts this repository needs from `core` (types only may be imported from there). */
export interface JobFolds {
  readonly recordAfter: (file: JobFile, line: JobTransition) => JobRecord;
  readonly attemptAfter: (line: JobTransition, before: AttemptRecord | null) => AttemptRecord | null;
}

const jobColumns = 'file, state, revision, attempt, lease, intent, rung, exit_proved, failure, changed_at, queue_rank';

/** Jobs in SQLite (migration 10). */
export function createJobRepository(database: Database, folds: JobFolds): JobRepository {
  return {
    insert: (record, line) => database.transaction(() => insertJob(database, record, line)),
    applyTransition: (jobId, line, beforeCommit) =>
      database.transaction(() => {
        if (!applyLine(database, folds, { jobId, line })) return false;
        storeLease(database, jobId, line);
        beforeCommit();
        return true;
      }),
    applyHistory: (jobId, lines) =>
      database.transaction(() => {
        for (const line of lines) applyLine(database, folds, { jobId, line });
        const last = lines.at(-1);
        if (last !== undefined) storeLease(database, jobId, last);
      }),
    find: (jobId) => findJob(database, jobId),
    findByRequest: (requestId) =>
      mapOrNull(database.statement(`SELECT ${jobColumns} FROM job WHERE request_id = ?`).get(requestId), toRecord),
    // SQLite takes a negative limit for none.
    list: (limit = -1) => database.statement(hotQueries.list).all(limit).map(toRecord),
    listByState: (states) =>
      states
        .flatMap((state) => database.statement(hotQueries.byState).all(state).map(toRecord))
        .toSorted((one, other) => one.queueRank - other.queueRank),
    transitions: (jobId) => database.statement(hotQueries.transitions).all(jobId).map(toTransition),
    attempts: (jobId) => database.statement(hotQueries.attempts).all(jobId).map(toAttempt),
    leases: () =>
      database
        .statement('SELECT device, job_id FROM device_lease ORDER BY device')
        .all()
        .map((row) => ({ device: asText(row, 'device'), jobId: asText(row, 'job_id') })),
    lastQueueRank: () =>
      asNumberOrNull(database.statement('SELECT max(queue_rank) AS rank FROM job').get() ?? { rank: null }, 'rank') ??
      0,
  };
}

/** Statements whose plans are tested: none may scan a table. */
export const hotQueries = {
  list: `SELECT ${jobColumns} FROM job ORDER BY created_at DESC, id LIMIT ?`,
  byState: `SELECT ${jobColumns} FROM job WHERE state = ? ORDER BY queue_rank`,
  find: `SELECT ${jobColumns} FROM job WHERE id = ?`,
  transitions: 'SELECT line FROM job_transition WHERE job_id = ? ORDER BY revision',
  attempts: 'SELECT * FROM attempt WHERE job_id = ? ORDER BY attempt',
} as const;

function findJob(database: Database, jobId: string): JobRecord | null {
  return mapOrNull(database.statement(hotQueries.find).get(jobId), toRecord);
}

function applyLine(
  database: Database,
  folds: JobFolds,
  { jobId, line }: { readonly jobId: string; readonly line: JobTransition },
): boolean {
  const before = findJob(database, jobId);
  if (before === null || before.revision !== line.revision - 1) return false;
  if (!updateJob(database, folds.recordAfter(before.file, line))) return false;
  insertTransition(database, jobId, line);
  storeAttempt(database, jobId, folds.attemptAfter(line, findAttempt(database, jobId, line.attempt)));
  return true;
}

function findAttempt(database: Database, jobId: string, attempt: number): AttemptRecord | null {
  const sql = 'SELECT * FROM attempt WHERE job_id = ? AND attempt = ?';
  return mapOrNull(database.statement(sql).get(jobId, attempt), toAttempt);
}

function insertJob(database: Database, record: JobRecord, line: JobTransition): void {
  const { file } = record;
  database
    .statement(
      `INSERT INTO job (id, request_id, file, created_at, ${stateColumns.join(', ')})
       VALUES (?, ?, ?, ?, ${stateColumns.map(() => '?').join(', ')})`,
    )
    .run(file.job, file.requestId, JSON.stringify(file), file.createdAt, ...stateValues(record));
  insertTransition(database, file.job, line);
}

const stateColumns = [
  'revision',
  'state',
  'attempt',
  'lease',
  'intent',
  'rung',
  'exit_proved',
  'failure',
  'changed_at',
  'queue_rank',
] as const;

function stateValues({ machine, revision, queueRank }: JobRecord) {
  return [
    revision,
    machine.name,
    machine.attempt,
    machine.lease,
    machine.intent,
    machine.rung,
    machine.exitProved ? 1 : 0,
    machine.failure === null ? null : JSON.stringify(machine.failure),
    machine.changedAt,
    queueRank,
  ] as const;
}

function updateJob(database: Database, record: JobRecord): boolean {
  const assignments = stateColumns.map((column) => `${column} = ?`).join(', ');
  const changed = database
    .statement(`UPDATE job SET ${assignments} WHERE id = ? AND revision = ?`)
    .run(...stateValues(record), record.file.job, record.revision - 1);
  return changed === 1;
}

function insertTransition(database: Database, jobId: string, line: JobTransition): void {
  database
    .statement(
      `INSERT INTO job_transition (job_id, revision, at, from_state, to_state, cause, attempt, line)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(jobId, line.revision, line.t, line.from, line.to, line.cause, line.attempt, JSON.stringify(line));
}

function storeAttempt(database: Database, jobId: string, record: AttemptRecord | null): void {
  if (record === null) return;
  const { attempt, startedAt, endedAt, exit } = record;
  database
    .statement(
      `INSERT INTO attempt (job_id, attempt, started_at, ended_at, exit_code, signal, exit_source)
       VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (job_id, attempt) DO UPDATE SET ended_at = excluded.ended_at, exit_code = excluded.exit_code,
         signal = excluded.signal, exit_source = excluded.exit_source`,
    )
    .run(jobId, attempt, startedAt, endedAt, exit?.exitCode ?? null, exit?.signal ?? null, exit?.source ?? null);
}

/** Makes the lease row what the line says. A device held by another job breaks the key, and with it the transaction. */
function storeLease(database: Database, jobId: string, line: JobTransition): void {
  const held = database.statement('SELECT device FROM device_lease WHERE job_id = ?').get(jobId);
  if (held !== null && asText(held, 'device') === line.lease) return;
  database.statement('DELETE FROM device_lease WHERE job_id = ?').run(jobId);
  if (line.lease === null) return;
  database
    .statement('INSERT INTO device_lease (device, job_id, attempt, since) VALUES (?, ?, ?, ?)')
    .run(line.lease, jobId, line.attempt, line.t);
}

function mapOrNull<T>(row: SqlRow | null, map: (row: SqlRow) => T): T | null {
  return row === null ? null : map(row);
}

function toRecord(row: SqlRow): JobRecord {
  const failure = asTextOrNull(row, 'failure');
  const machine = {
    name: asText(row, 'state'),
    attempt: asNumber(row, 'attempt'),
    lease: asTextOrNull(row, 'lease'),
    intent: asText(row, 'intent'),
    rung: asText(row, 'rung'),
    exitProved: asNumber(row, 'exit_proved') === 1,
    failure: failure === null ? null : JSON.parse(failure),
    changedAt: asNumber(row, 'changed_at'),
  } as JobRecord['machine'];
  return {
    file: jobFile.parse(asJson(row, 'file')),
    revision: asNumber(row, 'revision'),
    machine,
    queueRank: asNumber(row, 'queue_rank'),
  };
}

function toTransition(row: SqlRow): JobTransition {
  return jobTransition.parse(asJson(row, 'line'));
}

function toAttempt(row: SqlRow): AttemptRecord {
  const source = asTextOrNull(row, 'exit_source') as 'exit-file' | 'terminal' | 'vanished' | null;
  const exit = { exitCode: asNumberOrNull(row, 'exit_code'), signal: asTextOrNull(row, 'signal') };
  return {
    attempt: asNumber(row, 'attempt'),
    startedAt: asNumber(row, 'started_at'),
    endedAt: asNumberOrNull(row, 'ended_at'),
    exit: source === null ? null : { ...exit, source },
  };
}
