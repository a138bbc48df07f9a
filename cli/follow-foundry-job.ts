import type { ForgeClient } from '#contract/client.ts';
import { forgeErrorData } from '#contract/error-data.ts';
import type { FoundryJob } from '#contract/dataset-versions.ts';
import { isOver } from '#contract/foundry-job-over.ts';
import { downloadProgress } from './download-progress.ts';
import { withReturningEngine } from './export-progress.ts';
import { CommandFailure } from './failure.ts';
import type { Invocation } from './invocation.ts';
import type { StopSignal } from './stop-signal.ts';
import { timeLeft } from './terminal/units.ts';

function momentOf({ text, done, total, rowsPerSecond, secondsLeft, state }: FoundryJob) {
  const facts = [
    state === 'waiting' ? 'waits for other work on data' : text,
    ...(rowsPerSecond === null ? [] : [`${rowsPerSecond} rows a second`]),
    ...(secondsLeft === null ? [] : [timeLeft(secondsLeft)]),
  ];
  return {
    text: facts.filter(Boolean).join(', '),
    fraction: total === null || total === 0 ? null : Math.min(1, done / total),
  };
}

interface Followed {
  readonly client: ForgeClient;
  readonly first: FoundryJob;
  readonly stop: StopSignal;
}

/** Shows a job until it is over or paused; Ctrl-C cancels it politely, a second one leaves it. */
async function follow(invocation: Invocation, { client, first, stop }: Followed): Promise<FoundryJob> {
  const progress = downloadProgress(invocation);
  const cancel = (): void =>
    void client.foundry.cancel({ job: first.id, requestId: `cancel-${first.id}` }).catch(() => undefined);
  if (stop.first.aborted) cancel();
  else stop.first.addEventListener('abort', cancel, { once: true });
  let latest = first;
  try {
    for await (const job of await client.foundry.watch({ job: first.id }, { signal: stop.second })) {
      latest = job;
      if (isOver(job) || job.state === 'paused') break;
      progress.show(momentOf(job));
    }
  } finally {
    stop.first.removeEventListener('abort', cancel);
    progress.finish();
  }
  return latest;
}

/**
 * Starts a job of the foundry and follows it to its end. An engine that is lost on the way is started again: the job goes on there. Gives null when it was
 * cancelled or left.
 * @throws CommandFailure with what the job failed of
 */
export async function runFoundryJob(
  invocation: Invocation,
  stop: StopSignal,
  start: (client: ForgeClient) => Promise<FoundryJob>,
): Promise<FoundryJob | null> {
  const job = await withReturningEngine(invocation, stop.second, async (client) =>
    follow(invocation, { client, first: await start(client), stop }),
  );
  if (job.state === 'done') return job;
  if (job.state !== 'failed') return null;
  throw new CommandFailure(forgeErrorData.parse(job.failure));
}
