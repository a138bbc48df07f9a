import type { JobMachineState } from './job-machine.ts';

/** Attempts in a row that may end without a newer step before a job is left `interrupted` for a person to look at. */
export const maximumIdleAttempts = 3;

/** What is known about the attempts so far. */
export interface AttemptProgress {
  /** Highest step each attempt reported, by attempt; one that reported none may be missing. */
  readonly reachedSteps: ReadonlyMap<number, number>;
}

/**
 * Whether an interrupted job is continued without being asked: the job allows it, nobody asked it to pause or stop, and it
 * does not die again and again at the same place.
 */
export function mayResumeItself(state: JobMachineState, allowed: boolean, { reachedSteps }: AttemptProgress): boolean {
  if (state.name !== 'interrupted' || !allowed || state.intent === 'pause' || state.intent === 'stop') {
    return false;
  }
  let best = -1;
  let idle = 0;
  for (let attempt = 1; attempt <= state.attempt; attempt += 1) {
    const step = reachedSteps.get(attempt) ?? 0;
    idle = step > best ? 0 : idle + 1;
    best = Math.max(best, step);
  }
  return idle < maximumIdleAttempts;
}
