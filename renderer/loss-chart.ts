import {
  lastPoint,
  lowestPoint,
  nearestPoint,
  niceTicks,
  pathData,
  spreadLabels,
  valueRange,
  type Point,
  type Series,
} from './chart-scale.ts';
import { element, shape } from './element.ts';
import { lossText } from './words.ts';

/** The two curves of a training: the loss of each step, and the loss on the held-out rows. */
export interface LossSeries {
  readonly train: Series;
  readonly heldOut: Series;
}

export interface LossChart {
  readonly root: HTMLElement;
  /** Null: the curve is still on its way. */
  update(series: LossSeries | null): void;
  dispose(): void;
}

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly steps: { readonly low: number; readonly high: number };
  readonly values: { readonly low: number; readonly high: number };
}

const margin = { left: 56, right: 104, top: 12, bottom: 44 };
const noSeries: LossSeries = { train: { steps: [], values: [] }, heldOut: { steps: [], values: [] } };
const labelGapPx = 16;
const tableRows = 12;

/**
 * Loss over steps: training thin and grey, held-out rows thick and in the accent colour, each named at its end. Hovering, or the
 * arrow keys when it has the focus, read both curves at a step; a sentence and a table say the same without the picture.
 */
export function createLossChart(): LossChart {
  const summary = element('p', { class: 'summary', id: 'loss-summary' });
  const plot = element('div', {
    class: 'plot',
    tabindex: 0,
    role: 'img',
    'aria-labelledby': 'loss-title loss-summary',
  });
  const readout = element('p', { class: 'readout', role: 'status' });
  const table = element('table');
  const details = element('details', { class: 'as-table' }, [element('summary', {}, ['As a table']), table]);
  const root = element('div', { class: 'chart' }, [
    element('h3', { id: 'loss-title' }, ['Loss']),
    summary,
    plot,
    readout,
    details,
  ]);
  let series = noSeries;
  let isLoading = true;
  let cursor: number | null = null;

  const draw = () => {
    const frame = frameOf(plot, series);
    plot.replaceChildren(frame === null ? waiting(isLoading) : drawing(frame, series, cursor));
    readout.textContent = cursor === null ? '' : readoutText(series, cursor);
  };
  const moveTo = (step: number | null) => {
    cursor = step;
    draw();
  };
  plot.addEventListener('pointermove', (event) => {
    const frame = frameOf(plot, series);
    if (frame !== null) moveTo(stepAt(frame, event.clientX - plot.getBoundingClientRect().left, series));
  });
  plot.addEventListener('pointerleave', () => moveTo(null));
  plot.addEventListener('blur', () => moveTo(null));
  plot.addEventListener('keydown', (event) => {
    const next = stepByKey(event.key, series.train.steps, cursor);
    if (next === null) return;
    event.preventDefault();
    moveTo(next);
  });
  const resized = new ResizeObserver(draw);
  resized.observe(plot);
  return {
    root,
    update(next) {
      series = next ?? noSeries;
      isLoading = next === null;
      summary.textContent = summaryText(series);
      fillTable(table, series);
      details.hidden = series.train.steps.length === 0 && series.heldOut.steps.length === 0;
      draw();
    },
    dispose: () => resized.disconnect(),
  };
}

function frameOf(plot: HTMLElement, series: LossSeries): Frame | null {
  const values = valueRange([series.train, series.heldOut]);
  const steps = [...series.train.steps, ...series.heldOut.steps];
  if (values === null || plot.clientWidth === 0) return null;
  const ticks = niceTicks(Math.min(0, values.low), values.high, 4);
  return {
    width: plot.clientWidth,
    height: plot.clientHeight,
    steps: { low: 0, high: Math.max(1, ...steps) },
    values: { low: ticks[0] ?? 0, high: ticks.at(-1) ?? 1 },
  };
}

function place(frame: Frame, { step, value }: Point): { x: number; y: number } {
  const { steps, values } = frame;
  const across = (step - steps.low) / (steps.high - steps.low);
  const up = (value - values.low) / (values.high - values.low);
  return {
    x: margin.left + across * (frame.width - margin.left - margin.right),
    y: frame.height - margin.bottom - up * (frame.height - margin.top - margin.bottom),
  };
}

function drawing(frame: Frame, series: LossSeries, cursor: number | null): SVGElement {
  const at = (point: Point) => place(frame, point);
  return shape('svg', { 'aria-hidden': 'true' }, [
    ...axes(frame),
    shape('path', { class: 'train', d: pathData(series.train, at) }),
    shape('path', { class: 'held-out', d: pathData(series.heldOut, at), 'stroke-linecap': 'round' }),
    ...bestMark(frame, series),
    ...lineNames(frame, series),
    ...(cursor === null ? [] : [cursorLine(frame, cursor)]),
  ]);
}

