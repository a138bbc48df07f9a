/** One line of a chart; a null value is a gap (a loss that was not a number). Steps ascend. */
export interface Series {
  readonly steps: readonly number[];
  readonly values: readonly (number | null)[];
}

export interface Point {
  readonly step: number;
  readonly value: number;
}

/** Round numbers from at most `low` to at least `high`, no more than `count` of them apart from the ends (at least 2). */
export function niceTicks(low: number, high: number, count: number): number[] {
  if (!(high > low)) return [low, low + 1];
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((multiple) => multiple * power >= rough * 0.999) ?? 10) * power;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** Smallest and largest finite value over all series; null when there is none. */
export function valueRange(all: readonly Series[]): { low: number; high: number } | null {
  let low = Infinity;
  let high = -Infinity;
  for (const value of all.flatMap((series) => series.values)) {
    if (value === null || !Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? { low, high } : null;
}

/** The data of an SVG path; a gap lifts the pen. A lone point becomes a dot (a line of no length with a round cap). */
export function pathData(series: Series, place: (point: Point) => { x: number; y: number }): string {
  let data = '';
  let drawing = false;
  series.steps.forEach((step, index) => {
    const value = series.values[index] ?? null;
    if (value === null) {
      drawing = false;
      return;
    }
    const { x, y } = place({ step, value });
    data += `${drawing ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}${drawing ? '' : 'l0 0'}`;
    drawing = true;
  });
  return data;
}

export function lastPoint(series: Series): Point | null {
  for (let index = series.values.length - 1; index >= 0; index -= 1) {
    const point = pointAt(series, index);
    if (point !== null) return point;
  }
  return null;
}

export function lowestPoint(series: Series): Point | null {
  let lowest: Point | null = null;
  for (let index = 0; index < series.values.length; index += 1) {
    const point = pointAt(series, index);
    if (point !== null && (lowest === null || point.value < lowest.value)) lowest = point;
  }
  return lowest;
}

/** The point whose step is nearest to `step`; on a tie the earlier one. */
export function nearestPoint(series: Series, step: number): Point | null {
  let nearest: Point | null = null;
  for (let index = 0; index < series.values.length; index += 1) {
    const point = pointAt(series, index);
    if (point === null) continue;
    if (nearest === null || Math.abs(point.step - step) < Math.abs(nearest.step - step)) nearest = point;
  }
  return nearest;
}

/** Two labels at the end of their lines, moved apart to `gap` when they would overlap; `a` and `b` are their heights. */
export function spreadLabels(a: number, b: number, gap: number): { a: number; b: number } {
  const missing = gap - Math.abs(a - b);
  if (missing <= 0) return { a, b };
  const aIsAbove = a <= b;
  return { a: a + ((aIsAbove ? -1 : 1) * missing) / 2, b: b + ((aIsAbove ? 1 : -1) * missing) / 2 };
}

function pointAt(series: Series, index: number): Point | null {
  const step = series.steps[index];
  const value = series.values[index] ?? null;
  return step === undefined || value === null ? null : { step, value };
}
