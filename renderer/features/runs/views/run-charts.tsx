import { useCallback, useMemo } from 'react';
import {
  LineChart,
  type ChartMark,
  type ChartPoint,
  type ChartSeries,
  type SeriesColour,
} from '../../../charts/line-chart.tsx';
import { Term } from '../../../ui/term.tsx';
import { formatFigure, formatNumber } from '../../../words/format.ts';
import { bestCheckpoint, sampleNear } from '../run-figures.ts';
import type { MetricName, RunFacts } from '../run-recorder.ts';
import type { OpenRun } from '../run-store.ts';
import { useRunsWords, type RunsWords } from '../runs-words.ts';
import { interventionText } from '../story.ts';
import { OverlayPicker, type OverlayChoice } from './overlay-picker.tsx';
import classes from './run.module.css';

/** Another run laid over this one. */
export interface Overlay {
  readonly name: string;
  readonly run: OpenRun;
}

export interface RunChartsProps {
  /** `support:v3`; stands at the lines where other runs lie beside them. */
  readonly name: string;
  readonly run: OpenRun;
  readonly overlays: readonly Overlay[];
  readonly choice: OverlayChoice;
}

const overlayColours: readonly SeriesColour[] = [2, 3, 4];
const pointerKey = 'run';

/** The loss large, what explains it small beside. */
export function RunCharts({ name, run, overlays, choice }: RunChartsProps) {
  const words = useRunsWords();
  const lossLines = useLossLines({ name, run, overlays }, words);
  const { facts } = run;
  const own = { name, run, overlays };
  const marks = useMemo(() => marksOf(facts, words), [facts, words]);
  const best = useMemo(() => bestPoint(facts, words), [facts, words]);
  const noteAt = useCallback(
    (step: number) => {
      const sample = sampleNear(facts.samples, step);
      return sample === null
        ? null
        : words('sampleNote', { step: formatNumber(sample.step), answer: sample.answer.slice(0, 160) });
    },
    [facts, words],
  );
  return (
    <div className={classes['charts']}>
      <LineChart
        kind="loss"
        title={words('lossTitle')}
        heading={<Term id="loss">{words('lossTitle')}</Term>}
        xLabel={words('stepAxis')}
        yLabel={words('lossAxis')}
        series={lossLines}
        marks={marks}
        best={best}
        syncKey={pointerKey}
        noteAt={noteAt}
        actions={<OverlayPicker {...choice} />}
      />
      <div className={classes['smallCharts']}>
        <SmallChart {...own} metric="learningRate" term="learning-rate" axis={words('rateAxis')} />
        <SmallChart {...own} metric="gradientNorm" term="gradient-norm" axis={words('normAxis')} />
        <SmallChart {...own} metric="tokensPerSecond" term="tokens-per-second" axis={words('speedAxis')} />
      </div>
    </div>
  );
}

type Drawn = Pick<RunChartsProps, 'name' | 'run' | 'overlays'>;

interface SmallChartProps extends Drawn {
  readonly metric: 'learningRate' | 'gradientNorm' | 'tokensPerSecond';
  readonly term: 'learning-rate' | 'gradient-norm' | 'tokens-per-second';
  readonly axis: string;
}

function SmallChart({ name, run, overlays, metric, term, axis }: SmallChartProps) {
  const words = useRunsWords();
  const title = words(metric);
  const own = run.series[metric];
  const label = overlays.length === 0 ? title : name;
  const lines = useMemo(
    (): readonly ChartSeries[] => [
      { id: run.job, label, data: own, readSpan: spanOf(run, metric), colour: 'tuned', weight: 'thin' },
      ...overlays.map((overlay, index): ChartSeries => ({
        id: overlay.run.job,
        label: overlay.name,
        data: overlay.run.series[metric],
        readSpan: spanOf(overlay.run, metric),
        colour: overlayColours[index] ?? 8,
        weight: 'thin',
      })),
    ],
    [run.job, run.readSpan, own, overlays, metric, label],
  );
  return (
    <LineChart
      kind={metric}
      size="small"
      title={title}
      heading={<Term id={term}>{title}</Term>}
      xLabel={words('stepAxis')}
      yLabel={axis}
      series={lines}
      formatValue={metric === 'tokensPerSecond' ? wholeNumber : formatFigure}
      syncKey={pointerKey}
    />
  );
}

function spanOf(
  { readSpan }: { readonly readSpan?: OpenRun['readSpan'] | undefined },
  metric: MetricName,
): ChartSeries['readSpan'] {
  return readSpan === undefined ? undefined : (span, signal) => readSpan(metric, span, signal);
}

const wholeNumber = (value: number): string => formatNumber(value);

/** Training thin, held out thick; the other runs in their own colours, named once. */
function useLossLines({ name, run, overlays }: Drawn, words: RunsWords): readonly ChartSeries[] {
  const { series, job, readSpan } = run;
  return useMemo(() => {
    const spans = { loss: spanOf({ readSpan }, 'loss'), heldOut: spanOf({ readSpan }, 'validationLoss') };
    const isAlone = overlays.length === 0;
    const train = { label: isAlone ? words('train') : words('trainOf', { name }), isLabelled: isAlone };
    const heldOut = { label: isAlone ? words('heldOut') : words('heldOutOf', { name }) };
    const own: ChartSeries[] = [
      { id: `${job}/train`, ...train, data: series.loss, readSpan: spans.loss, colour: 'tuned', weight: 'thin' },
      {
        id: `${job}/held-out`,
        ...heldOut,
        data: series.validationLoss,
        readSpan: spans.heldOut,
        colour: 'tuned',
        weight: 'thick',
        canSmooth: false,
      },
    ];
    return [...own, ...overlays.flatMap((overlay, index) => overlayLines(overlay, overlayColours[index] ?? 8, words))];
  }, [job, name, series, readSpan, overlays, words]);
}

function overlayLines({ name, run }: Overlay, colour: SeriesColour, words: RunsWords): ChartSeries[] {
  const { job, series } = run;
  const train = { label: words('trainOf', { name }), isLabelled: false };
  return [
    { id: `${job}/train`, ...train, data: series.loss, readSpan: spanOf(run, 'loss'), colour, weight: 'thin' },
    {
      id: `${job}/held-out`,
      label: words('heldOutOf', { name }),
      data: series.validationLoss,
      readSpan: spanOf(run, 'validationLoss'),
      colour,
      weight: 'thick',
      canSmooth: false,
    },
  ];
}

/** One flag a step: what happened together is read together. */
function marksOf({ interventions }: RunFacts, words: RunsWords): readonly ChartMark[] {
  const byStep = Map.groupBy(interventions, ({ step }) => step);
  return [...byStep].flatMap(([step, own]): ChartMark[] => {
    if (step === null) return [];
    const text = own.map(({ event }) => interventionText(event, words)).join('; ');
    const isBad = own.some(({ event }) => event.action === 'roll-back');
    return [{ id: String(step), step, text, tone: isBad ? 'bad' : 'warn' }];
  });
}

function bestPoint(facts: RunFacts, words: RunsWords): ChartPoint | null {
  const best = bestCheckpoint(facts);
  if (best === null || best.validationLoss === null) return null;
  return {
    step: best.step,
    value: best.validationLoss,
    label: `${words('best')} ${formatFigure(best.validationLoss)}`,
  };
}
