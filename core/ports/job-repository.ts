import type { JobTransition } from '#contract/job-transition.ts';
import type { JobState } from '#contract/jobs.ts';
import type { AttemptRecord, JobRecord } from '../jobs/job-record.ts';

export interface StoredLease {
  readonly device: string;
  readonly jobId: string;
}

/** The stored jobs. One writer; every change is guarded by the revision it was decided on. */
export interface JobRepository {
  /** Stores a new job with its first transition. */
  insert(record: JobRecord, line: JobTransition): void;
  /**
   * Stores a move: job, transition, attempt and lease in one transaction. `beforeCommit` runs inside it, its exception undoes all.
   * False when the stored revision is not `line.revision - 1`: someone else moved it, read again.
   */
  applyTransition(jobId: string, line: JobTransition, beforeCommit: () => void): boolean;
  /** Stores moves that happened earlier, following the stored revision. Only the last one says which lease is held. */
  applyHistory(jobId: string, lines: readonly JobTransition[]): void;
  find(jobId: string): JobRecord | null;
  findByRequest(requestId: string): JobRecord | null;
  /** Newest first; all without a limit. */
  list(limit?: number): readonly JobRecord[];
  /** By queue rank. */
  listByState(states: readonly JobState[]): readonly JobRecord[];
  transitions(jobId: string): readonly JobTransition[];
  attempts(jobId: string): readonly AttemptRecord[];
  leases(): readonly StoredLease[];
  /** Highest queue rank in use, 0 when there is none. */
  lastQueueRank(): number;
}
