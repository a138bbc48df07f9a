import { brailleCanvas, type BrailleCanvas } from './braille-canvas.ts';
import { roundScale, stepTicks, type ChartScale } from './chart-scale.ts';
import type { Palette } from './colour.ts';
import type { Glyphs } from './glyphs.ts';
import { displayWidth } from './text.ts';
import { loss } from './units.ts';

/** One value of a curve; null where the loss was not finite. */
export interface CurvePoint {
  readonly step: number;
  readonly value: number | null;
}

export interface LossCurve {
  readonly training: readonly CurvePoint[];
  readonly heldOut: readonly CurvePoint[];
  /** Steps planned in all, when known: the axis ends there so that the curve grows to the right. */
  readonly plannedSteps: number | null;
}

export interface CurveStyle {
  /** Columns for the whole chart, axis labels included (>= 30). */
  readonly width: number;
  /** Rows of the plot itself (>= 3); title, axis and labels take three more. */
  readonly height: number;
  readonly palette: Palette;
  readonly glyphs: Glyphs;
}

interface Frame {
  readonly scale: ChartScale;
  readonly lastStep: number;
  readonly labelWidth: number;
  readonly columns: number;
  readonly rows: number;
}

function finiteValues(points: readonly CurvePoint[]): number[] {
  return points.flatMap(({ value }) => (value !== null && Number.isFinite(value) ? [value] : []));
}

function frameOf(curve: LossCurve, style: CurveStyle): Frame | null {
  const values = [...finiteValues(curve.training), ...finiteValues(curve.heldOut)];
  if (values.length === 0) return null;
  const bounds = values.reduce(({ low, high }, value) => ({ low: Math.min(low, value), high: Math.max(high, value) }), {
    low: Infinity,
    high: -Infinity,
  });
  const scale = roundScale(bounds.low, bounds.high, Math.min(5, Math.max(2, style.height / 1.6)));
  const labelWidth = Math.max(4, ...scale.ticks.map((tick) => tick.toFixed(scale.digits).length));
  const seenSteps = Math.max(1, curve.training.at(-1)?.step ?? 0, curve.heldOut.at(-1)?.step ?? 0);
  return {
    scale,
    lastStep: Math.max(seenSteps, curve.plannedSteps ?? 0),
    labelWidth,
    columns: Math.max(10, style.width - labelWidth - 2),
    rows: style.height,
  };
}

function position(frame: Frame, step: number, value: number): [number, number] {
  return [step / frame.lastStep, (value - frame.scale.low) / (frame.scale.high - frame.scale.low)];
}

function drawTraining(curve: LossCurve, frame: Frame, glyphs: Glyphs): BrailleCanvas {
  const canvas = brailleCanvas(frame.columns, frame.rows, glyphs.braille ? null : '*');
  let previous: [number, number] | null = null;
  for (const { step, value } of curve.training) {
    const here: [number, number] | null = value === null ? null : position(frame, step, value);
    if (here !== null) canvas.line(previous ?? here, here);
    previous = here;
  }
  return canvas;
}

/** Cells that hold a held-out point, as `row:column`. */
function heldOutCells(curve: LossCurve, frame: Frame): Set<string> {
  const cells = new Set<string>();
  for (const { step, value } of curve.heldOut) {
    if (value === null) continue;
    const [x, y] = position(frame, step, value);
    cells.add(`${Math.round((1 - y) * (frame.rows - 1))}:${Math.round(x * (frame.columns - 1))}`);
  }
  return cells;
}

function plotRow(
  row: number,
  drawing: { canvas: BrailleCanvas; marks: Set<string>; frame: Frame },
  style: CurveStyle,
): string {
  let text = '';
  let run = '';
  for (let column = 0; column < drawing.frame.columns; column += 1) {
    if (drawing.marks.has(`${row}:${column}`)) {
      text += style.palette.faint(run) + style.palette.accent(style.glyphs.point);
      run = '';
    } else {
      run += drawing.canvas.cell(row, column);
    }
  }
  return text + (run.trim() === '' ? '' : style.palette.faint(run.trimEnd()));
}

