import type { FoundryJob } from '#contract/dataset-versions.ts';
import { isOver } from '#contract/foundry-job-over.ts';
import type { EngineAccess } from '../../connection/engine-access.ts';

/** Follows a job to its end and gives it as it is then; `onJob` is told every state before. */
export async function endOfJob(
  engine: EngineAccess,
  started: FoundryJob,
  { signal, onJob }: { readonly signal: AbortSignal; readonly onJob: (job: FoundryJob) => void },
): Promise<FoundryJob> {
  let last = started;
  onJob(last);
  if (isOver(last)) return last;
  const changes = await engine.call((client) => client.foundry.watch({ job: started.id }, { signal }));
  for await (const job of changes) {
    if (signal.aborted) return last;
    last = job;
    if (!isOver(job)) onJob(job);
  }
  return last;
}
