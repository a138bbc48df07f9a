import type { JobEventPage, TypedPlace } from '#core/jobs/job-event.ts';
import type { JobMachineEvent } from '#core/jobs/job-machine.ts';
import type { JobProgress } from '#core/jobs/job-record.ts';
import type { TailedBatch } from '#core/jobs/event-fold.ts';
import type { Clock, Timer } from '#core/ports/clock.ts';
import type { EventIndex } from '#core/ports/event-index.ts';
import type { Logger } from '#core/ports/logger.ts';
import { JobLog } from './job-log.ts';

/** The index gets one transaction each. */
export const flushMs = 250;
/** While more than this wait for the index (full disk), nothing is acknowledged: the files keep the rest. */
const maximumPendingEvents = 20_000;

export interface EventIngestOptions {
  readonly index: EventIndex;
  readonly clock: Clock;
  readonly logger: Logger;
  /** New events of a job can be read. */
  readonly onEvents: (jobId: string) => void;
}

/** Takes events in: to readers at once, to the index every 250 ms. */
export class EventIngest {
  readonly #options: EventIngestOptions;
  readonly #logs = new Map<string, JobLog>();
  readonly #owed: (() => void)[] = [];
  #timer: Timer | null = null;

  constructor(options: EventIngestOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer ??= this.#options.clock.every(flushMs, () => this.#flushOrLog());
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.flush();
  }

  /** Begins to read an attempt. @returns the byte offset of its events.jsonl to read from */
  beginTail(jobId: string, attempt: number): number {
    const log = this.#log(jobId, attempt);
    log.beginAttempt(attempt);
    return log.beginTail();
  }

  /**
   * Takes a batch of the attempt that `beginTail` named.
   * @param acknowledge called when the sender may go on
   * @returns what the batch means for the job machine; handle it before the next flush
   */
  take(jobId: string, batch: TailedBatch, acknowledge: () => void): readonly JobMachineEvent[] {
    const log = this.#logs.get(jobId);
    if (log === undefined) {
      acknowledge();
      return [];
    }
    const folded = log.take(batch);
    if (log.pendingCount > maximumPendingEvents) this.#owed.push(acknowledge);
    else acknowledge();
    if (folded.events.length > 0) this.#options.onEvents(jobId);
    return folded.machineEvents;
  }

  /** Stores all that is pending in one transaction. */
  flush(): void {
    const additions = [...this.#logs.values()].flatMap((log) => log.pending() ?? []);
    if (additions.length === 0) return;
    this.#options.index.append(additions);
    for (const { jobId } of additions) this.#logs.get(jobId)?.stored();
    for (const acknowledge of this.#owed.splice(0)) acknowledge();
  }

  page(jobId: string, after: number, limit: number): JobEventPage {
    return this.#logs.get(jobId)?.page(after, limit) ?? this.#options.index.page(jobId, after, limit);
  }

  /** As `page`, of these types alone; the last position is that of the whole log. */
  pageOfTypes(jobId: string, place: TypedPlace): JobEventPage {
    const { index } = this.#options;
    return (
      this.#logs.get(jobId)?.pageOfTypes(place) ?? {
        events: index.pageOfTypes(jobId, place),
        lastPosition: index.lastPosition(jobId),
      }
    );
  }

  lastPosition(jobId: string): number {
    return this.#logs.get(jobId)?.state.lastPosition ?? this.#options.index.lastPosition(jobId);
  }

  /** Newest phase of the given attempt and newest step of the job. */
  progress(jobId: string, attempt: number): JobProgress {
    const log = this.#logs.get(jobId);
    const { phase, step, ...known } = log?.state ?? this.#options.index.progress(jobId);
    return { phase: known.attempt === attempt ? phase : null, step };
  }

  /** Frees the memory of a job that will send no more; its events are read from the index from now on. */
  forget(jobId: string): void {
    this.flush();
    this.#logs.delete(jobId);
  }

  #log(jobId: string, attempt: number): JobLog {
    const known = this.#logs.get(jobId);
    if (known !== undefined) return known;
    const made = new JobLog(jobId, attempt, this.#options.index);
    this.#logs.set(jobId, made);
    return made;
  }

  #flushOrLog(): void {
    try {
      this.flush();
    } catch (error) {
      // A full disk must not end the engine: the events stay pending and the files have them anyway.
      this.#options.logger.error({ error }, 'events could not be stored; trying again');
    }
  }
}
