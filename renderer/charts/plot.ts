import UPlot from 'uplot';
import { onThemeChange, readChartColours, type ChartColours } from './chart-colours.ts';
import { shownRange, wholeRange, type StepRange } from './chart-range.ts';
import type { ChartPoint, ChartSeries } from './chart-series.ts';
import { alignLines, decimate, valueRange, type AlignedLines, type Polyline } from './decimate.ts';
import { onDrawTick } from './draw-clock.ts';
import type { DrawnSeries } from './live-series.ts';
import { drawOverlay } from './plot-overlay.ts';
import { plotOptions } from './plot-options.ts';
import { SmoothedSeries } from './smoothed-series.ts';
import { withAir } from './ticks.ts';

export interface PlotSettings {
  readonly series: readonly ChartSeries[];
  readonly best: ChartPoint | null;
  readonly isLog: boolean;
  readonly smoothing: number;
  readonly range: StepRange | null;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly showEndLabels: boolean;
  readonly syncKey: string | null;
  readonly formatStep: (step: number) => string;
  readonly formatValue: (value: number) => string;
}

export interface PlotEvents {
  /** The step under the pointer; null when it has left. */
  onPointer(step: number | null): void;
  /** A stretch was chosen by dragging; null after a double click. */
  onRange(range: StepRange | null): void;
  /** After each drawing: where things beside the canvas belong, in pixels of the host. */
  onLayout(layout: PlotLayout): void;
}

export interface PlotLayout {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly range: StepRange;
  xOf(step: number): number;
}

export interface Plot {
  set(settings: PlotSettings): void;
  /** Shows the pointer at a step, as if it were hovered. */
  point(step: number | null): void;
  dispose(): void;
}

interface Line {
  readonly shown: DrawnSeries;
  /** As measured, faint behind the smoothed line. */
  readonly raw: DrawnSeries | null;
}

/** The canvas of one chart: owns a uPlot, follows its series at the draw clock's pace and redraws only what has changed. */
export function createPlot(host: HTMLElement, settings: PlotSettings, events: PlotEvents): Plot {
  return new CanvasPlot(host, settings, events);
}

class CanvasPlot implements Plot {
  readonly #host: HTMLElement;
  readonly #events: PlotEvents;
  readonly #stops: readonly (() => void)[];
  #settings: PlotSettings;
  #lines: readonly Line[];
  #colours: ChartColours;
  #uplot: UPlot | null = null;
  /** What was drawn last; the same again is not drawn. */
  #drawn = '';

