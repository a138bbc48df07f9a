import type uPlot from 'uplot';
import type { ChartColours } from './chart-colours.ts';
import type { ChartSeries } from './chart-series.ts';
import { linearTicks, logTicks, tickTexts, wholeTicks } from './ticks.ts';

export interface PlotLook {
  readonly width: number;
  readonly height: number;
  readonly isLog: boolean;
  readonly colours: ChartColours;
  readonly formatStep: (step: number) => string;
  readonly formatValue: (value: number) => string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** Room at the right for the labels at the lines' ends, in CSS pixels. */
  readonly endRoom: number;
  /** Charts with the same key show the pointer at the same step. */
  readonly syncKey: string | null;
}

const gridDash = [2, 4];
/** The chart, the axis, and the edges of its scale. */
type SplitsInput = [self: uPlot, axis: number, low: number, high: number, ...rest: unknown[]];

/** A line on the canvas; faint where the smoothed one lies over it. */
export interface PlottedSeries extends ChartSeries {
  readonly isFaint?: boolean;
}

/** Everything of uPlot that is ours to choose: it draws axes and lines, and tells where the pointer is. */
export function plotOptions(
  series: readonly PlottedSeries[],
  look: PlotLook,
  hooks: uPlot.Options['hooks'],
): uPlot.Options {
  const { isLog, width, height } = look;
  return {
    width,
    height,
    legend: { show: false },
    padding: [10, look.endRoom, 0, 0],
    scales: {
      x: { time: false, auto: false },
      y: { auto: false, ...(isLog ? { distr: 3 as const } : {}) },
    },
    axes: axesOf(look),
    series: [{}, ...series.map((line) => lineOf(line, look.colours))],
    cursor: {
      y: false,
      drag: { x: true, y: false, setScale: false },
      points: { size: 7, width: 0 },
      ...(look.syncKey === null ? {} : { sync: syncOf(look.syncKey) }),
    },
    hooks: hooks ?? {},
  };
}

/** The pointer alone is shared: each chart keeps its own range. */
function syncOf(key: string): uPlot.Cursor.Sync {
  const isPointer = (type: string): boolean => type === 'mousemove' || type === 'mouseenter' || type === 'mouseleave';
  return { key, scales: ['x', null], setSeries: false, filters: { pub: isPointer } };
}

function axesOf(look: PlotLook): uPlot.Axis[] {
  const { colours, isLog } = look;
  const [formatStep, formatValue] = [remembered(look.formatStep), remembered(look.formatValue)];
  const font = `${colours.fontPixels}px ${colours.bodyFont}`;
  const shared = { font, labelFont: font, stroke: colours.text2, ticks: { show: false }, gap: 6 };
  const lineHeight = Math.round(colours.fontPixels * 1.6);
  const longest = (values: readonly string[] | null): number =>
    Math.max(3, ...(values ?? []).map((text) => text.length)) * colours.fontPixels * 0.62;
  return [
    {
      ...shared,
      label: look.xLabel,
      labelSize: lineHeight,
      size: lineHeight + 6,
      grid: { show: false },
      border: { show: true, stroke: colours.line, width: 1 },
      splits: (...[, , low, high]: SplitsInput) => wholeTicks(low, high),
      values: (_, splits) => splits.map((step) => formatStep(step)),
    },
    {
      ...shared,
      label: look.yLabel,
      labelSize: lineHeight,
      size: (_, values) => Math.ceil(longest(values)) + 12,
      grid: { show: true, stroke: colours.line, width: 1, dash: gridDash },
      splits: (...[, , low, high]: SplitsInput) => (isLog ? logTicks(low, high) : linearTicks(low, high)),
      filter: (_, splits) => splits,
      values: (_, splits) => tickTexts(splits, formatValue),
    },
  ];
}

/** The same few ticks are written ten times a second, and writing numbers in a language is slow. */
function remembered(format: (value: number) => string): (value: number) => string {
  const known = new Map<number, string>();
  return (value) => {
    const text = known.get(value) ?? format(value);
    if (known.size > 500) known.clear();
    known.set(value, text);
    return text;
  };
}

function lineOf(line: PlottedSeries, colours: ChartColours): uPlot.Series {
  const stroke = colours.of(line.colour);
  const dot = { size: line.weight === 'thick' ? 6 : 5, fill: stroke, width: 0 };
  return {
    scale: 'y',
    label: line.label,
    stroke,
    width: line.weight === 'thick' ? 2.5 : thinWidth(),
    alpha: line.isFaint === true ? 0.35 : 1,
    auto: false,
    points: line.canSmooth === false ? dot : { ...dot, show: showLonely },
  };
}

/**
 * Without a graphics card a noisy line of 1,400 points takes 56 ms at 1.5 pixels and 0.5 ms at one (`npm run bench:ui`), and on a screen of
 * single density it looks the same.
 */
function thinWidth(): number {
  return globalThis.devicePixelRatio > 1 ? 1.5 : 1;
}

/** A line of a single point would not be seen. */
function showLonely(self: uPlot, series: number): boolean {
  let count = 0;
  for (const value of self.data[series] ?? []) {
    if (typeof value === 'number') count += 1;
    if (count > 1) return false;
  }
  return count === 1;
}
