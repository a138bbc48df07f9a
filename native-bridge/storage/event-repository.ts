import type { JobEvent } from '#core/jobs/job-event.ts';
import type { EventAddition, EventCursor, EventIndex } from '#core/ports/event-index.ts';
import type { JobPhase } from '#core/jobs/event-facts.ts';
import type { Database, SqlRow } from './database.ts';
import { readSeries } from './metric-series.ts';
import { asJson, asNumber, asNumberOrNull, asTextOrNull } from './row-values.ts';

/** What makes a stored body an event again; the parser lives beside the contract, this folder only maps rows. */
export type EventParser = (body: unknown) => Pick<JobEvent, 'known' | 'event'>;

export const hotEventQueries = {
  page: `SELECT position, attempt, body FROM job_event WHERE job_id = ? AND position > ? ORDER BY position LIMIT ?`,
  pageOfType: `SELECT position, attempt, body FROM job_event
               WHERE job_id = ? AND type = ? AND position > ? ORDER BY position LIMIT ?`,
  verdicts: `SELECT position, attempt, body FROM job_event
             WHERE job_id = ? AND attempt = ? AND type IN ('hello', 'done', 'failed') ORDER BY position`,
  cursor: 'SELECT * FROM event_cursor WHERE job_id = ? AND attempt = ?',
  reachedSteps: 'SELECT attempt, reached_step FROM event_cursor WHERE job_id = ? ORDER BY attempt',
  progress: 'SELECT * FROM job_progress WHERE job_id = ?',
} as const;

/** The event index in SQLite (migration 20). */
export function createEventRepository(database: Database, parse: EventParser): EventIndex {
  const toEvent = (row: SqlRow): JobEvent => ({
    position: asNumber(row, 'position'),
    attempt: asNumber(row, 'attempt'),
    ...parse(asJson(row, 'body')),
  });
  const lastPosition = (jobId: string): number => {
    const row = database.statement(hotEventQueries.progress).get(jobId);
    return row === null ? 0 : asNumber(row, 'last_position');
  };
  return {
    append: (additions) => database.transaction(() => additions.forEach((addition) => appendOne(database, addition))),
    page: (jobId, after, limit) => ({
      events: database.statement(hotEventQueries.page).all(jobId, after, limit).map(toEvent),
      lastPosition: lastPosition(jobId),
    }),
    pageOfTypes: (jobId, { types, after, limit }) =>
      [...new Set(types)]
        .flatMap((type) => database.statement(hotEventQueries.pageOfType).all(jobId, type, after, limit).map(toEvent))
        .toSorted((one, other) => one.position - other.position)
        .slice(0, limit),
    lastPosition,
    cursor: (jobId, attempt) => toCursor(database.statement(hotEventQueries.cursor).get(jobId, attempt)),
    reachedSteps: (jobId) =>
      new Map(
        database
          .statement(hotEventQueries.reachedSteps)
          .all(jobId)
          .map((row) => [asNumber(row, 'attempt'), asNumber(row, 'reached_step')]),
      ),
    progress: (jobId) => toProgress(database.statement(hotEventQueries.progress).get(jobId)),
    verdicts: (jobId, attempt) => database.statement(hotEventQueries.verdicts).all(jobId, attempt).map(toEvent),
    series: (jobId, names, span) => names.map((name) => readSeries(database, { jobId, name, ...span })),
  };
}

function appendOne(database: Database, addition: EventAddition): void {
  const { jobId, attempt, events, points } = addition;
  const insertEvent = database.statement(
    'INSERT INTO job_event (job_id, position, attempt, seq, type, body) VALUES (?, ?, ?, ?, ?, ?)',
  );
  for (const { position, event } of events) {
    insertEvent.run(jobId, position, attempt, event.seq, event.type, JSON.stringify(event));
  }
  // A step that is done again (resume, roll-back) replaces its point: the curve shows the run as it counts.
  const insertPoint = database.statement(
    `INSERT INTO metric_point (job_id, name, step, value) VALUES (?, ?, ?, ?)
     ON CONFLICT (job_id, name, step) DO UPDATE SET value = excluded.value`,
  );
  for (const { name, step, value } of points) insertPoint.run(jobId, name, step, value);
  storeCursor(database, addition);
  storeProgress(database, addition);
}

function storeCursor(database: Database, { jobId, attempt, cursor }: EventAddition): void {
  const { nextOffset, lastSeq, reachedStep, losses, duplicates } = cursor;
  const { malformed, oversized, refused, torn } = losses;
  database
    .statement(
      `INSERT OR REPLACE INTO event_cursor
         (job_id, attempt, next_offset, last_seq, reached_step, malformed, oversized, refused, torn, duplicates)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(jobId, attempt, nextOffset, lastSeq, reachedStep, malformed, oversized, refused, torn, duplicates);
}

function storeProgress(database: Database, { jobId, attempt, events, phase, step }: EventAddition): void {
  const lastPosition = events.at(-1)?.position;
  database
    .statement(
      `INSERT INTO job_progress (job_id, attempt, last_position, phase, step) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (job_id) DO UPDATE SET attempt = excluded.attempt,
         last_position = max(last_position, excluded.last_position), phase = excluded.phase, step = excluded.step`,
    )
    .run(jobId, attempt, lastPosition ?? 0, phase === null ? null : JSON.stringify(phase), step);
}

function toCursor(row: SqlRow | null): EventCursor | null {
  if (row === null) return null;
  return {
    nextOffset: asNumber(row, 'next_offset'),
    lastSeq: asNumber(row, 'last_seq'),
    reachedStep: asNumber(row, 'reached_step'),
    losses: {
      malformed: asNumber(row, 'malformed'),
      oversized: asNumber(row, 'oversized'),
      refused: asNumber(row, 'refused'),
      torn: asNumber(row, 'torn'),
    },
    duplicates: asNumber(row, 'duplicates'),
  };
}

function toProgress(row: SqlRow | null) {
  if (row === null) return { attempt: 0, phase: null, step: null };
  const phase = asTextOrNull(row, 'phase');
  return {
    attempt: asNumber(row, 'attempt'),
    phase: phase === null ? null : (JSON.parse(phase) as JobPhase),
    step: asNumberOrNull(row, 'step'),
  };
}
