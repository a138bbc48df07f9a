export interface SparklineShape {
  /** One SVG path for each stretch without a gap. */
  readonly paths: readonly string[];
  /** Where the last value stands, null where there is none. */
  readonly end: { readonly x: number; readonly y: number } | null;
}

export interface SparklineBox {
  readonly width: number;
  readonly height: number;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
}

/** The line through values at equal distances; `null` and what is not finite are gaps. A flat line lies in the middle. */
export function sparklineShape(values: readonly (number | null)[], box: SparklineBox): SparklineShape {
  const known = values.filter((value) => value !== null && Number.isFinite(value)) as number[];
  if (known.length === 0) return { paths: [], end: null };
  const low = box.minimum ?? Math.min(...known);
  const high = box.maximum ?? Math.max(...known);
  const x = (index: number): number => (values.length === 1 ? box.width : (index / (values.length - 1)) * box.width);
  const y = (value: number): number =>
    high === low
      ? box.height / 2
      : box.height - ((Math.min(high, Math.max(low, value)) - low) / (high - low)) * box.height;
  const paths: string[] = [];
  let points: string[] = [];
  let end: SparklineShape['end'] = null;
  const finish = (): void => {
    if (points.length === 1) points.push(points[0] ?? '');
    if (points.length > 0) paths.push(`M${points.join('L')}`);
    points = [];
  };
  values.forEach((value, index) => {
    if (value === null || !Number.isFinite(value)) {
      finish();
      return;
    }
    end = { x: rounded(x(index)), y: rounded(y(value)) };
    points.push(`${end.x},${end.y}`);
  });
  finish();
  return { paths, end };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
