import type { StepRange } from './chart-range.ts';
import type { MeasuredSeries } from './live-series.ts';
import type { SpanPoints } from './refined-series.ts';

/** `tuned` is the model in the making (accent), `base` the grey "before"; a number is a place in the fixed order of series colours. */
export type SeriesColour = 'tuned' | 'base' | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

export interface ChartSeries {
  /** Stays the same while its data grows. */
  readonly id: string;
  /** Stands at the line's end, in the readout and in the table. */
  readonly label: string;
  readonly data: MeasuredSeries;
  /** Reads a stretch in full, where `data` may have been thinned. */
  readonly readSpan?: ((span: StepRange, signal: AbortSignal) => Promise<SpanPoints>) | undefined;
  readonly colour: SeriesColour;
  readonly weight: 'thin' | 'thick';
  /** False for a line of few measured points: smoothing leaves it alone, and each point is marked. */
  readonly canSmooth?: boolean;
  /** False: no label of its own at the line's end, because another line of the same thing has one. */
  readonly isLabelled?: boolean;
}

/** Something that happened at a step. */
export interface ChartMark {
  readonly id: string;
  readonly step: number;
  /** Read out and shown on hover. */
  readonly text: string;
  readonly tone: 'info' | 'warn' | 'bad';
}

/** The one point that counts: ringed and labelled. */
export interface ChartPoint {
  readonly step: number;
  readonly value: number;
  readonly label: string;
}
