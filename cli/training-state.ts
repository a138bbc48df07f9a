import { knownWorkerEvent, type KnownWorkerEvent } from '#contract/events.ts';
import type { CurvePoint } from './terminal/loss-curve.ts';

/** What a person wants to know of a training while it runs; made from worker events alone. */
export interface TrainingState {
  readonly phase: string;
  readonly step: number;
  readonly plannedSteps: number | null;
  readonly training: readonly CurvePoint[];
  readonly heldOut: readonly CurvePoint[];
  readonly bestStep: number | null;
  readonly tokensPerSecond: number | null;
  readonly etaSeconds: number | null;
  readonly sample: {
    readonly step: number;
    readonly prompt: string;
    readonly answer: string;
    readonly expected: string | null;
  } | null;
  /** The last thing the trainer did by itself or warned of, as a sentence. */
  readonly notice: string | null;
  readonly attempt: string | null;
  readonly ended: boolean;
}

export const emptyTraining: TrainingState = {
  phase: 'starting',
  step: 0,
  plannedSteps: null,
  training: [],
  heldOut: [],
  bestStep: null,
  tokensPerSecond: null,
  etaSeconds: null,
  sample: null,
  notice: null,
  attempt: null,
  ended: false,
};

/** The most points a curve keeps; beyond it every second one is let go, which no terminal can show anyway. */
const mostPoints = 2000;

/** Adds a point. After a roll-back or a new attempt the steps begin lower again: what the trainer threw away goes here too. */
function withPoint(points: readonly CurvePoint[], point: CurvePoint): CurvePoint[] {
  const last = points.at(-1);
  const kept = last !== undefined && point.step <= last.step ? points.filter(({ step }) => step < point.step) : points;
  const all = [...kept, point];
  return all.length <= mostPoints ? all : all.filter((_, index) => index % 2 === 0 || index === all.length - 1);
}

function metricApplied(state: TrainingState, event: KnownWorkerEvent & { type: 'metric' }): TrainingState {
  const { values, step } = event;
  const point = (name: string): CurvePoint | null => {
    if (event.nonFinite.includes(name)) return { step, value: null };
    const value = values[name];
    return value === undefined || value === null ? null : { step, value };
  };
  const training = point('loss');
  const heldOut = point('validationLoss');
  return {
    ...state,
    step: Math.max(step, 0),
    training: training === null ? state.training : withPoint(state.training, training),
    heldOut: heldOut === null ? state.heldOut : withPoint(state.heldOut, heldOut),
    tokensPerSecond: values['tokensPerSecond'] ?? state.tokensPerSecond,
  };
}

function knownApplied(state: TrainingState, event: KnownWorkerEvent): TrainingState {
  switch (event.type) {
    case 'phase':
      return { ...state, phase: event.name, etaSeconds: event.etaSeconds };
    case 'measured':
      return { ...state, plannedSteps: event.plannedSteps };
    case 'metric':
      return metricApplied(state, event);
    case 'sample':
      return {
        ...state,
        sample: { step: event.step, prompt: event.prompt, answer: event.answer, expected: event.expected },
      };
    case 'checkpoint':
      return event.best ? { ...state, bestStep: event.step } : state;
    case 'intervention':
      return { ...state, notice: event.reason };
    case 'invariant':
      return event.ok ? state : { ...state, notice: event.detail };
    case 'warning':
      return { ...state, notice: event.text };
    case 'done':
    case 'failed':
      return { ...state, ended: true };
    default:
      return state;
  }
}

/** The state after one event. Unknown types change nothing; an event of a new attempt keeps the curve (it goes on from a checkpoint). */
export function applyWorkerEvent(state: TrainingState, event: unknown): TrainingState {
  const parsed = knownWorkerEvent.safeParse(event);
  if (!parsed.success) return state;
  const current = parsed.data.run === state.attempt ? state : { ...state, attempt: parsed.data.run, ended: false };
  return knownApplied(current, parsed.data);
}

/** First and last finite value of a curve, and their difference. */
export function curveChange(points: readonly CurvePoint[]): { first: number; last: number; change: number } | null {
  const values = points.flatMap(({ value }) => (value === null ? [] : [value]));
  const first = values[0];
  const last = values.at(-1);
  return first === undefined || last === undefined ? null : { first, last, change: last - first };
}