  constructor(host: HTMLElement, settings: PlotSettings, events: PlotEvents) {
    this.#host = host;
    this.#events = events;
    this.#settings = settings;
    this.#lines = linesOf(settings);
    this.#colours = readChartColours(host);
    const resized = new ResizeObserver(() => this.#fit());
    resized.observe(host);
    const stopTheme = onThemeChange(() => {
      this.#colours = readChartColours(host);
      this.#build();
    });
    this.#stops = [() => resized.disconnect(), stopTheme, onDrawTick(() => this.#draw())];
  }

  set(settings: PlotSettings): void {
    const before = this.#settings;
    this.#settings = settings;
    if (rebuiltBy.some((key) => before[key] !== settings[key])) {
      this.#lines = linesOf(settings);
      this.#build();
    } else if (settings.range !== before.range || settings.best?.step !== before.best?.step) this.#draw();
    // Anything else waits for the clock: a page that renders often must not draw its charts as often.
  }

  point(step: number | null): void {
    const uplot = this.#uplot;
    if (step === null) uplot?.setCursor({ left: -10, top: -10 });
    else uplot?.setCursor({ left: uplot.valToPos(step, 'x'), top: uplot.over.clientHeight / 2 });
  }

  dispose(): void {
    for (const stop of this.#stops) stop();
    this.#uplot?.destroy();
    this.#uplot = null;
  }

  #fit(): void {
    const { clientWidth: width, clientHeight: height } = this.#host;
    const uplot = this.#uplot;
    if (uplot === null || width < smallestPixels || height < smallestPixels) return this.#build();
    if (uplot.width === width && uplot.height === height) return;
    uplot.setSize({ width, height });
    this.#drawn = '';
    this.#draw();
  }

  #build(): void {
    this.#uplot?.destroy();
    this.#uplot = null;
    this.#drawn = '';
    const { clientWidth: width, clientHeight: height } = this.#host;
    if (width < smallestPixels || height < smallestPixels) return;
    const shape = shapeOf(this.#settings, { colours: this.#colours, width, height });
    this.#uplot = new UPlot(
      plotOptions(shape.series, shape, this.#hooks()),
      emptyData(shape.series.length),
      this.#host,
    );
    this.#uplot.over.addEventListener('dblclick', () => this.#events.onRange(null));
    this.#draw();
  }

  #hooks(): UPlot.Options['hooks'] {
    const { onPointer, onRange } = this.#events;
    return {
      setCursor: [
        (self) => {
          const { left = -1 } = self.cursor;
          onPointer(left < 0 ? null : self.posToVal(left, 'x'));
        },
      ],
      setSelect: [
        (self) => {
          const { left, width } = self.select;
          if (width < 4) return;
          onRange({ from: self.posToVal(left, 'x'), to: self.posToVal(left + width, 'x') });
          self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
      draw: [
        (self) => {
          drawOverlay(self, { settings: this.#settings, colours: this.#colours });
          // Only now is it known where the plotting area lies.
          this.#events.onLayout(layoutOf(self));
        },
      ],
    };
  }

  #draw(): boolean {
    const { series, best, range: wished, isLog } = this.#settings;
    const range = shownRange(wished, wholeRange(series.map(({ data }) => data)));
    const revisions = series.map(({ data }) => data.revision).join();
    const state = `${revisions} ${range.from} ${range.to} ${best?.step} ${best?.value}`;
    if (this.#uplot === null || state === this.#drawn) return false;
    this.#drawn = state;
    drawLines(this.#uplot, { lines: this.#lines, range, isLog });
    return true;
  }
}

const smallestPixels = 40;
/** What uPlot takes at its making only. */
const rebuiltBy = [
  'series',
  'isLog',
  'smoothing',
  'xLabel',
  'yLabel',
  'showEndLabels',
  'syncKey',
  'formatStep',
  'formatValue',
] as const;

function linesOf({ series, smoothing }: PlotSettings): Line[] {
  return series.map(({ data, canSmooth = true }) =>
    canSmooth && smoothing > 0 ? { shown: new SmoothedSeries(data, smoothing), raw: data } : { shown: data, raw: null },
  );
}

/** Raw lines come first, so that the smoothed ones lie over them. */
function shapeOf(settings: PlotSettings, size: { colours: ChartColours; width: number; height: number }) {
  const { series, smoothing, showEndLabels } = settings;
  const isSmoothed = ({ canSmooth = true }: ChartSeries): boolean => canSmooth && smoothing > 0;
  const raw = series.filter(isSmoothed).map((line) => ({ ...line, isFaint: true }));
  const labels = series.filter(({ isLabelled = true }) => isLabelled).map(({ label }) => label);
  const letters = showEndLabels ? Math.max(0, ...labels.map((label) => label.length)) : 0;
  const endRoom = letters === 0 ? 16 : Math.min(size.width * 0.36, letters * size.colours.fontPixels * 0.58 + 18);
  return { ...settings, ...size, endRoom, series: [...raw, ...series] };
}

function emptyData(count: number): UPlot.AlignedData {
  return [[], ...Array.from({ length: count }, () => [])] as unknown as UPlot.AlignedData;
}

function drawLines(
  uplot: UPlot,
  { lines, range, isLog }: { lines: readonly Line[]; range: StepRange; isLog: boolean },
): void {
  // Before the first drawing uPlot does not know its plotting area yet.
  const plotted = uplot.bbox.width / devicePixelRatio;
  const columns = Math.max(10, Math.floor(plotted > 0 ? plotted : uplot.width));
  const options = { ...range, columns, isLog };
  const raw = lines.flatMap(({ raw: series }) => (series === null ? [] : [decimate(series, options)]));
  const shown = lines.map(({ shown: series }) => decimate(series, options));
  const seen = valueRange(shown, range.from, range.to) ?? { low: isLog ? 0.1 : 0, high: 1 };
  const { low, high } = withAir(seen, isLog);
  const data: AlignedLines = alignLines([...raw, ...shown] satisfies Polyline[]);
  uplot.batch(() => {
    uplot.setData(data as UPlot.AlignedData, false);
    uplot.setScale('x', { min: range.from, max: range.to });
    uplot.setScale('y', { min: low, max: high });
  });
}

/** From what uPlot has reckoned: asking the document would make it lay everything out anew. */
function layoutOf({ bbox, scales }: UPlot): PlotLayout {
  const { min = 0, max = 1 } = scales['x'] ?? {};
  const ratio = devicePixelRatio;
  const [left, width] = [bbox.left / ratio, bbox.width / ratio];
  return {
    left,
    top: bbox.top / ratio,
    width,
    height: bbox.height / ratio,
    range: { from: min, to: max },
    xOf: (step) => left + ((step - min) / (max - min)) * width,
  };
}
