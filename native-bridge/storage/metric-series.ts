import type { MetricSeries } from '#core/jobs/job-event.ts';
import type { SeriesSpan } from '#core/ports/event-index.ts';
import type { Database, SqlRow } from './database.ts';
import { asNumber, asNumberOrNull } from './row-values.ts';

// The driver binds numbers as reals, hence the cast: without it every point would be its own bucket.
const bucket = 'CAST((step - ?) * ? / ? AS INTEGER)';
const points = 'FROM metric_point WHERE job_id = ? AND name = ? AND step BETWEEN ? AND ?';

export const seriesQueries = {
  extent: `SELECT count(*) AS total, count(value) AS finite, min(step) AS first, max(step) AS last ${points}`,
  all: `SELECT step, value ${points} ORDER BY step`,
  // SQLite gives the other columns of the row that holds the min() or max(): https://sqlite.org/lang_select.html#bareagg
  buckets: `
    SELECT step, value FROM (
      SELECT step, min(value) AS value ${points} AND value IS NOT NULL GROUP BY ${bucket}
      UNION
      SELECT step, max(value) AS value ${points} AND value IS NOT NULL GROUP BY ${bucket}
      UNION
      SELECT min(step) AS step, NULL AS value ${points} AND value IS NULL GROUP BY ${bucket}
      UNION
      SELECT step, value FROM metric_point WHERE job_id = ? AND name = ? AND step IN (?, ?)
    ) ORDER BY step`,
} as const;

export interface SeriesQuestion extends SeriesSpan {
  readonly jobId: string;
  readonly name: string;
}

/** One series; above the budget the smallest and the largest value of each bucket are kept, so no spike is lost, and both ends. */
export function readSeries(database: Database, question: SeriesQuestion): MetricSeries {
  const { jobId, name, points: budget, from, to } = question;
  const place = [jobId, name, from ?? 0, to ?? Number.MAX_SAFE_INTEGER] as const;
  const extent = database.statement(seriesQueries.extent).get(...place);
  const total = extent === null ? 0 : asNumber(extent, 'total');
  if (extent === null || total === 0) return { name, steps: [], values: [], total: 0 };
  if (total <= budget) return toSeries(name, total, database.statement(seriesQueries.all).all(...place));
  const first = asNumber(extent, 'first');
  const last = asNumber(extent, 'last');
  const width = last - first + 1;
  // A value that was NaN or infinite is a point of its own in its bucket: a diverged loss must stay visible.
  const pointsInBucket = asNumber(extent, 'finite') < total ? 3 : 2;
  const buckets = Math.max(1, Math.floor((budget - 2) / pointsInBucket));
  const arm = [...place, first, buckets, width] as const;
  const rows = database.statement(seriesQueries.buckets).all(...arm, ...arm, ...arm, jobId, name, first, last);
  return toSeries(name, total, rows);
}

function toSeries(name: string, total: number, rows: readonly SqlRow[]): MetricSeries {
  return {
    name,
    steps: rows.map((row) => asNumber(row, 'step')),
    values: rows.map((row) => asNumberOrNull(row, 'value')),
    total,
  };
}
