import type { MainJobStep, MainJobStepView } from '#contract/main-job.ts';
import { progressBar } from './progress.ts';
import { displayWidth, oneLine, padEnd, padStart, truncate } from './text.ts';
import { counted, duration, timeLeft } from './units.ts';
import type { ViewStyle } from './view-style.ts';

const stepNames: Readonly<Record<MainJobStep, string>> = {
  machine: 'Machine',
  environment: 'Python',
  base: 'Base model',
  dataset: 'Dataset',
  plan: 'Plan',
  'base-export': 'Base file',
  baseline: 'Base score',
  train: 'Training',
  export: 'Export',
  parity: 'File check',
  evaluate: 'Comparison',
  deploy: 'Deploy',
  serve: 'Serve',
};

/** The plain name of a step; a step this version does not know keeps its own. */
export function stepName(step: string): string {
  return stepNames[step as MainJobStep] ?? oneLine(step);
}

const nameWidth = 10;
const leftEdge = 3;
const timeWidth = 11;

type StepState = MainJobStepView['state'];

function mark(state: StepState, { palette, glyphs }: ViewStyle): string {
  switch (state) {
    case 'done':
    case 'reused':
      return palette.good(glyphs.done);
    case 'running':
      return palette.accent(glyphs.now);
    case 'failed':
      return palette.bad(glyphs.failed);
    case 'interrupted':
      return palette.warn(glyphs.skipped);
    case 'skipped':
      return palette.faint(glyphs.skipped);
    default:
      return palette.faint(glyphs.later);
  }
}

/** What stands at the right edge: how long, or why it took no time. */
function stepTime(step: MainJobStepView): string {
  if (step.state === 'reused') return 'reused';
  if (step.state === 'skipped') return 'left out';
  if (step.state === 'interrupted') return 'stopped';
  return step.state === 'waiting' || step.seconds === null ? '' : duration(step.seconds);
}

/** One step on one line: mark, name, what came out of it or is being done, seconds spent. */
export function stepLine(step: MainJobStepView, style: ViewStyle): string {
  const { palette } = style;
  const running = step.state === 'running';
  const name = padEnd(stepName(step.step), nameWidth);
  const shownName = running ? palette.strong(name) : step.state === 'waiting' ? palette.faint(name) : name;
  const room = style.width - leftEdge - nameWidth - 2 - timeWidth - 1;
  const text = room < 12 ? '' : padEnd(truncate(oneLine(step.text), room, style.glyphs.ellipsis), room);
  const time = palette.faint(padStart(stepTime(step), timeWidth));
  const shownText = running ? text : palette.faint(text);
  const line = ` ${mark(step.state, style)} ${shownName}  ${shownText}`;
  return (room < 12 ? `${line}${time}` : `${line} ${time}`).trimEnd();
}

/** The bar under the running step: share, percent, time left. Empty when the share is not known. */
export function stepBar(step: MainJobStepView, style: ViewStyle): string[] {
  if (step.fraction === null) return [];
  const left = step.etaSeconds === null ? '' : `  ${timeLeft(step.etaSeconds)}`;
  const label = ` ${padStart(`${Math.floor(step.fraction * 100)} %`, 5)}${left}`;
  const indent = ' '.repeat(leftEdge + nameWidth + 2);
  const barWidth = Math.min(40, style.width - indent.length - displayWidth(label) - 1);
  const bar = barWidth < 6 ? '' : progressBar(step.fraction, barWidth, style);
  return [`${indent}${bar}${style.palette.faint(label)}`];
}

/** Every step on its own line, the bar under the one that runs. */
export function stepList(steps: readonly MainJobStepView[], style: ViewStyle): string[] {
  return steps.flatMap((step) => [stepLine(step, style), ...(step.state === 'running' ? stepBar(step, style) : [])]);
}

const behind: ReadonlySet<StepState> = new Set(['done', 'reused', 'skipped']);

/** The same for a low terminal: what is done on one line, the present step, what is to come on one line. */
export function compactStepList(steps: readonly MainJobStepView[], style: ViewStyle): string[] {
  const done = steps.filter(({ state }) => behind.has(state));
  const later = steps.filter(({ state }) => state === 'waiting');
  const present = steps.filter(({ state }) => !behind.has(state) && state !== 'waiting');
  const seconds = done.reduce((sum, step) => sum + (step.state === 'done' ? (step.seconds ?? 0) : 0), 0);
  const doneLine = ` ${mark('done', style)} ${counted(done.length, 'step')} done${style.palette.faint(`, ${duration(seconds)}`)}`;
  const names = later.map(({ step }) => stepName(step)).join(', ');
  const laterLine = ` ${mark('waiting', style)} ${style.palette.faint(truncate(`then ${names}`, style.width - 4, style.glyphs.ellipsis))}`;
  return [
    ...(done.length > 0 ? [doneLine] : []),
    ...stepList(present, style),
    ...(later.length > 0 ? [laterLine] : []),
  ];
}
