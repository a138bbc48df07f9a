import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ForgeClient } from '#contract/client.ts';
import { knownWorkerEvent, type KnownWorkerEvent } from '#contract/events.ts';
import type { MainJobRequest, MainJobView } from '#contract/main-job.ts';

/** A training the engine runs as it runs a person's: planned, measured, in a worker of the managed Python. */
export interface EngineTraining {
  /** Every event of the training so far; empty before it began. */
  events(): Promise<KnownWorkerEvent[]>;
  readonly isOver: () => Promise<boolean>;
  /** Waits for its end; throws the engine's sentence when it failed. */
  end(): Promise<void>;
  /** Stops it when it still runs, and deletes what it made. */
  remove(): Promise<void>;
}

const pollMs = 250;
const ended = new Set<MainJobView['state']>(['succeeded', 'failed', 'cancelled', 'interrupted']);

/** Starts the main job up to the adapter (nothing is exported or deployed) under a name no other version has. */
export async function startEngineTraining(
  client: ForgeClient,
  wishes: Partial<MainJobRequest> = {},
): Promise<EngineTraining> {
  const name = `bench-${randomUUID().slice(0, 8)}`;
  const request: MainJobRequest = { ...wishes, name, export: false, deployToOllama: 'never' };
  const { id } = await client.mainJobs.start({ request, requestId: randomUUID() });
  const view = (): Promise<MainJobView> => client.mainJobs.get({ id });
  const isOver = async (): Promise<boolean> => ended.has((await view()).state);
  const waitForEnd = async (): Promise<MainJobView> => {
    while (!(await isOver())) await sleep(pollMs);
    return view();
  };
  return {
    isOver,
    async events() {
      const job = (await view()).steps.find(({ step }) => step === 'train')?.job;
      return typeof job === 'string' ? eventsOf(client, job) : [];
    },
    async end() {
      const { state, failure } = await waitForEnd();
      if (state !== 'succeeded') throw new Error(`the training ${state}: ${failure?.message ?? 'without a reason'}`);
    },
    async remove() {
      if (!(await isOver())) {
        await client.mainJobs.cancel({ id, requestId: randomUUID() });
        await waitForEnd();
      }
      await client.models.remove({ model: name, requestId: randomUUID() });
    },
  };
}

async function eventsOf(client: ForgeClient, job: string): Promise<KnownWorkerEvent[]> {
  const events: KnownWorkerEvent[] = [];
  for (let after = 0; ;) {
    const page = await client.runs.eventsPage({ job, after, limit: 2_000 });
    for (const event of page.events) {
      const known = knownWorkerEvent.safeParse(event);
      if (known.success) events.push(known.data);
    }
    if (page.events.length === 0) return events;
    after = page.last;
  }
}
