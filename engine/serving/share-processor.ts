import type { JobView } from '#contract/jobs.ts';
import type { Logger } from '#core/ports/logger.ts';
import { servingThreads } from '#core/serving/thread-budget.ts';
import type { ServedModels } from '../http/openai-served-models.ts';
import type { JobService } from '../jobs/job-service.ts';

export interface SharedProcessor {
  readonly jobs: Pick<JobService, 'watch'>;
  readonly served: Pick<ServedModels, 'setThreads'>;
  readonly physicalCores: number;
  readonly logger: Logger;
}

const computing = new Set<JobView['state']>(['preparing', 'running', 'pausing', 'stopping', 'finishing']);

/**
 * Lowers the threads of the served models while a worker computes on the processor and gives them back after it (N-4). Ends when the signal
 * aborts.
 */
export async function shareProcessor(
  { jobs, served, physicalCores, logger }: SharedProcessor,
  signal: AbortSignal,
): Promise<void> {
  const busy = new Set<string>();
  let threads: number | null = null;
  try {
    for await (const change of jobs.watch(signal)) {
      for (const job of change.kind === 'snapshot' ? change.jobs : [change.job]) {
        if (job.device === 'cpu' && computing.has(job.state)) busy.add(job.id);
        else busy.delete(job.id);
      }
      const decision = servingThreads({ physicalCores, trainingHoldsProcessor: busy.size > 0 });
      if (decision.threads === threads) continue;
      threads = decision.threads;
      await served.setThreads(threads);
      logger.info({ threads }, decision.reason);
    }
  } catch (error) {
    if (!signal.aborted) logger.error({ error: String(error) }, 'the threads of the server no longer follow the jobs');
  }
}
