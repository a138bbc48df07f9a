import { ForgeError } from '#contract/errors.ts';
import { directoryBytes } from '#native-bridge/files/directory-bytes.ts';
import type { JobService } from '../jobs/job-service.ts';
import type { BuildStore } from './build-store.ts';

export interface RemovedMainJob {
  /** `name:v3`. */
  readonly removed: string;
  readonly freedBytes: number;
}

/**
 * Deletes the version of a main job that neither waits nor runs. Workers of it that rest at a checkpoint are given up: nothing could go on with
 * them any more.
 * @throws ForgeError `engine.not-found`
 */
export async function removeMainJob(
  id: string,
  { store, jobs }: { store: BuildStore; jobs: Pick<JobService, 'get' | 'cancel' | 'discard'> },
): Promise<RemovedMainJob> {
  const build = await store.byId(id);
  if (build === null) throw new ForgeError('engine.not-found', { kind: 'main job', id, command: 'models' });
  for (const { job } of Object.values(build.steps)) if (job !== null) giveUp(jobs, job);
  const freedBytes = await directoryBytes(store.directory(build));
  await store.remove(build);
  return { removed: `${build.name}:v${build.version}`, freedBytes };
}

function giveUp(jobs: Pick<JobService, 'get' | 'cancel' | 'discard'>, job: string): void {
  try {
    const { state } = jobs.get(job);
    if (state === 'paused' || state === 'queued') jobs.cancel(job);
    else if (state === 'interrupted') jobs.discard(job);
  } catch (error) {
    // Its run folder was deleted before.
    if (!(error instanceof ForgeError)) throw error;
  }
}
