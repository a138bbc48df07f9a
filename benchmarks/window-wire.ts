import type { Page } from '@playwright/test';
import { atMost, type Benchmark, type Figure } from './harness/benchmark.ts';
import { goToGallery, inNewBrowser } from './window/browser.ts';
import { startFloodEngine, type FloodEngine } from './window/flood-engine.ts';
import { withPageEngine } from './window/page-engine.ts';
import { pageScript } from './window/page-script.ts';
import { percentile, worst } from './window/percentile.ts';

const calls = 10_000;
const warmUpCalls = 500;
const medianBarMs = 1;
const p99BarMs = 3;
const cancels = 20;
const cancelBarMs = 100;

/** What a call from the page costs, and how soon work that nobody wants any more ends. */
export const windowWireBenchmark: Benchmark = {
  name: 'window-wire',
  question: `One call at a time from a page in the browser to the engine, over its WebSocket on loopback, ${calls} times; and from the page's cancelling of a subscription to the end of its work in the engine, the slowest of ${cancels}.`,
  minutes: 1,
  promises: [
    { name: 'call from the page, median', bar: `at most ${medianBarMs} ms` },
    { name: 'call from the page, 99th percentile', bar: `at most ${p99BarMs} ms` },
    { name: 'cancelled work ended', bar: `at most ${cancelBarMs} ms` },
  ],
  async run({ quick, say }) {
    const tookMs = await withPageEngine((url) =>
      inWirePage(url, (page) =>
        page.evaluate(
          ([count = 0, warmUp = 0]) => globalThis.forgeWire.timeCalls(count, warmUp),
          [quick ? 1_000 : calls, warmUpCalls],
        ),
      ),
    );
    say(`${tookMs.length} calls, half of them within ${percentile(tookMs, 0.5).toFixed(2)} ms`);
    return [...callFigures(tookMs), await cancelFigure(quick ? 3 : cancels)];
  },
};

/** A page of the window's own address where the window itself asks nothing: the gallery. */
function inWirePage<T>(url: string, work: (page: Page) => Promise<T>): Promise<T> {
  return inNewBrowser(async (page) => {
    await goToGallery(page, url, 'kit/table-empty');
    await page.evaluate(await pageScript('wire'));
    return work(page);
  });
}

function callFigures(tookMs: readonly number[]): Figure[] {
  const p99 = percentile(tookMs, 0.99);
  return [
    {
      name: 'call from the page, median',
      value: percentile(tookMs, 0.5),
      unit: 'ms',
      bar: atMost(medianBarMs),
      detail: `engine.status, ${tookMs.length} calls after ${warmUpCalls} that are not counted`,
    },
    {
      name: 'call from the page, 99th percentile',
      value: p99,
      unit: 'ms',
      bar: atMost(p99BarMs),
      detail: `Slowest ${worst(tookMs).toFixed(1)} ms`,
    },
  ];
}

async function cancelFigure(rounds: number): Promise<Figure> {
  const engine = await startFloodEngine();
  try {
    const delaysMs = await inWirePage(engine.url, (page) => cancelRepeatedly(page, engine, rounds));
    return {
      name: 'cancelled work ended',
      value: worst(delaysMs),
      unit: 'ms',
      bar: atMost(cancelBarMs),
      detail: `A live subscription to a running job; median ${percentile(delaysMs, 0.5).toFixed(1)} ms`,
    };
  } finally {
    await engine.stop();
  }
}

async function cancelRepeatedly(page: Page, engine: FloodEngine, rounds: number): Promise<number[]> {
  const job = await engine.submit({ seconds: 30 + rounds, metricsPerSecond: 100 });
  await engine.runs(job);
  const delaysMs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const ended = engine.subscriptionEnded();
    const cancelledAt = await page.evaluate((id) => globalThis.forgeWire.cancelOnce(id), job);
    delaysMs.push((await ended) - cancelledAt);
  }
  return delaysMs;
}
