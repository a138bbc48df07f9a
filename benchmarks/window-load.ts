import type { Page } from '@playwright/test';
import { z } from 'zod';
import { finalJobStates } from '#contract/jobs.ts';
import { atLeast, atMost, type Benchmark, type BenchmarkSettings, type Figure } from './harness/benchmark.ts';
import { goToGallery, inNewBrowser } from './window/browser.ts';
import { startFloodEngine, type FloodEngine } from './window/flood-engine.ts';
import { described, frameFigure, measureFrames } from './window/frames.ts';
import { pageMemoryMegabytes } from './window/page-memory.ts';
import { withPageEngine } from './window/page-engine.ts';

const frameBarMs = 17;
const coreBarPercent = 50;
const burstLinesPerSecond = 50_000;
const burstBarFrames = 50;
const totalLines = 2_000_000;
const growthBarMegabytes = 8;
const totalPoints = 1_000_000;
/** Curves that one metric event of the flood carries. */
const pointsPerMetric = 6;
const metricsPerSecond = 2_000;
const memoryBarMegabytes = 64;
/** Time for the page to open before the flood begins. */
const delaySeconds = 5;

const stressEntry = 'runs/stress';

/** Whether the window stays smooth and small under the heaviest a run can be. */
export const windowLoadBenchmark: Benchmark = {
  name: 'window-load',
  question:
    'Frames, processor and memory of the page: the stress page (8 charts at 200 points/s, 5,000 console lines/s), and the run page following real jobs: one of about that load, one that prints 50,000 lines/s, one that tells 1 M points.',
  minutes: 4,
  promises: [
    { name: 'training page under load, 99th percentile of frames', bar: `at most ${frameBarMs} ms` },
    { name: 'training page under load, long tasks', bar: 'at most 0' },
    { name: 'training page under load, processor', bar: `at most ${coreBarPercent} % of a core` },
    { name: 'run page of a real job at that load, 99th percentile of frames', bar: `at most ${frameBarMs} ms` },
    { name: 'console at 50,000 lines/s, frames', bar: `at least ${burstBarFrames} /s` },
    { name: 'page memory grown by 2 M console lines', bar: `at most ${growthBarMegabytes} MB` },
    { name: 'page memory after 1 M points', bar: `at most ${memoryBarMegabytes} MB` },
  ],
  async run(settings) {
    const stress = await withPageEngine((url) => stressFigures(url, settings));
    const engine = await startFloodEngine();
    try {
      return [
        ...stress,
        await runPageFigure(engine, settings),
        ...(await burstFigures(engine, settings)),
        await pointsFigure(engine, settings),
      ];
    } finally {
      await engine.stop();
    }
  },
};

async function stressFigures(url: string, { quick, say }: BenchmarkSettings): Promise<Figure[]> {
  const found = await inNewBrowser(async (page) => {
    await goToGallery(page, url, stressEntry);
    await page.waitForTimeout(quick ? 1_000 : 4_000);
    return measureFrames(page, () => page.waitForTimeout(quick ? 3_000 : 12_000));
  });
  say(described(found));
  return [
    frameFigure('training page under load, 99th percentile of frames', found, frameBarMs),
    {
      name: 'training page under load, long tasks',
      value: found.longTasks,
      unit: '',
      bar: atMost(0),
      detail: 'Tasks of more than 50 ms',
    },
    {
      name: 'training page under load, processor',
      value: found.corePercent,
      unit: '% of a core',
      bar: atMost(coreBarPercent),
      detail: `The page's process; the browser's graphics process beside it ${found.graphicsPercent.toFixed(0)} %`,
    },
  ];
}

/** The stress page's load once more, through worker, engine and WebSocket into the page that a person has. */
async function runPageFigure(engine: FloodEngine, { quick, say }: BenchmarkSettings): Promise<Figure> {
  const seconds = quick ? 5 : 20;
  const job = await engine.submit({ delaySeconds, seconds, linesPerSecond: 5_000, metricsPerSecond: 200 });
  const found = await inNewBrowser(async (page) => {
    await openFloodedRun(page, engine, job);
    const measured = await measureFrames(page, () => page.waitForTimeout((seconds * 1_000) / 2));
    await whenDone(engine, job);
    return measured;
  });
  say(described(found));
  const figure = frameFigure('run page of a real job at that load, 99th percentile of frames', found, frameBarMs);
  const more = `${found.longTasks} long tasks, ${found.corePercent.toFixed(0)} % of a core`;
  return { ...figure, detail: `${figure.detail}, ${more}; 5,000 lines/s, ${pointsPerMetric} curves at 200 points/s` };
}

