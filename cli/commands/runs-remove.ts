import { randomUUID } from 'node:crypto';
import { modelReference } from '#contract/models.ts';
import type { ForgeClient } from '#contract/client.ts';
import type { MainJobView } from '#contract/main-job.ts';
import { confirm } from '../ask.ts';
import { exitCode } from '../failure.ts';
import type { Invocation } from '../invocation.ts';
import { printResult } from '../output.ts';
import { bytes } from '../terminal/units.ts';
import { withEngine } from '../with-engine.ts';

/** A main job by the model it makes (`support:v3`; `support` is its newest version) or by its own id (`support-v3`). */
async function findMainJob(client: ForgeClient, word: string): Promise<MainJobView> {
  const [name = '', tag = 'latest'] = word.split(':');
  if (!modelReference.safeParse(word).success || tag !== 'latest')
    return client.mainJobs.get({ id: word.replace(':', '-') });
  const known = await client.mainJobs.list({ limit: 500 });
  const byId = known.find(({ id }) => id === word);
  const newest = known.filter((view) => view.name === name).sort((one, other) => other.version - one.version)[0];
  return byId ?? newest ?? client.mainJobs.get({ id: word });
}

/** `forge runs remove`: a run that waits leaves the queue, one that is over goes with the version it made. */
export async function removeRun(invocation: Invocation): Promise<number> {
  return withEngine(invocation, async ({ client }) => {
    const { id, name, version, state } = await findMainJob(client, invocation.words[0] ?? '');
    const model = `${name}:v${version}`;
    const what = state === 'waiting' ? `${model} leaves the queue and goes` : `${model} goes`;
    if (!(await confirm(invocation, `${what} with its model and its files; its dataset stays.`))) {
      invocation.terminal.err('Nothing was removed.\n');
      return exitCode.stopped;
    }
    const removed = await client.mainJobs.remove({ id, requestId: randomUUID() });
    printResult(invocation, removed, () => [
      `Removed ${removed.removed}; ${bytes(removed.freedBytes)} are free again.`,
    ]);
    return exitCode.done;
  });
}
