import { useId, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import 'uplot/dist/uPlot.min.css';
import { formatFigure, formatNumber } from '../words/format.ts';
import { moveForKey } from './chart-keys.ts';
import { ChartControls } from './chart-controls.tsx';
import { ChartMarks } from './chart-marks.tsx';
import { factsOf, shownRange, wholeRange } from './chart-range.ts';
import { ChartReadout } from './chart-readout.tsx';
import type { ChartMark, ChartPoint, ChartSeries } from './chart-series.ts';
import { ChartTable } from './chart-table.tsx';
import { useChartWords } from './chart-words.ts';
import classes from './line-chart.module.css';
import type { PlotLayout } from './plot.ts';
import { useChartView } from './use-chart-view.ts';
import { usePlot } from './use-plot.ts';
import { useRefinedSeries } from './use-refined-series.ts';
import { useSeriesRevision } from './use-series-revision.ts';

export type { ChartMark, ChartPoint, ChartSeries, SeriesColour } from './chart-series.ts';

export interface LineChartProps {
  /** Scale, smoothing and range are remembered for all charts of a kind: `loss`, `learning-rate`. */
  readonly kind: string;
  readonly title: string;
  /** Beside the title: a term with its explanation. */
  readonly heading?: ReactNode;
  readonly xLabel: string;
  /** With its unit: "loss (nats per token)". */
  readonly yLabel: string;
  /** After each value that is read; empty for none. */
  readonly unit?: string;
  /** Keep the array between renderings while the lines are the same ones; their data grows by itself. */
  readonly series: readonly ChartSeries[];
  readonly marks?: readonly ChartMark[];
  readonly best?: ChartPoint | null;
  readonly size?: 'large' | 'small';
  /** Before the chart's own controls. */
  readonly actions?: ReactNode;
  readonly formatValue?: (value: number) => string;
  /** Charts with the same key show the pointer at the same step. */
  readonly syncKey?: string | null;
  /** What else is known about a step, for the readout: the nearest sample. */
  readonly noteAt?: ((step: number) => string | null) | undefined;
}

const noMarks: readonly ChartMark[] = [];
const formatStep = (step: number): string => formatNumber(Math.round(step));
const mostEndLabels = 4;

/**
 * Lines over steps, live: typed arrays outside React, drawn at 10 Hz with at most two points a pixel. Zoom by dragging, plus and minus; a
 * double click or 0 shows everything. Heavy (uPlot): only in pages that are loaded when they are opened.
 */
export function LineChart(props: LineChartProps) {
  const {
    kind,
    title,
    heading,
    series,
    marks = noMarks,
    size = 'large',
    formatValue = formatFigure,
    unit = '',
    noteAt,
  } = props;
  const words = useChartWords();
  const chart = useChart({ ...props, formatValue });
  const { view, changeView, step, isTable, setTable, drawn } = chart;
  const id = useId();
  const isLarge = size === 'large';
  return (
    <figure className={classes['chart']} data-size={size} aria-labelledby={`${id}-title`} data-kind={kind}>
      <div className={classes['head']}>
        <figcaption id={`${id}-title`} className={classes['title']}>
          {heading ?? title}
        </figcaption>
        <ChartControls {...{ title, view, isTable, isLarge, formatStep }} onView={changeView} onTable={setTable}>
          {props.actions}
        </ChartControls>
      </div>
      <ChartReadout
        {...{ series: drawn, step, unit, formatStep, formatValue }}
        note={step === null ? null : (noteAt?.(step) ?? null)}
      />
      {isTable && <ChartTable {...{ title, series: drawn, formatStep, formatValue }} range={chart.range()} />}
      <div className={classes['plotArea']} hidden={isTable}>
        {/* Read by arrow keys, zoomed by others; the sentence below says what is drawn. */}
        <div
          ref={chart.hostRef}
          className={classes['plot']}
          tabIndex={0}
          role="group"
          aria-label={words('chartOf', { title })}
          aria-describedby={`${id}-summary ${id}-keys`}
          onKeyDown={chart.onKey}
        />
        <ChartMarks marks={marks} formatStep={formatStep} listRef={chart.marksRef} />
        <NothingYet series={series} />
      </div>
      <p id={`${id}-summary`} className="visually-hidden">
        <ChartSummary series={series} formatValue={formatValue} />
      </p>
      <p id={`${id}-keys`} hidden>
        {words('keys')}
      </p>
      <p className="visually-hidden" role="status">
        {chart.spoken}
      </p>
    </figure>
  );
}

type ChartProps = LineChartProps & { readonly formatValue: (value: number) => string };

function useChart(props: ChartProps) {
  const { kind, series, xLabel, yLabel, best = null, size = 'large', formatValue, syncKey = null } = props;
  const words = useChartWords();
  const hostRef = useRef<HTMLDivElement>(null);
  const { marksRef, onLayout } = usePlacedMarks(props.marks ?? noMarks);
  const [view, changeView] = useChartView(kind);
  const [step, setStep] = useState<number | null>(null);
  const [spoken, setSpoken] = useState('');
  const [isTable, setTable] = useState(false);
  const drawn = useRefinedSeries(series, view.range);
  const data = useMemo(() => drawn.map((line) => line.data), [drawn]);
  const labelled = series.filter(({ isLabelled = true }) => isLabelled).length;
  const showEndLabels = series.length > 1 && labelled <= mostEndLabels;
  const { isLog, smoothing, range } = view;
  const settings = {
    series: drawn,
    best,
    isLog,
    smoothing,
    range,
    xLabel,
    yLabel,
    showEndLabels,
    syncKey,
    formatStep,
    formatValue,
  };
  const plotRef = usePlot(
    hostRef,
    { ...settings, smoothing: size === 'large' ? smoothing : 0 },
    {
      onPointer: setStep,
      onRange: (next) => changeView({ range: next }),
      onLayout,
    },
  );
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = moveForKey(event, { series: data, range, step });
    if (move === null) return;
    event.preventDefault();
    if (move.kind === 'range') return changeView({ range: move.range });
    plotRef.current?.point(move.step);
    setSpoken(move.step === null ? '' : spokenAt(drawn, { step: move.step, formatValue, words }));
  };
  return {
    drawn,
    hostRef,
    marksRef,
    view,
    changeView,
    step,
    spoken,
    isTable,
    setTable,
    onKey,
    range: () => shownRange(range, wholeRange(data)),
  };
}

