import { performance } from 'node:perf_hooks';

/** What the measurement needs of an engine: `events.ts` passes the real job service behind the real wire. */
export interface LatencySubject {
  submit(payload: Readonly<Record<string, unknown>>): Promise<{ readonly id: string }>;
  /** Batches of events with the Unix time (ms) at which the worker wrote each. */
  subscribe(
    jobId: string,
    signal: AbortSignal,
  ): AsyncIterable<{ readonly events: readonly { readonly t: number; readonly type: string }[] }>;
}

export interface LatencyReport {
  readonly events: number;
  readonly eventsPerSecond: number;
  /** From the worker's clock at the write to the subscriber's at the receipt, ms. Same machine, same clock. */
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly largestMs: number;
}

/**
 * How long an event takes from the worker to a subscriber while the worker writes `eventsPerSecond` for `seconds`
 * (fake worker, mode flood). The first second is left out: it holds the start of the reader.
 */
export async function measureEventLatency(
  subject: LatencySubject,
  { eventsPerSecond, seconds }: { readonly eventsPerSecond: number; readonly seconds: number },
): Promise<LatencyReport> {
  const job = await subject.submit({ mode: 'flood', steps: seconds, stepMs: 1_000, eventsPerSecond });
  const delaysMs: number[] = [];
  let firstMs = Number.POSITIVE_INFINITY;
  for await (const batch of subject.subscribe(job.id, AbortSignal.timeout((seconds + 30) * 1_000))) {
    const nowMs = performance.timeOrigin + performance.now();
    for (const event of batch.events) {
      if (event.type !== 'log') continue;
      firstMs = Math.min(firstMs, event.t);
      if (event.t - firstMs >= 1_000) delaysMs.push(Math.max(0, nowMs - event.t));
    }
  }
  const sorted = delaysMs.toSorted((one, other) => one - other);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return {
    events: sorted.length,
    eventsPerSecond: sorted.length / Math.max(1, seconds - 1),
    medianMs: at(0.5),
    p99Ms: at(0.99),
    largestMs: at(1),
  };
}
