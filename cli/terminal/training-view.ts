import { curveChange, type TrainingState } from '../training-state.ts';
import { lossCurve } from './loss-curve.ts';
import { displayWidth, oneLine, truncate, wrap } from './text.ts';
import { loss, signed, timeLeft } from './units.ts';
import type { ViewStyle } from './view-style.ts';

const titleLines = 3;
const smallestPlot = 4;
const tallestPlot = 14;

const phaseNames: Readonly<Record<string, string>> = {
  starting: 'Starting Python',
  loading: 'Loading the base model',
  measuring: 'Measuring three steps to foretell the time',
  training: 'Training',
  validating: 'Measuring on rows it has not seen',
  saving: 'Saving',
};

/** The figures of the moment on one line, as many as fit: loss and its change since the start, speed, time left. */
export function trainingFigures(state: TrainingState, style: ViewStyle): string {
  const change = curveChange(state.heldOut.length > 1 ? state.heldOut : state.training);
  const name = state.heldOut.length > 1 ? 'held-out loss' : 'loss';
  const parts = [
    change === null
      ? ''
      : `${name} ${style.palette.strong(loss(change.last))} (${signed(change.change, 2)} since the start)`,
    state.tokensPerSecond === null ? '' : `${Math.round(state.tokensPerSecond)} tokens/s`,
    state.bestStep === null ? '' : `best so far at step ${state.bestStep}`,
    state.etaSeconds === null || state.ended ? '' : timeLeft(state.etaSeconds),
  ];
  const between = style.palette.faint(` ${style.glyphs.separator} `);
  return parts
    .filter((part) => part !== '')
    .reduce((line, part) => {
      const longer = line === '' ? part : line + between + part;
      return displayWidth(longer) <= style.width ? longer : line;
    }, '');
}

/** What the model answers at this moment of its training. */
export function sampleLines(state: TrainingState, style: ViewStyle): string[] {
  const { sample } = state;
  if (sample === null) return [];
  const { palette } = style;
  const row = (name: string, text: string): string =>
    `  ${palette.faint(name.padEnd(9))} ${truncate(oneLine(text), style.width - 13, style.glyphs.ellipsis)}`;
  return [
    palette.faint(sample.step === 0 ? 'Before training' : `A sample at step ${sample.step}`),
    row('asked', sample.prompt),
    row('answers', sample.answer === '' ? '(nothing)' : sample.answer),
    ...(sample.expected === null ? [] : [row('expected', sample.expected)]),
  ];
}

function noticeLines(state: TrainingState, style: ViewStyle): string[] {
  if (state.notice === null) return [];
  return wrap(oneLine(state.notice), style.width - 7)
    .slice(0, 2)
    .map((line, index) => (index === 0 ? `${style.palette.warn('Note')}   ${line}` : `       ${line}`));
}

/**
 * Loss curve, figures, a sample and the last notice in at most `rows` lines; the plot takes what the rest leaves, and gives way entirely where it would be lower
 * than four rows.
 */
export function trainingView(state: TrainingState, style: ViewStyle, rows: number): string[] {
  if (state.training.length === 0 && state.heldOut.length === 0) {
    return [style.palette.faint(phaseNames[state.phase] ?? oneLine(state.phase))].slice(0, Math.max(0, rows));
  }
  const figures = trainingFigures(state, style);
  const notice = noticeLines(state, style);
  const below = [...(figures === '' ? [] : [figures]), ...notice];
  const sample = sampleLines(state, style);
  const withSample = rows - titleLines - below.length - sample.length - 1 >= smallestPlot + 2;
  const tail = withSample && sample.length > 0 ? [...below, '', ...sample] : below;
  const height = Math.min(tallestPlot, rows - titleLines - tail.length);
  if (height < smallestPlot) return tail.slice(0, Math.max(0, rows));
  return [...lossCurve(state, { ...style, height, width: Math.min(style.width, 100) }), ...tail];
}