function rowLabels(frame: Frame): Map<number, string> {
  const labels = new Map<number, string>();
  for (const tick of frame.scale.ticks) {
    const height = (tick - frame.scale.low) / (frame.scale.high - frame.scale.low);
    labels.set(Math.round((1 - height) * (frame.rows - 1)), tick.toFixed(frame.scale.digits));
  }
  return labels;
}

/** The floor of the plot; steps whose loss was not finite stand on it as a sign of their own. */
function floorLine(curve: LossCurve, frame: Frame, style: CurveStyle): string {
  const lost = new Set(
    curve.training
      .filter(({ value }) => value === null)
      .map(({ step }) => Math.round((step / frame.lastStep) * (frame.columns - 1))),
  );
  const edge = ' '.repeat(frame.labelWidth + 1) + style.palette.faint(style.glyphs.axisCorner);
  if (lost.size === 0) return edge + style.palette.faint(style.glyphs.axisFloor.repeat(frame.columns));
  const cells = Array.from({ length: frame.columns }, (_, column) =>
    lost.has(column) ? style.palette.bad(style.glyphs.failed) : style.palette.faint(style.glyphs.axisFloor),
  );
  return edge + cells.join('');
}

function stepLabels(frame: Frame): string {
  const unit = 'step';
  const line: string[] = Array.from({ length: frame.columns + 1 }, () => ' ');
  for (const tick of stepTicks(frame.lastStep, Math.max(2, Math.min(5, Math.floor(frame.columns / 12))))) {
    const label = String(tick);
    const start =
      Math.round((tick / frame.lastStep) * (frame.columns - 1)) - (tick === 0 ? 0 : Math.floor(label.length / 2));
    if (start + label.length + unit.length + 2 > frame.columns) continue;
    [...label].forEach((sign, index) => (line[start + index] = sign));
  }
  [...unit].forEach((sign, index) => (line[frame.columns - unit.length + index] = sign));
  return ' '.repeat(frame.labelWidth + 2) + line.join('').trimEnd();
}

/** Names of the two series in their own colours; on a narrow terminal without their last values. */
function legend(curve: LossCurve, style: CurveStyle, room: number): string {
  const line = style.glyphs.braille ? '⠤⠤' : '**';
  const latest = (points: readonly CurvePoint[]): string => {
    const value = points.at(-1)?.value;
    return value === undefined || value === null ? '' : ` ${loss(value)}`;
  };
  const build = (withValues: boolean): string => {
    const training = style.palette.faint(`${line} training${withValues ? latest(curve.training) : ''}`);
    if (curve.heldOut.length === 0) return training;
    return `${training}   ${style.palette.accent(`${style.glyphs.point} held-out${withValues ? latest(curve.heldOut) : ''}`)}`;
  };
  return displayWidth(build(true)) <= room ? build(true) : build(false);
}

/**
 * The loss over the steps, drawn for a terminal: training as a thin line, held-out values as points, both axes labelled. Pure: lines out of values.
 * Returns `height + 3` lines, or none while there is no finite value.
 */
export function lossCurve(curve: LossCurve, style: CurveStyle): string[] {
  const frame = frameOf(curve, style);
  if (frame === null) return [];
  const drawing = { canvas: drawTraining(curve, frame, style.glyphs), marks: heldOutCells(curve, frame), frame };
  const labels = rowLabels(frame);
  const rows = Array.from({ length: frame.rows }, (_, row) => {
    const label = labels.get(row);
    const axis = label === undefined ? style.glyphs.axisLine : style.glyphs.axisTick;
    return `${style.palette.faint(`${(label ?? '').padStart(frame.labelWidth)} ${axis}`)}${plotRow(row, drawing, style)}`;
  });
  const title = `${style.palette.faint('loss'.padStart(frame.labelWidth))}   ${legend(curve, style, style.width - frame.labelWidth - 3)}`;
  return [title, ...rows, floorLine(curve, frame, style), style.palette.faint(stepLabels(frame))];
}
