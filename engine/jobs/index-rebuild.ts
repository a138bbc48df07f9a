import { ForgeError } from '#contract/errors.ts';
import { finalJobStates } from '#contract/jobs.ts';
import type { Database } from '#native-bridge/storage/database.ts';
import type { JobService } from './job-service.ts';
import { rebuildIndex } from './rebuild-index.ts';

export interface RebuildReport {
  readonly jobs: number;
  readonly attempts: number;
  readonly events: number;
  readonly seconds: number;
}

const resting = new Set<string>([...finalJobStates, 'interrupted', 'paused']);

/** `forge index rebuild`: SQLite anew from the run directories; refused while a job moves, because its events would be read twice. */
export function createIndexRebuild({
  home,
  database,
  jobs,
}: {
  home: string;
  database: Database;
  jobs: JobService;
}): () => Promise<RebuildReport> {
  return async () => {
    const busy = jobs.list().find(({ state }) => !resting.has(state));
    if (busy) {
      throw new ForgeError('job.not-allowed', {
        action: 'be left alone by a rebuild',
        state: busy.state,
        reason: 'it is being worked on',
        job: busy.id,
      });
    }
    const started = performance.now();
    const problems = await rebuildIndex(home, database);
    const [first] = problems;
    if (first) throw first;
    const count = (table: string): number =>
      Number(database.statement(`SELECT count(*) AS n FROM ${table}`).get()?.['n'] ?? 0);
    return {
      jobs: count('job'),
      attempts: count('attempt'),
      events: count('job_event'),
      seconds: (performance.now() - started) / 1000,
    };
  };
}
