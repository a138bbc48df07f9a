import type { MetricSeries } from '#core/jobs/job-event.ts';
import type { Database, SqlRow } from './database.ts';
import { asNumber, asNumberOrNull } from './row-values.ts';

// The driver binds numbers as reals, hence the cast: without it every point would be its own bucket.
const bucket = 'CAST((step - ?) * ? / ? AS INTEGER)';
const points = 'FROM metric_point WHERE job_id = ? AND name = ?';

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
    ) ORDER BY step`,
} as const;

export interface SeriesQuestion {
  readonly jobId: string;
  readonly name: string;
  /** At least 3. */
  readonly pointBudget: number;
}

/** One series; above the budget the smallest and the largest value of each bucket are kept, so no spike is lost. */
export function readSeries(database: Database, { jobId, name, pointBudget }: SeriesQuestion): MetricSeries {
  const extent = database.statement(seriesQueries.extent).get(jobId, name);
  const total = extent === null ? 0 : asNumber(extent, 'total');
  if (extent === null || total === 0) return { name, steps: [], values: [], total: 0 };
  if (total <= pointBudget) return toSeries(name, total, database.statement(seriesQueries.all).all(jobId, name));
  const first = asNumber(extent, 'first');
  const span = asNumber(extent, 'last') - first + 1;
  // A value that was NaN or infinite is a point of its own in its bucket: a diverged loss must stay visible.
  const pointsInBucket = asNumber(extent, 'finite') < total ? 3 : 2;
  const buckets = Math.max(1, Math.floor(pointBudget / pointsInBucket));
  const arm = [jobId, name, first, buckets, span] as const;
  const rows = database.statement(seriesQueries.buckets).all(...arm, ...arm, ...arm);
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
