import type { KnownWorkerEvent } from '#contract/events.ts';
import type { JobMachineEvent } from './job-machine.ts';

export interface JobPhase {
  readonly name: string;
  readonly fraction: number | null;
  readonly etaSeconds: number | null;
}

export interface MetricPoint {
  readonly name: string;
  readonly step: number;
  /** Null where the worker saw NaN or infinity. */
  readonly value: number | null;
}

/** What one worker event means beside being a line of the log. */
export interface EventFacts {
  readonly phase: JobPhase | null;
  readonly step: number | null;
  readonly points: readonly MetricPoint[];
  readonly machineEvent: JobMachineEvent | null;
}

const nothing: EventFacts = { phase: null, step: null, points: [], machineEvent: null };

export function factsOfEvent(event: KnownWorkerEvent): EventFacts {
  switch (event.type) {
    case 'hello':
      return { ...nothing, machineEvent: { kind: 'hello' } };
    case 'done':
      return { ...nothing, machineEvent: { kind: 'done' } };
    case 'failed': {
      const { code, message, hint } = event;
      return { ...nothing, machineEvent: { kind: 'worker-failed', failure: { code, message, hint } } };
    }
    case 'phase': {
      const { name, fraction, etaSeconds } = event;
      return { ...nothing, phase: { name, fraction, etaSeconds } };
    }
    case 'metric': {
      const { step, values, nonFinite } = event;
      const finite = Object.entries(values).map(([name, value]) => ({ name, step, value }));
      const others = nonFinite.filter((name) => !(name in values)).map((name) => ({ name, step, value: null }));
      return { ...nothing, step, points: [...finite, ...others] };
    }
    case 'checkpoint':
    case 'heartbeat':
    case 'sample':
      return { ...nothing, step: event.step };
    default:
      return nothing;
  }
}
