import { randomUUID } from 'node:crypto';
import type { CommandRun } from '../command-spec.ts';
import { exitCode } from '../failure.ts';
import { printResult } from '../output.ts';
import { findRun } from '../run-reference.ts';
import { withEngine } from '../with-engine.ts';
import { runStateText } from './runs.ts';

type RunChange = 'pause' | 'resume' | 'cancel' | 'finish' | 'retry';

/** `forge runs pause|resume|cancel|finish|retry`. The engine refuses what the run's state does not allow, with the reason. */
export function changeRun(change: RunChange): CommandRun {
  return async (invocation) => {
    const job = await withEngine(
      invocation,
      async ({ client }) => {
        const found = await findRun(client, invocation.words[0] ?? '');
        return client.jobs[change]({ job: found.id, requestId: randomUUID() });
      },
      { engineStays: true },
    );
    printResult(invocation, job, () => [`${job.id}: ${runStateText(job)}`]);
    return exitCode.done;
  };
}
