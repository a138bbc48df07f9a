import type { FoundryJob, ImportReport } from '#contract/dataset-versions.ts';
import { isOver } from '#contract/foundry-job-over.ts';
import { documentReport, type DocumentReport } from '#contract/document-imports.ts';
import { importReport } from '#contract/dataset-versions.ts';
import { forgeErrorData, type ForgeErrorData } from '#contract/error-data.ts';

/** The list with this job as it is now; the newest first. */
export function jobsAfter(jobs: readonly FoundryJob[], job: FoundryJob): readonly FoundryJob[] {
  const others = jobs.filter(({ id }) => id !== job.id);
  return [...others, job].toSorted((one, other) => other.startedAt - one.startedAt);
}

/** Jobs that a person has something to do with: what goes on, and what went wrong and was not put away. */
export function jobsShown(jobs: readonly FoundryJob[], putAway: ReadonlySet<string>): readonly FoundryJob[] {
  return jobs.filter((job) => !isOver(job) || (job.state === 'failed' && !putAway.has(job.id)));
}

/** Share done, 0 to 1; null while the end is not known. */
export function shareDone({ done, total, state }: Pick<FoundryJob, 'done' | 'total' | 'state'>): number | null {
  if (state === 'done') return 1;
  return total === null || total === 0 ? null : Math.min(1, done / total);
}

/** Why a job failed; null where it did not. */
export function failureIn({ failure }: Pick<FoundryJob, 'failure'>): ForgeErrorData | null {
  return failure === null ? null : (forgeErrorData.safeParse(failure).data ?? null);
}

/** The whole report of documents that were read; null for other work. */
export function documentsOf(job: FoundryJob | null): DocumentReport | null {
  return job?.kind === 'documents' ? (documentReport.safeParse(job.result).data ?? null) : null;
}

/** What an import told at its end; null before that and for other kinds. */
export function reportOf(job: FoundryJob | null): ImportReport | null {
  if (job === null || job.result === null) return null;
  if (job.kind === 'documents') return documentsOf(job)?.import ?? null;
  return job.kind === 'import' ? (importReport.safeParse(job.result).data ?? null) : null;
}