function axes(frame: Frame): SVGElement[] {
  const bottom = frame.height - margin.bottom;
  const right = frame.width - margin.right;
  const horizontal = niceTicks(frame.values.low, frame.values.high, 4).flatMap((value) => {
    const { y } = place(frame, { step: frame.steps.low, value });
    return [
      shape('line', { class: value === frame.values.low ? 'axis' : 'grid', x1: margin.left, x2: right, y1: y, y2: y }),
      shape('text', { x: margin.left - 8, y: y + 4, 'text-anchor': 'end' }, [String(value)]),
    ];
  });
  const vertical = niceTicks(frame.steps.low, frame.steps.high, frame.width < 600 ? 3 : 4)
    .filter((step) => step <= frame.steps.high && Number.isInteger(step))
    .map((step) => {
      const { x } = place(frame, { step, value: frame.values.low });
      return shape('text', { x, y: bottom + 18, 'text-anchor': 'middle' }, [String(step)]);
    });
  const middle = (margin.top + bottom) / 2;
  return [
    ...horizontal,
    ...vertical,
    shape('text', { x: (margin.left + right) / 2, y: frame.height - 6, 'text-anchor': 'middle' }, ['training step']),
    shape('text', { transform: `translate(14 ${middle}) rotate(-90)`, 'text-anchor': 'middle' }, [
      'loss (nats per answer token)',
    ]),
  ];
}

function lineNames(frame: Frame, series: LossSeries): SVGElement[] {
  const train = lastPoint(series.train);
  const heldOut = lastPoint(series.heldOut);
  const trainY = train === null ? -labelGapPx : place(frame, train).y;
  const heldOutY = heldOut === null ? trainY + 2 * labelGapPx : place(frame, heldOut).y;
  const heights = spreadLabels(trainY, heldOutY, labelGapPx);
  const x = frame.width - margin.right + 8;
  const name = (kind: string, text: string, y: number) => shape('text', { class: kind, x, y: y + 4 }, [text]);
  return [
    ...(train === null ? [] : [name('train', `training ${lossText(train.value)}`, heights.a)]),
    ...(heldOut === null ? [] : [name('held-out', `held-out ${lossText(heldOut.value)}`, heights.b)]),
  ];
}

function bestMark(frame: Frame, series: LossSeries): SVGElement[] {
  const best = lowestPoint(series.heldOut);
  if (best === null) return [];
  const { x, y } = place(frame, best);
  return [shape('circle', { class: 'best', cx: x, cy: y, r: 4 })];
}

function cursorLine(frame: Frame, step: number): SVGElement {
  const { x } = place(frame, { step, value: frame.values.low });
  return shape('line', { class: 'cursor', x1: x, x2: x, y1: margin.top, y2: frame.height - margin.bottom });
}

function waiting(isLoading: boolean): HTMLElement {
  const text = isLoading ? 'Loading the curve' : 'The curve begins with the first training step.';
  return element('p', { class: 'waiting' }, [text]);
}

function stepAt(frame: Frame, x: number, series: LossSeries): number | null {
  const across = (x - margin.left) / (frame.width - margin.left - margin.right);
  const step = frame.steps.low + across * (frame.steps.high - frame.steps.low);
  return nearestPoint(series.train, step)?.step ?? nearestPoint(series.heldOut, step)?.step ?? null;
}

function stepByKey(key: string, steps: readonly number[], cursor: number | null): number | null {
  const last = steps.length - 1;
  if (last < 0) return null;
  const at = cursor === null ? last : Math.max(0, steps.indexOf(cursor));
  const page = Math.max(1, Math.round(steps.length / 10));
  const moves: Record<string, number> = {
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
    PageUp: at - page,
    PageDown: at + page,
    Home: 0,
    End: last,
  };
  const next = moves[key];
  return next === undefined ? null : (steps[Math.min(last, Math.max(0, next))] ?? null);
}

function readoutText(series: LossSeries, step: number): string {
  const train = nearestPoint(series.train, step);
  const heldOut = nearestPoint(series.heldOut, step);
  const parts = [`Step ${step}`];
  if (train !== null) parts.push(`training ${lossText(train.value)}`);
  if (heldOut !== null)
    parts.push(`held-out ${lossText(heldOut.value)}${heldOut.step === step ? '' : ` (step ${heldOut.step})`}`);
  return parts.join(' · ');
}

/** The chart in one sentence. */
export function summaryText(series: LossSeries): string {
  const best = lowestPoint(series.heldOut);
  const first = nearestPoint(series.heldOut, -1);
  const last = lastPoint(series.train);
  if (best !== null && first !== null && best.step > first.step) {
    return `On rows it never learned from, the loss went from ${lossText(first.value)} to ${lossText(best.value)} at step ${best.step}, the best so far (ring). Lower is better.`;
  }
  if (best !== null) return `On rows it never learned from, the loss is ${lossText(best.value)}. Lower is better.`;
  if (last !== null)
    return `The loss on the rows it learns from is ${lossText(last.value)} at step ${last.step}. Lower is better.`;
  return '';
}

function fillTable(table: HTMLTableElement, series: LossSeries): void {
  const { steps } = series.train.steps.length > 0 ? series.train : series.heldOut;
  const every = Math.max(1, Math.ceil(steps.length / tableRows));
  const shown = steps.filter((_, index) => index % every === 0 || index === steps.length - 1);
  const cell = (point: Point | null) => element('td', {}, [point === null ? '–' : lossText(point.value)]);
  const heads = ['Step', 'Training', 'Held-out (nearest)'].map((text) => element('th', { scope: 'col' }, [text]));
  table.replaceChildren(
    element('thead', {}, [element('tr', {}, heads)]),
    element(
      'tbody',
      {},
      shown.map((step) =>
        element('tr', {}, [
          element('td', {}, [String(step)]),
          cell(nearestPoint(series.train, step)),
          cell(nearestPoint(series.heldOut, step)),
        ]),
      ),
    ),
  );
}
