import type uPlot from 'uplot';
import type { ChartColours } from './chart-colours.ts';
import type { ChartPoint, ChartSeries } from './chart-series.ts';
import { spreadLabels } from './end-labels.ts';

interface Overlay {
  readonly settings: {
    readonly series: readonly ChartSeries[];
    readonly best: ChartPoint | null;
    readonly showEndLabels: boolean;
    readonly isLog: boolean;
  };
  readonly colours: ChartColours;
}

/** What uPlot does not draw by itself: labels at the lines' ends, the ring around the best point, the marks of what was not a number. */
export function drawOverlay(uplot: uPlot, { settings, colours }: Overlay): void {
  const { ctx } = uplot;
  ctx.save();
  ctx.font = `${colours.fontPixels * devicePixelRatio}px ${colours.bodyFont}`;
  ctx.textBaseline = 'middle';
  for (const line of settings.series) drawGaps(uplot, line, colours);
  if (settings.showEndLabels) drawEndLabels(uplot, settings.series, colours);
  if (settings.best !== null) drawBest(uplot, settings.best, colours);
  ctx.restore();
}

function drawEndLabels(uplot: uPlot, all: readonly ChartSeries[], colours: ChartColours): void {
  const { ctx, bbox } = uplot;
  const ratio = devicePixelRatio;
  const hidden = uplot.series.length - 1 - all.length;
  const labels = all.flatMap(({ label, colour, isLabelled = true }, at) => {
    const value = lastNumber(uplot, hidden + at + 1);
    if (!isLabelled || value === null) return [];
    return [{ text: label, colour: colours.of(colour), y: uplot.valToPos(value, 'y', true) }];
  });
  const gap = colours.fontPixels * 1.4 * ratio;
  const placed = spreadLabels(labels, { gap, top: bbox.top + gap / 2, bottom: bbox.top + bbox.height - gap / 2 });
  ctx.textAlign = 'left';
  for (const { text, colour, y } of placed) {
    ctx.fillStyle = colour;
    ctx.fillText(text, bbox.left + bbox.width + 8 * ratio, y);
  }
}

/** Where a line leaves the picture, else its last drawn value within it. */
function lastNumber(uplot: uPlot, series: number): number | null {
  const to = uplot.scales['x']?.max ?? 0;
  const [steps] = uplot.data;
  const values = uplot.data[series] ?? [];
  let beyond: number | null = null;
  for (let index = values.length - 1; index >= 0; index -= 1) {
    const value = values[index];
    if (value === undefined) continue;
    const step = steps[index] ?? Infinity;
    if (step > to) beyond = value === null ? null : index;
    else if (value !== null)
      return beyond === null ? value : between([step, value], [steps[beyond] ?? to, values[beyond] ?? value], to);
  }
  return null;
}

function between(
  [left, low]: readonly [number, number],
  [right, high]: readonly [number, number],
  step: number,
): number {
  return low + ((high - low) * (step - left)) / (right - left);
}

function drawBest(uplot: uPlot, { step, value, label }: ChartPoint, colours: ChartColours): void {
  const { ctx, bbox } = uplot;
  const x = uplot.valToPos(step, 'x', true);
  const y = uplot.valToPos(value, 'y', true);
  if (!Number.isFinite(y) || x < bbox.left || x > bbox.left + bbox.width) return;
  const ratio = devicePixelRatio;
  ctx.beginPath();
  ctx.arc(x, y, 5.5 * ratio, 0, Math.PI * 2);
  ctx.fillStyle = colours.background;
  ctx.strokeStyle = colours.text;
  ctx.lineWidth = 2 * ratio;
  ctx.fill();
  ctx.stroke();
  const width = ctx.measureText(label).width;
  const fits = x + width / 2 <= bbox.left + bbox.width && x - width / 2 >= bbox.left;
  ctx.textAlign = fits ? 'center' : x > bbox.left + bbox.width / 2 ? 'right' : 'left';
  const isLow = y + 18 * ratio > bbox.top + bbox.height;
  ctx.fillStyle = colours.text;
  const at = isLow ? y - 15 * ratio : y + 16 * ratio;
  // A rim in the colour of the ground keeps it readable over the lines.
  ctx.strokeStyle = colours.background;
  ctx.lineWidth = 4 * ratio;
  ctx.lineJoin = 'round';
  ctx.strokeText(label, x, at);
  ctx.fillText(label, x, at);
}

/** A value that was not a number has no height: a cross at the top edge says at which step. */
function drawGaps(uplot: uPlot, { data }: ChartSeries, colours: ChartColours): void {
  const { ctx, bbox } = uplot;
  const { min = 0, max = 0 } = uplot.scales['x'] ?? {};
  const start = data.indexOf(min);
  const end = Math.min(data.length, data.indexOf(max) + 1);
  const size = 3.5 * devicePixelRatio;
  const y = bbox.top + size + devicePixelRatio;
  ctx.strokeStyle = colours.bad;
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.beginPath();
  let drawn = 0;
  for (let index = start; index < end && drawn < 200;) {
    const gap = data.extremes(index, end).firstGap;
    if (gap < 0) break;
    const x = uplot.valToPos(data.step(gap), 'x', true);
    ctx.moveTo(x - size, y - size);
    ctx.lineTo(x + size, y + size);
    ctx.moveTo(x - size, y + size);
    ctx.lineTo(x + size, y - size);
    drawn += 1;
    // The next cross is at least its own width away.
    index = Math.max(gap + 1, data.indexOf(uplot.posToVal(x + size * 2, 'x', true)));
  }
  ctx.stroke();
}