async function burstFigures(engine: FloodEngine, { quick, say }: BenchmarkSettings): Promise<Figure[]> {
  const lines = quick ? totalLines / 5 : totalLines;
  const seconds = lines / burstLinesPerSecond;
  const warmUpMs = 3_000;
  const job = await engine.submit({ delaySeconds, seconds, linesPerSecond: burstLinesPerSecond });
  const { frames, grown } = await inNewBrowser(async (page) => {
    await openFloodedRun(page, engine, job);
    // By then the scrollback is full: what grows from here on grows without an end.
    await page.waitForTimeout(warmUpMs);
    const before = await pageMemoryMegabytes(page);
    const measured = await measureFrames(page, () => page.waitForTimeout((seconds * 1_000 - 2 * warmUpMs) / 2));
    await whenDone(engine, job);
    return { frames: measured, grown: (await pageMemoryMegabytes(page)) - before };
  });
  const pace = await readPace(engine, job);
  const { memoryBytes } = await engine.client.engine.status();
  say(described(frames));
  return [
    {
      name: 'console at 50,000 lines/s, frames',
      value: 1_000 / (frames.gapsMs.reduce((sum, gap) => sum + gap, 0) / frames.gapsMs.length),
      unit: '/s',
      bar: atLeast(burstBarFrames),
      detail: `Through terminal, engine and WebSocket; worst frame ${Math.max(...frames.gapsMs).toFixed(0)} ms; ${pace.lines} lines in ${pace.seconds.toFixed(1)} s, the job waited at most ${(pace.longestWriteSeconds * 1_000).toFixed(0)} ms for a write; engine after it ${(memoryBytes / 1e6).toFixed(0)} MB`,
    },
    {
      name: 'page memory grown by 2 M console lines',
      value: grown,
      unit: 'MB',
      bar: atMost(growthBarMegabytes),
      detail: `From the time the scrollback was full to ${pace.lines} lines`,
    },
  ];
}

async function pointsFigure(engine: FloodEngine, { quick, say }: BenchmarkSettings): Promise<Figure> {
  const points = quick ? totalPoints / 20 : totalPoints;
  const seconds = points / pointsPerMetric / metricsPerSecond;
  const job = await engine.submit({ delaySeconds, seconds, metricsPerSecond });
  const { frames, megabytes } = await inNewBrowser(async (page) => {
    await openRun(page, engine, job);
    const measured = await measureFrames(page, () => whenDone(engine, job));
    // The last ones are on their way.
    await page.waitForTimeout(1_000);
    return { frames: measured, megabytes: await pageMemoryMegabytes(page) };
  });
  const { metrics } = await readPace(engine, job);
  say(described(frames));
  return {
    name: 'page memory after 1 M points',
    value: megabytes,
    unit: 'MB',
    bar: atMost(memoryBarMegabytes),
    detail: `${metrics * pointsPerMetric} points followed live on the run page, ${metricsPerSecond * pointsPerMetric} a second; worst frame meanwhile ${Math.max(...frames.gapsMs).toFixed(0)} ms`,
  };
}

/** The run page of a job whose worker has begun. */
async function openRun(page: Page, engine: FloodEngine, job: string): Promise<void> {
  await engine.runs(job);
  await page.goto(`${engine.url}#/runs/${encodeURIComponent(job)}`);
  await page.locator('.xterm-rows').waitFor();
}

/** The same, once the flood is on the screen. */
async function openFloodedRun(page: Page, engine: FloodEngine, job: string): Promise<void> {
  await openRun(page, engine, job);
  await page.locator('.xterm-rows', { hasText: 'loss' }).waitFor();
}

async function whenDone(engine: FloodEngine, job: string): Promise<void> {
  for await (const view of await engine.client.jobs.watch()) {
    if (view.id !== job) continue;
    if (view.state === 'succeeded') return;
    if (finalJobStates.some((state) => state === view.state))
      throw new Error(`The flooding job ${view.state}: ${view.failure?.message ?? 'without a reason'}`);
  }
}

const pace = z.object({
  lines: z.number(),
  metrics: z.number(),
  seconds: z.number(),
  longestWriteSeconds: z.number(),
});

/** What the worker itself says about how fast it was. */
async function readPace({ client }: FloodEngine, job: string): Promise<z.infer<typeof pace>> {
  const { events } = await client.runs.eventsPage({ job, types: ['log'] });
  const said = events.find((event) => event['code'] === 'pace');
  return pace.parse(JSON.parse(z.string().parse(said?.['text'])));
}
