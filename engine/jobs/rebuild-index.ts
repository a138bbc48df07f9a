import { join } from 'node:path';
import { ForgeError } from '#contract/errors.ts';
import type { JobTransition } from '#contract/job-transition.ts';
import { beginAttempt, foldEvents, noLosses, type EventLogState } from '#core/jobs/event-fold.ts';
import { attemptAfter, recordAfter } from '#core/jobs/job-record.ts';
import { parseWorkerEvent } from '#core/jobs/parse-worker-event.ts';
import type { EventIndex } from '#core/ports/event-index.ts';
import type { JobRepository } from '#core/ports/job-repository.ts';
import type { Logger } from '#core/ports/logger.ts';
import { createEventTail, type EventTail } from '#native-bridge/files/run-directory-tail.ts';
import {
  attemptDirectory,
  attemptFiles,
  jobDirectory,
  listJobDirectories,
  readJobFile,
  readTransitions,
} from '#native-bridge/files/run-directory.ts';
import type { Database } from '#native-bridge/storage/database.ts';
import { createEventRepository } from '#native-bridge/storage/event-repository.ts';
import { createJobRepository } from '#native-bridge/storage/job-repository.ts';

const batchEvents = 1_000;

export interface JobStore {
  readonly repository: JobRepository;
  readonly index: EventIndex;
}

/** The repositories over a database, with the pure folds they need. */
export function createJobStore(database: Database): JobStore {
  return {
    repository: createJobRepository(database, { recordAfter, attemptAfter }),
    index: createEventRepository(database, parseWorkerEvent),
  };
}

/**
 * Makes the index of jobs and events anew from the run directories alone. What it holds afterwards equals what was written
 * while the jobs ran. A folder that cannot be read is reported and left out.
 * @returns the folders left out
 */
export async function rebuildIndex(home: string, database: Database): Promise<readonly ForgeError[]> {
  database.transaction(() => database.statement('DELETE FROM job').run());
  const { problems } = await importMissingJobs(home, createJobStore(database));
  return problems;
}

/** Brings jobs into the index that have a folder and no row, and moves that reached the folder only (a crash between). */
export async function importMissingJobs(
  home: string,
  store: JobStore,
  logger?: Logger,
): Promise<{ readonly imported: number; readonly problems: readonly ForgeError[] }> {
  const problems: ForgeError[] = [];
  let imported = 0;
  for (const jobId of (await listJobDirectories(home)).toSorted()) {
    try {
      if (await importJob(home, jobId, store)) imported += 1;
    } catch (error) {
      if (!(error instanceof ForgeError)) throw error;
      logger?.error({ job: jobId, error }, 'a run folder was left out');
      problems.push(error);
    }
  }
  return { imported, problems };
}

async function importJob(home: string, jobId: string, { repository, index }: JobStore): Promise<boolean> {
  const lines = await readTransitions(home, jobId);
  const known = repository.find(jobId);
  if (known !== null) return applyMissing(repository, jobId, missingLines(lines, known.revision));
  const path = jobDirectory(home, jobId);
  const file = await readJobFile(home, jobId);
  if (file.kind !== 'read') {
    const reason = file.kind === 'absent' ? 'job.json is missing' : file.reason;
    throw new ForgeError('job.run-directory-damaged', { path, reason });
  }
  if (file.value.job !== jobId) {
    throw new ForgeError('job.run-directory-damaged', { path, reason: `job.json is of the job ${file.value.job}` });
  }
  const [first, ...rest] = lines;
  if (first === undefined || first.revision !== 1) {
    throw new ForgeError('job.run-directory-damaged', { path, reason: 'transitions.jsonl has no first line' });
  }
  repository.insert(recordAfter(file.value, first), first);
  applyMissing(repository, jobId, missingLines(rest, 1));
  indexEvents(home, jobId, { repository, index });
  return true;
}

/** The lines after a revision, up to the first gap. */
function missingLines(lines: readonly JobTransition[], revision: number): readonly JobTransition[] {
  const later = lines.filter((line) => line.revision > revision);
  const gap = later.findIndex((line, place) => line.revision !== revision + 1 + place);
  return gap < 0 ? later : later.slice(0, gap);
}

function applyMissing(repository: JobRepository, jobId: string, lines: readonly JobTransition[]): boolean {
  repository.applyHistory(jobId, lines);
  return lines.length > 0;
}

/** Reads the events of every attempt, oldest first, as the live path does. */
function indexEvents(home: string, jobId: string, { repository, index }: JobStore): void {
  let before: { lastPosition: number; step: number | null } = { lastPosition: 0, step: null };
  for (const { attempt, endedAt } of repository.attempts(jobId)) {
    const path = join(attemptDirectory(home, jobId, attempt), attemptFiles.events);
    const tail = createEventTail(path, 0);
    try {
      before = indexAttempt(tail, beginAttempt(attempt, before), { jobId, index, ended: endedAt !== null });
    } finally {
      tail.dispose();
    }
  }
}

function indexAttempt(
  tail: EventTail,
  first: EventLogState,
  { jobId, index, ended }: { jobId: string; index: EventIndex; ended: boolean },
): EventLogState {
  let state = first;
  const take = (batch: ReturnType<EventTail['read']>): void => {
    const folded = foldEvents(state, batch, noLosses);
    state = folded.state;
    const { attempt, cursor, phase, step } = state;
    const { events, points } = folded;
    index.append([{ jobId, attempt, events, points, cursor, phase, step }]);
  };
  for (let offset = -1; ;) {
    const batch = tail.read(batchEvents);
    if (batch.nextOffset === offset || batch.nextOffset === 0) break;
    offset = batch.nextOffset;
    take(batch);
  }
  const last = ended ? tail.finish() : null;
  if (last !== null && (last.nextOffset > 0 || last.losses.torn > 0)) take(last);
  return state;
}
