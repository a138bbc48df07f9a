import { randomUUID } from 'node:crypto';
import { exitCode } from '../failure.ts';
import { textValue, type Invocation } from '../invocation.ts';
import { printResult } from '../output.ts';
import { findRun } from '../run-reference.ts';
import { withEngine } from '../with-engine.ts';
import { runStateText } from './runs.ts';

/** `forge runs move`: before another run that waits, or last. */
export async function moveRun(invocation: Invocation): Promise<number> {
  const before = textValue(invocation, 'before');
  const job = await withEngine(
    invocation,
    async ({ client }) => {
      const moved = await findRun(client, invocation.words[0] ?? '');
      const place = before === undefined ? null : (await findRun(client, before)).id;
      return client.jobs.move({ job: moved.id, before: place, requestId: randomUUID() });
    },
    { engineStays: true },
  );
  printResult(invocation, job, () => [`${job.id}: ${runStateText(job)}`]);
  return exitCode.done;
}
