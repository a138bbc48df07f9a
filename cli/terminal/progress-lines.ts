import type { MainJobStepView, MainJobView } from '#contract/main-job.ts';
import { curveChange, type TrainingState } from '../training-state.ts';
import { stepName } from './steps-view.ts';
import { oneLine } from './text.ts';
import { duration, loss, timeLeft } from './units.ts';

/** What the plain progress remembers between views. */
export interface ProgressMemory {
  /** Steps already told as begun or ended, as `step:state`. */
  readonly told: ReadonlySet<string>;
  readonly lastLineAtMs: number;
}

export const noProgress: ProgressMemory = { told: new Set(), lastLineAtMs: -Infinity };

interface ProgressMoment {
  readonly nowMs: number;
  readonly elapsedSeconds: number;
  /** Seconds since the view came in. */
  readonly sinceViewSeconds: number;
  readonly training: TrainingState | null;
}

/** A step that is over sooner is told of once, when it has ended. */
const worthTellingSeconds = 1;
/** The shortest time between two lines about the same step. */
const betweenLinesMs = 5_000;

const outcomes: Readonly<Partial<Record<MainJobStepView['state'], string>>> = {
  done: '',
  reused: ' (reused)',
  skipped: ' (left out)',
  failed: ' (failed)',
  interrupted: ' (stopped)',
};

function runningText(step: MainJobStepView, training: TrainingState | null): string {
  const change = training === null ? null : curveChange(training.training);
  const parts = [
    oneLine(step.text).replace(/[.]$/, ''),
    step.fraction === null ? '' : `${Math.floor(step.fraction * 100)} %`,
    change === null || step.job === null ? '' : `loss ${loss(change.last)}`,
    step.etaSeconds === null ? '' : timeLeft(step.etaSeconds),
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/**
 * Lines for a log or a pipe: one when a step ends, one when a step begins, and for a long step at most one every 5 s.
 * Pure; returns the lines and what to remember.
 */
export function progressLines(
  view: MainJobView,
  memory: ProgressMemory,
  moment: ProgressMoment,
): { lines: string[]; memory: ProgressMemory } {
  const told = new Set(memory.told);
  const lines: string[] = [];
  const say = (text: string): number => lines.push(`[${duration(moment.elapsedSeconds).padStart(11)}] ${text}`);
  for (const step of view.steps) {
    const outcome = outcomes[step.state];
    if (outcome === undefined || told.has(`${step.step}:ended`)) continue;
    told.add(`${step.step}:ended`);
    const time = step.state === 'done' && step.seconds !== null ? ` (${duration(step.seconds)})` : outcome;
    say(`${stepName(step.step)}: ${oneLine(step.text)}${time}`);
  }
  const running = view.steps.find(({ state }) => state === 'running');
  if (running !== undefined) {
    const begun = told.has(`${running.step}:begun`);
    const lasts = (running.seconds ?? 0) + moment.sinceViewSeconds >= worthTellingSeconds;
    if (lasts && (!begun || moment.nowMs - memory.lastLineAtMs >= betweenLinesMs)) {
      told.add(`${running.step}:begun`);
      say(`${stepName(running.step)}: ${runningText(running, moment.training)}`);
    }
  }
  return { lines, memory: { told, lastLineAtMs: lines.length > 0 ? moment.nowMs : memory.lastLineAtMs } };
}