/** Stands where there is nothing to draw; looks by itself, so that a growing curve does not render the whole chart. */
function NothingYet({ series }: { readonly series: readonly ChartSeries[] }) {
  const words = useChartWords();
  const data = useMemo(() => series.map((line) => line.data), [series]);
  useSeriesRevision(data, 300);
  return data.every(({ length }) => length === 0) && <p className={classes['nothing']}>{words('nothingYet')}</p>;
}

function usePlacedMarks(marks: readonly ChartMark[]) {
  const marksRef = useRef<HTMLUListElement>(null);
  const layoutRef = useRef<PlotLayout | null>(null);
  useLayoutEffect(() => {
    // Marks that come later than the last drawing must not wait for the next one.
    if (layoutRef.current !== null) placeMarks(marksRef.current, layoutRef.current);
  }, [marks]);
  const onLayout = (layout: PlotLayout): void => {
    layoutRef.current = layout;
    placeMarks(marksRef.current, layout);
  };
  return { marksRef, onLayout };
}

/** Flags hang over the plot; those outside of what is seen are hidden. */
function placeMarks(list: HTMLUListElement | null, { xOf, range, top, height }: PlotLayout): void {
  for (const mark of list?.querySelectorAll<HTMLElement>('[data-step]') ?? []) {
    const step = Number(mark.dataset['step']);
    mark.hidden = step < range.from || step > range.to;
    mark.style.transform = `translateX(${xOf(step)}px)`;
    mark.style.top = `${top}px`;
    mark.style.height = `${height}px`;
  }
}

interface SpokenOptions {
  readonly step: number;
  readonly formatValue: (value: number) => string;
  readonly words: ReturnType<typeof useChartWords>;
}

function spokenAt(series: readonly ChartSeries[], { step, formatValue, words }: SpokenOptions): string {
  const read = series.flatMap(({ label, data }) => {
    const index = data.indexOf(step);
    if (index >= data.length || data.step(index) !== step) return [];
    const value = data.value(index);
    return [`${label} ${Number.isNaN(value) ? words('notANumber') : formatValue(value)}`];
  });
  return [words('atStep', { step: formatStep(step) }), ...read].join(', ');
}

/** The sentence for those who do not see the picture; follows at most every five seconds. */
function ChartSummary({
  series,
  formatValue,
}: {
  readonly series: readonly ChartSeries[];
  readonly formatValue: (value: number) => string;
}) {
  const words = useChartWords();
  const data = useMemo(() => series.map((line) => line.data), [series]);
  const revision = useSeriesRevision(data, 5_000);
  return useMemo(() => {
    const sentence = ({ label, data: line }: ChartSeries): string => {
      const facts = factsOf(line);
      if (facts === null) return words('summaryEmpty', { label });
      const { points, gaps, first, last, lowest } = facts;
      const steps = { first: formatStep(first.step), last: formatStep(last.step), lowestStep: formatStep(lowest.step) };
      const values = {
        began: formatValue(first.value),
        now: formatValue(last.value),
        lowest: formatValue(lowest.value),
      };
      const text = words('summary', { label, points: formatNumber(points), ...steps, ...values });
      return gaps === 0 ? text : `${text} ${words('summaryGaps', { count: gaps })}`;
    };
    return revision === '' ? '' : series.map(sentence).join(' ');
  }, [series, revision, words, formatValue]);
}
