import { useEffect, useMemo, useState } from 'react';
import { LineChart, type ChartSeries } from '../../charts/line-chart.tsx';
import { LiveSeries } from '../../charts/live-series.ts';
import { Page } from '../../ui/page.tsx';
import type { ConsoleSink } from './console-feed.ts';
import { watchFrames, type FrameMeter } from './frame-statistics.ts';
import type { ConsoleSource } from './views/console-source.ts';
import { ConsoleView } from './views/console-view.tsx';
import classes from './views/stress.module.css';

const chartCount = 8;
const pointsPerSecond = 200;
const linesPerSecond = 5_000;
const feedEveryMs = 20;

declare global {
  interface Window {
    /** For the benchmark: frames since the last `reset`. */
    forgeFrames?: FrameMeter;
  }
}

/** The heaviest a run page can be: eight charts at 200 points a second and 5,000 console lines a second, from a generator. */
export function StressPage() {
  const [feed] = useState(createFeed);
  useEffect(() => {
    const frames = watchFrames();
    window.forgeFrames = frames;
    const stop = feed.start();
    return () => {
      stop();
      frames.stop();
      delete window.forgeFrames;
    };
  }, [feed]);
  return (
    <Page title="Run page under load">
      <div className={classes['charts']}>
        {feed.series.map((data, index) => (
          <StressChart key={index} index={index} data={data} />
        ))}
      </div>
      <ConsoleView source={feed.console} name="stress" />
    </Page>
  );
}

function StressChart({ index, data }: { readonly index: number; readonly data: LiveSeries }) {
  const title = `Series ${index + 1}`;
  const lines = useMemo(
    (): readonly ChartSeries[] => [{ id: title, label: title, data, colour: 'tuned', weight: 'thin' }],
    [data, title],
  );
  return <LineChart kind="stress" size="small" title={title} xLabel="step" yLabel="value" series={lines} />;
}

interface Feed {
  readonly series: readonly LiveSeries[];
  readonly console: ConsoleSource;
  start(): () => void;
}

function createFeed(): Feed {
  const series = Array.from({ length: chartCount }, () => new LiveSeries());
  const sinks = new Set<ConsoleSink>();
  const console: ConsoleSource = {
    key: 'stress',
    open(sink) {
      sinks.add(sink);
      return () => sinks.delete(sink);
    },
    read: async () => '',
  };
  return { series, console, start: () => startFeed(series, sinks) };
}

/** Owes by the clock, so that a late timer brings what it missed. */
function startFeed(series: readonly LiveSeries[], sinks: ReadonlySet<ConsoleSink>): () => void {
  const startedAt = performance.now();
  let points = 0;
  let lines = 0;
  const timer = setInterval(() => {
    const seconds = (performance.now() - startedAt) / 1_000;
    for (; points < seconds * pointsPerSecond; points += 1) {
      series.forEach((one, index) =>
        one.put(points, Math.sin(points / (40 + index * 9)) + Math.sin(points * 7.13) * 0.2),
      );
    }
    let text = '';
    for (; lines < seconds * linesPerSecond; lines += 1) {
      text += `step ${lines}  loss ${(2 + Math.sin(lines / 500)).toFixed(4)}  sent ${performance.now().toFixed(1)} ms\r\n`;
    }
    for (const sink of sinks) sink.onText(text);
  }, feedEveryMs);
  return () => clearInterval(timer);
}
