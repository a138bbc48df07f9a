import type { Clock, Timer } from '#core/ports/clock.ts';
import type { Logger } from '#core/ports/logger.ts';
import { createBroadcast } from '../broadcast.ts';

export interface ViewFeedOptions<T> {
  readonly make: () => Promise<T>;
  readonly isSame: (one: T, other: T) => boolean;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** One view for all who watch it: made when something changed, at most ten times a second, and not at all while nobody looks. */
export interface ViewFeed<T> {
  /** Something may have changed. */
  changed(): void;
  /** The present view, then every other one; a slow reader gets the newest only. Ends on abort or `close`. */
  watch(signal?: AbortSignal): AsyncGenerator<T>;
  close(): void;
}

export const shortestGapMs = 100;
/** What changes without a word (a model that leaves memory for idleness, the minutes of the counts) is looked for this often. */
const lookEveryMs = 1_000;

export function createViewFeed<T>({ make, isSame, clock, logger }: ViewFeedOptions<T>): ViewFeed<T> {
  const broadcast = createBroadcast<T>();
  let readers = 0;
  let look: Timer | null = null;
  const pace = createPace(clock, async () => {
    try {
      broadcast.send(await make());
    } catch (error) {
      logger.error({ error: String(error) }, 'the state of the server could not be told');
    }
  });
  const changed = (): void => {
    if (readers > 0) pace.ask();
  };
  const arrive = (): void => {
    readers += 1;
    look ??= clock.every(lookEveryMs, changed);
  };
  const rest = (): void => {
    look?.cancel();
    look = null;
    pace.rest();
  };
  return {
    changed,
    async *watch(signal) {
      arrive();
      const left = new AbortController();
      // Joined before the first view is made: what changes meanwhile comes after it.
      const later = broadcast.subscribe(signal ? AbortSignal.any([signal, left.signal]) : left.signal);
      try {
        let shown = await make();
        yield shown;
        for await (const view of later) {
          if (isSame(shown, view)) continue;
          shown = view;
          yield view;
        }
      } finally {
        // Takes the reader off the list, also one that never came to read.
        left.abort();
        await later.next();
        readers -= 1;
        if (readers === 0) rest();
      }
    },
    close() {
      rest();
      broadcast.close();
    },
  };
}

/** Runs work when it was asked for, never twice at once and with the shortest gap between the beginnings. */
function createPace(clock: Clock, work: () => Promise<void>): { ask(): void; rest(): void } {
  let due: Timer | null = null;
  let begunAtMs = -Infinity;
  let isWorking = false;
  let isAsked = false;
  const run = async (): Promise<void> => {
    due = null;
    isWorking = true;
    isAsked = false;
    begunAtMs = clock.monotonicMs();
    await work();
    isWorking = false;
    if (isAsked) ask();
  };
  const ask = (): void => {
    isAsked = true;
    if (isWorking || due !== null) return;
    due = clock.after(Math.max(0, begunAtMs + shortestGapMs - clock.monotonicMs()), () => void run());
  };
  return {
    ask,
    /** What is asked for already is left undone. */
    rest() {
      isAsked = false;
      due?.cancel();
      due = null;
    },
  };
}
