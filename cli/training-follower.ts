import { setTimeout as sleep } from 'node:timers/promises';
import { resumableEvents } from '#contract/resumable.ts';
import { appVersion } from './app-version.ts';
import type { EngineConnection } from './engine-connection.ts';
import { applyWorkerEvent, emptyTraining, type TrainingState } from './training-state.ts';

export interface TrainingFollower {
  readonly job: string;
  state(): TrainingState;
  /** Resolves when the engine ended the stream (the job is over) or the follower was stopped; rejects with the engine's expected errors. */
  readonly ended: Promise<void>;
  stop(): void;
}

/** Resolves after the time, or at once when the signal aborts. */
async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}

/** Follows the events of a worker job across lost connections; `onChange` after every batch. */
export function followTraining(job: string, connection: EngineConnection, onChange: () => void): TrainingFollower {
  const abort = new AbortController();
  let state = emptyTraining;
  const follow = async (): Promise<void> => {
    const events = resumableEvents({
      job,
      after: 0,
      appVersion,
      signal: abort.signal,
      connect: (signal) => connection.reconnect(signal),
      wait,
      onDisconnect: () => onChange(),
    });
    for await (const batch of events) {
      for (const event of batch.events) state = applyWorkerEvent(state, event);
      onChange();
    }
  };
  return { job, state: () => state, ended: follow(), stop: () => abort.abort() };
}
