import type { MainJobStepView, MainJobView } from '#contract/main-job.ts';
import type { TrainingState } from '../training-state.ts';
import { compactStepList, stepList } from './steps-view.ts';
import { displayWidth, oneLine } from './text.ts';
import { trainingView } from './training-view.ts';
import { duration } from './units.ts';
import type { ViewStyle } from './view-style.ts';

export interface MainJobScreenState {
  readonly view: MainJobView;
  /** Seconds since this command began. */
  readonly elapsedSeconds: number;
  /** Seconds since `view` came in; they are added to the step that runs so that its clock does not stand still. */
  readonly sinceViewSeconds: number;
  /** The curve of the training, while it runs. */
  readonly training: TrainingState | null;
  /** The line at the bottom: how to leave, or that it is stopping. */
  readonly footer: string;
}

function headerLines(state: MainJobScreenState, style: ViewStyle): string[] {
  const title = `${oneLine(state.view.name)}:v${state.view.version}`;
  const time = duration(state.elapsedSeconds);
  const gap = Math.max(1, style.width - displayWidth(` Forge  ${title}`) - displayWidth(time));
  return [
    ` ${style.palette.accent('Forge')}  ${style.palette.strong(title)}${' '.repeat(gap)}${style.palette.faint(time)}`,
    '',
  ];
}

function withClock(steps: readonly MainJobStepView[], sinceSeconds: number): MainJobStepView[] {
  return steps.map((step) =>
    step.state !== 'running'
      ? step
      : {
          ...step,
          seconds: (step.seconds ?? 0) + sinceSeconds,
          etaSeconds: step.etaSeconds === null ? null : Math.max(0, step.etaSeconds - sinceSeconds),
        },
  );
}

/** Fewest rows a curve with its figures is worth drawing in. */
const smallestCurve = 9;

/** The whole chain on one screen of at most `rows` lines: steps, the curve of the running training, how to leave. */
export function mainJobScreen(state: MainJobScreenState, style: ViewStyle, rows: number): string[] {
  const header = headerLines(state, style);
  const footer = state.footer === '' ? [] : ['', ` ${style.palette.faint(state.footer)}`];
  const steps = withClock(state.view.steps, state.sinceViewSeconds);
  const roomFor = (list: readonly string[]): number => rows - header.length - footer.length - list.length;
  const full = stepList(steps, style);
  const compact = roomFor(full) < (state.training === null ? 0 : smallestCurve + 6);
  const list = compact ? compactStepList(steps, style) : full;
  const room = roomFor(list) - 1;
  if (state.training === null || room < smallestCurve) return [...header, ...list, ...footer].slice(0, rows);
  // The time left stands beside the bar already.
  const curve = trainingView({ ...state.training, etaSeconds: null }, { ...style, width: style.width - 2 }, room).map(
    (line) => ` ${line}`.trimEnd(),
  );
  return [...header, ...list, '', ...curve, ...footer];
}
