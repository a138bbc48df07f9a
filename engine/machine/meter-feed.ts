import type { MeterReading } from '#contract/hardware.ts';
import type { Clock, Timer } from '#core/ports/clock.ts';
import type { Logger } from '#core/ports/logger.ts';
import type { Meters } from '#core/ports/meters.ts';
import { createBroadcast } from '../broadcast.ts';

export const meterPeriodMs = 1_000;

export interface MeterFeedOptions {
  readonly meters: Meters;
  /** First process of each worker that runs now. */
  readonly workerPids: () => Promise<readonly number[]>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** One sampler for all readers; it runs only while there is one. */
export interface MeterFeed {
  read(signal: AbortSignal): AsyncGenerator<MeterReading>;
  /** Readers there are; for leak tests. */
  readonly readers: number;
}

export function createMeterFeed({ meters, workerPids, clock, logger }: MeterFeedOptions): MeterFeed {
  const broadcast = createBroadcast<MeterReading>();
  let readers = 0;
  let timer: Timer | null = null;
  let latest: MeterReading | null = null;
  let isReading = false;

  const sample = async (): Promise<void> => {
    // A machine too busy to answer within a second is not asked twice at once.
    if (isReading) return;
    isReading = true;
    try {
      latest = await meters.read(await workerPids());
      broadcast.send(latest);
    } catch (error) {
      logger.warn({ error: String(error) }, 'the meters could not be read');
    } finally {
      isReading = false;
    }
  };
  const enter = (): void => {
    readers += 1;
    if (timer !== null) return;
    latest = null;
    timer = clock.every(meterPeriodMs, () => void sample());
    void sample();
  };
  const leave = (): void => {
    readers -= 1;
    if (readers > 0) return;
    timer?.cancel();
    timer = null;
  };
  return {
    get readers() {
      return readers;
    },
    async *read(signal) {
      enter();
      try {
        const following = broadcast.subscribe(signal);
        if (latest !== null) yield latest;
        yield* following;
      } finally {
        leave();
      }
    },
  };
}
