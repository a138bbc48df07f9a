import { randomUUID } from 'node:crypto';
import type { FoundryJob } from '#contract/dataset-versions.ts';
import type { CommandRun } from '../command-spec.ts';
import { exitCode } from '../failure.ts';
import type { Invocation } from '../invocation.ts';
import { printResult } from '../output.ts';
import { jobTable } from '../terminal/version-view.ts';
import { outStyle } from '../terminal/view-style.ts';
import { withEngine } from '../with-engine.ts';

/** `forge data jobs`: long work on datasets, running and over. */
export async function listDataJobs(invocation: Invocation): Promise<number> {
  const jobs = await withEngine(invocation, ({ client }) => client.foundry.jobs());
  printResult(invocation, jobs, () => jobTable(jobs, outStyle(invocation.terminal)));
  return exitCode.done;
}

/** The job of this id, or of the beginning of one that fits a single job; `last` is the newest. What fits none goes to the engine, which says so. */
function idOf(jobs: readonly FoundryJob[], word: string): string {
  if (word === 'last') return jobs[0]?.id ?? word;
  const begun = jobs.filter(({ id }) => id.startsWith(word));
  return begun.length === 1 ? (begun[0]?.id ?? word) : word;
}

/** `forge data pause|resume|cancel`. The engine stays: resumed work needs it. */
export function changeDataJob(change: 'pause' | 'resume' | 'cancel'): CommandRun {
  return async (invocation) => {
    const job = await withEngine(
      invocation,
      async ({ client }) => {
        const id = idOf(await client.foundry.jobs(), invocation.words[0] ?? '');
        return client.foundry[change]({ job: id, requestId: randomUUID() });
      },
      { engineStays: true },
    );
    printResult(invocation, job, () => [`${job.kind} of ${job.name} (${job.id}): ${job.state}`]);
    return exitCode.done;
  };
}
