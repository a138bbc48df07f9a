import { greetEngine, isForgeError, type ForgeClient } from './client.ts';

/** What the two readings of a job's log answer. `last` is the cursor: the position of the newest event handed out. */
export type EventBatch = Awaited<ReturnType<ForgeClient['runs']['eventsPage']>>;

export interface ForgeConnection {
  readonly client: ForgeClient;
  close(): void;
}

export interface ResumableOptions {
  readonly job: string;
  /** Position to go on from; 0 is the beginning. */
  readonly after: number;
  readonly appVersion: string;
  readonly signal: AbortSignal;
  /** Opens one connection; rejecting counts as a failed try. */
  connect(signal: AbortSignal): Promise<ForgeConnection>;
  /** Resolves after `milliseconds`, or at once when the signal aborts. Passed in: this folder knows no clock. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** Told of every lost or failed connection before the wait, for the log or the status line. */
  onDisconnect(error: unknown, waitMs: number): void;
}

const firstWaitMs = 100;
const longestWaitMs = 5_000;
const pageLimit = 500;

/**
 * Every event of a job from `after` on, in order, none twice and none left out, across lost connections and engine restarts:
 * connect, hello, page to catch up, then subscribe; `behind` pages again, a lost connection connects again (100 ms, doubling
 * to 5 s while it keeps failing). Ends when the engine ends the stream (the job is final) or the signal aborts.
 * Throws the engine's expected errors, such as a protocol mismatch or an unknown job: waiting would not mend them.
 */
export async function* resumableEvents(options: ResumableOptions): AsyncGenerator<EventBatch> {
  const { connect, wait, signal } = options;
  let last = options.after;
  let waitMs = firstWaitMs;
  while (!signal.aborted) {
    let connection: ForgeConnection | null = null;
    try {
      connection = await connect(signal);
      await greetEngine(connection.client, options.appVersion, signal);
      for await (const batch of catchUpAndFollow(connection.client, { ...options, after: last })) {
        waitMs = firstWaitMs;
        if (batch.last <= last) continue;
        last = batch.last;
        yield batch;
      }
      return;
    } catch (error) {
      const expected = isForgeError(error);
      if (expected !== null && !expected.retryable) throw error;
      if (!signal.aborted) options.onDisconnect(error, waitMs);
    } finally {
      connection?.close();
    }
    await wait(waitMs, signal);
    waitMs = Math.min(longestWaitMs, waitMs * 2);
  }
}

/** One connection's worth: pages until a page is short, then the tail; the tail's `behind` starts the paging again. */
async function* catchUpAndFollow(client: ForgeClient, options: ResumableOptions): AsyncGenerator<EventBatch> {
  const { job, signal } = options;
  let after = options.after;
  for (;;) {
    for (let full = true; full;) {
      const page = await client.runs.eventsPage({ job, after, limit: pageLimit }, { signal });
      full = page.events.length === pageLimit;
      after = Math.max(after, page.last);
      if (page.events.length > 0) yield page;
    }
    let behind = false;
    for await (const batch of await client.runs.subscribe({ job, after }, { signal })) {
      behind = batch.behind;
      after = Math.max(after, batch.last);
      if (batch.events.length > 0) yield batch;
    }
    if (!behind) return;
  }
}
