import type { KnownWorkerEvent } from '#contract/events.ts';
import type { EventCursor } from '../ports/event-index.ts';
import type { TailedEvent, TailLosses } from '../ports/job-host.ts';
import { factsOfEvent, type JobPhase, type MetricPoint } from './event-facts.ts';
import type { JobEvent } from './job-event.ts';
import type { JobMachineEvent } from './job-machine.ts';
import { parseWorkerEvent } from './parse-worker-event.ts';

/** How far the log of a job has come: all that is needed to number the next event. */
export interface EventLogState {
  readonly attempt: number;
  readonly lastPosition: number;
  readonly cursor: EventCursor;
  readonly phase: JobPhase | null;
  readonly step: number | null;
}

/** What the job host read in one go. `losses` are counted from `lossesBefore` on. */
export interface TailedBatch {
  readonly events: readonly TailedEvent[];
  readonly nextOffset: number;
  readonly losses: TailLosses;
}

export interface FoldedEvents {
  readonly state: EventLogState;
  readonly events: readonly JobEvent[];
  readonly points: readonly MetricPoint[];
  readonly machineEvents: readonly JobMachineEvent[];
}

export const noLosses: TailLosses = { malformed: 0, oversized: 0, refused: 0, torn: 0 };

const firstCursor: EventCursor = { nextOffset: 0, lastSeq: 0, reachedStep: 0, losses: noLosses, duplicates: 0 };

/** The state in which an attempt's first event is read. */
export function beginAttempt(attempt: number, before: { lastPosition: number; step: number | null }): EventLogState {
  return { attempt, lastPosition: before.lastPosition, cursor: firstCursor, phase: null, step: before.step };
}

/**
 * Takes a batch in: numbers its events, drops those whose `seq` was seen, and says what they mean. The live path and the
 * rebuilding of the index both go through here, so they cannot differ.
 * @param lossesBefore losses of earlier tails of the same attempt
 */
export function foldEvents(state: EventLogState, batch: TailedBatch, lossesBefore: TailLosses): FoldedEvents {
  let { lastPosition, phase, step } = state;
  let { lastSeq, reachedStep, duplicates } = state.cursor;
  const events: JobEvent[] = [];
  const points: MetricPoint[] = [];
  const machineEvents: JobMachineEvent[] = [];
  for (const tailed of batch.events) {
    if (tailed.seq <= lastSeq) {
      duplicates += 1;
      continue;
    }
    lastSeq = tailed.seq;
    lastPosition += 1;
    const parsed = parseWorkerEvent(tailed);
    events.push({ position: lastPosition, attempt: state.attempt, ...parsed });
    if (!parsed.known) continue;
    const facts = factsOfEvent(parsed.event as KnownWorkerEvent);
    phase = facts.phase ?? phase;
    // A heartbeat says 0 before the first step, and all the time in work that has none.
    if (facts.step) step = facts.step;
    reachedStep = Math.max(reachedStep, facts.step ?? 0);
    points.push(...facts.points);
    if (facts.machineEvent !== null) machineEvents.push(facts.machineEvent);
  }
  const losses = addLosses(lossesBefore, batch.losses);
  const cursor = { nextOffset: batch.nextOffset, lastSeq, reachedStep, losses, duplicates };
  return { state: { ...state, lastPosition, cursor, phase, step }, events, points, machineEvents };
}

function addLosses(one: TailLosses, other: TailLosses): TailLosses {
  return {
    malformed: one.malformed + other.malformed,
    oversized: one.oversized + other.oversized,
    refused: one.refused + other.refused,
    torn: one.torn + other.torn,
  };
}
