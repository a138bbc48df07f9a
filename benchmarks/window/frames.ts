import type { Page } from '@playwright/test';
import { atMost, type Figure } from '../harness/benchmark.ts';
import { percentile } from './percentile.ts';

export interface FrameMeasurement {
  readonly gapsMs: readonly number[];
  /** Tasks of more than 50 ms. */
  readonly longTasks: number;
  /** Processor time of the page's process in percent of one core. */
  readonly corePercent: number;
  /** The same of the process that paints. */
  readonly graphicsPercent: number;
}

/** Frames and processor time of a page while `work` goes on; the page must be the only one of its browser. */
export async function measureFrames(page: Page, work: () => Promise<void>): Promise<FrameMeasurement> {
  await page.evaluate(() => globalThis.forgeWatch.startFrames());
  const before = await processorSeconds(page);
  const began = performance.now();
  await work();
  const { gapsMs, longTasks } = await page.evaluate(() => globalThis.forgeWatch.readFrames());
  const seconds = (performance.now() - began) / 1_000;
  const after = await processorSeconds(page);
  const percent = (type: string): number => (100 * ((after.get(type) ?? 0) - (before.get(type) ?? 0))) / seconds;
  return { gapsMs, longTasks, corePercent: percent('renderer'), graphicsPercent: percent('GPU') };
}

/** Processor seconds of the browser's processes since they began, by kind. */
async function processorSeconds(page: Page): Promise<ReadonlyMap<string, number>> {
  const session = await page.context().browser()?.newBrowserCDPSession();
  if (session === undefined) throw new Error('The page has no browser.');
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const sums = new Map<string, number>();
  for (const { type, cpuTime } of processInfo) sums.set(type, (sums.get(type) ?? 0) + cpuTime);
  return sums;
}

export function frameFigure(name: string, { gapsMs }: FrameMeasurement, barMs: number): Figure {
  const [p50, p99] = [percentile(gapsMs, 0.5), percentile(gapsMs, 0.99)];
  const detail = `${gapsMs.length} frames, median ${p50.toFixed(1)} ms, worst ${Math.max(...gapsMs).toFixed(0)} ms`;
  return { name, value: p99, unit: 'ms', bar: atMost(barMs), detail };
}

/** One line for a person. */
export function described({ gapsMs, longTasks, corePercent }: FrameMeasurement): string {
  return `${gapsMs.length} frames, worst ${Math.max(...gapsMs).toFixed(0)} ms, ${longTasks} long tasks, ${corePercent.toFixed(0)} % of a core`;
}
