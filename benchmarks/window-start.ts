import type { Page } from '@playwright/test';
import { atMost, type Benchmark, type BenchmarkSettings, type Figure } from './harness/benchmark.ts';
import { listed, median } from './harness/statistics.ts';
import { goToGallery, inNewBrowser } from './window/browser.ts';
import { gzipBytes } from './window/built-window.ts';
import { withPageEngine } from './window/page-engine.ts';
import { percentile, worst } from './window/percentile.ts';

const starts = 9;
const editorStarts = 5;
const shellBarMs = 500;
const slowShellBarMs = 1_000;
const slowness = 4;
const editorBarMs = 1_500;
const firstLoadBarKibibytes = 200;
const keyMedianBarMs = 16;
const keyWorstBarMs = 50;
const keyPauseMs = 80;

/** The navigation, which is there once React has mounted and listens; then the page in it. */
const shellSelector = '#root nav a[aria-current]';
const pageSelector = '#content h1';
const typed = 'qzx';

/** From the address to a window that can be used, in a browser that has never seen it. */
export const windowStartBenchmark: Benchmark = {
  name: 'window-start',
  question: `A window opened in a new browser with an empty profile while the engine runs, median of ${starts}; Monaco from the click that wants it to a typed word on the screen, median of ${editorStarts}; the command palette from a key to the frame that shows it.`,
  minutes: 2,
  promises: [
    { name: 'shell interactive, cold', bar: `at most ${shellBarMs} ms` },
    { name: `shell interactive, cold, processor ${slowness} times slower`, bar: `at most ${slowShellBarMs} ms` },
    { name: 'script fetched by the first load, gzip', bar: `at most ${firstLoadBarKibibytes} KiB` },
    { name: 'Monaco ready on demand', bar: `at most ${editorBarMs} ms` },
    { name: 'palette, key to frame, median', bar: `at most ${keyMedianBarMs} ms` },
    { name: 'palette, key to frame, slowest', bar: `at most ${keyWorstBarMs} ms` },
  ],
  run: (settings) =>
    withPageEngine(async (url) => [
      ...(await shellFigures(url, settings)),
      await editorFigure(url, settings),
      ...(await paletteFigures(url, settings)),
    ]),
};

interface ColdStart {
  readonly shellMs: number;
  readonly pageMs: number;
  /** Script files that were fetched until nothing more was. */
  readonly scripts: readonly string[];
}

function startCold(url: string, slowdown: number): Promise<ColdStart> {
  return inNewBrowser(async (page) => {
    const scripts: string[] = [];
    page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.endsWith('.js')) scripts.push(pathname.slice(1));
    });
    const marks = `forgeWatch.mark('shell', ${JSON.stringify(shellSelector)}); forgeWatch.mark('page', ${JSON.stringify(pageSelector)});`;
    await page.addInitScript({ content: marks });
    if (slowdown > 1) {
      const session = await page.context().newCDPSession(page);
      await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
    }
    await page.goto(url);
    const [shellMs, pageMs] = [await readMark(page, 'shell'), await readMark(page, 'page')];
    await page.waitForLoadState('networkidle');
    return { shellMs, pageMs, scripts };
  });
}

/** Milliseconds since the navigation began at which the mark was on the screen. */
async function readMark(page: Page, name: string): Promise<number> {
  await page.waitForFunction((wanted) => globalThis.forgeWatch.marks[wanted] !== undefined, name);
  return page.evaluate((wanted) => globalThis.forgeWatch.marks[wanted] ?? Number.NaN, name);
}

async function shellFigures(url: string, { quick, say }: BenchmarkSettings): Promise<Figure[]> {
  // The first one is not counted: it reads the files from the disk.
  const { scripts } = await startCold(url, 1);
  const rounds = quick ? 2 : starts;
  const [normal, slow]: [ColdStart[], ColdStart[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    normal.push(await startCold(url, 1));
    slow.push(await startCold(url, slowness));
    say(`start ${round + 1}: ${normal.at(-1)?.shellMs.toFixed(0)} ms, slowed ${slow.at(-1)?.shellMs.toFixed(0)} ms`);
  }
  return [
    shellFigure('shell interactive, cold', shellBarMs, normal),
    shellFigure(`shell interactive, cold, processor ${slowness} times slower`, slowShellBarMs, slow),
    {
      name: 'script fetched by the first load, gzip',
      value: (await gzipBytes(scripts)) / 1024,
      unit: 'KiB',
      bar: atMost(firstLoadBarKibibytes),
      detail: `${scripts.length} files, until the browser asked for nothing more`,
    },
  ];
}

function shellFigure(name: string, barMs: number, found: readonly ColdStart[]): Figure {
  const shells = found.map(({ shellMs }) => shellMs);
  const page = median(found.map(({ pageMs }) => pageMs));
  const detail = `Single starts: ${listed(shells)}. The heading of the page in it: ${page.toFixed(0)} ms`;
  return { name, value: median(shells), unit: 'ms', bar: atMost(barMs), detail };
}

async function editorFigure(url: string, { quick, say }: BenchmarkSettings): Promise<Figure> {
  const [ready, drawn]: [number[], number[]] = [[], []];
  for (let round = 0; round < (quick ? 1 : editorStarts); round += 1) {
    const times = await inNewBrowser((page) => openEditor(page, url));
    ready.push(times.typedMs);
    drawn.push(times.drawnMs);
    say(
      `Monaco ${round + 1}: drawn after ${times.drawnMs.toFixed(0)} ms, typed in after ${times.typedMs.toFixed(0)} ms`,
    );
  }
  const detail = `Single starts: ${listed(ready)}. First lines on the screen: ${median(drawn).toFixed(0)} ms`;
  return { name: 'Monaco ready on demand', value: median(ready), unit: 'ms', bar: atMost(editorBarMs), detail };
}

/** From the wizard's plan as a table to the plan as text, with nothing of the editor loaded yet. */
async function openEditor(page: Page, url: string): Promise<{ drawnMs: number; typedMs: number }> {
  await goToGallery(page, url, 'create/plan');
  const beganMs = await page.evaluate((word) => {
    globalThis.forgeWatch.mark('drawn', '.monaco-editor .view-lines', 'settings');
    globalThis.forgeWatch.mark('typed', '.monaco-editor .view-lines', word);
    const began = performance.now();
    (globalThis as unknown as { location: { hash: string } }).location.hash = '#/gallery/create%2Fplan-text';
    return began;
  }, typed);
  await page.locator('.monaco-editor .view-line').first().click();
  await page.keyboard.type(typed);
  const typedMs = (await readMark(page, 'typed')) - beganMs;
  return { drawnMs: (await readMark(page, 'drawn')) - beganMs, typedMs };
}

async function paletteFigures(url: string, { quick }: BenchmarkSettings): Promise<Figure[]> {
  const delaysMs = await inNewBrowser(async (page) => {
    await page.goto(url);
    await page.locator(pageSelector).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('combobox').waitFor();
    const words = ['settings', 'run', 'server', 'dark', 'home'].slice(0, quick ? 2 : 5);
    await page.evaluate(() => void globalThis.forgeWatch.keyDelaysMs.splice(0));
    for (const word of words) {
      await page.keyboard.type(word, { delay: keyPauseMs });
      for (const _letter of word) await page.keyboard.press('Backspace', { delay: keyPauseMs });
    }
    await page.waitForTimeout(keyPauseMs);
    return page.evaluate(() => globalThis.forgeWatch.keyDelaysMs);
  });
  const detail = `${delaysMs.length} keys, letters typed and taken back, the list filtered at each`;
  return [
    {
      name: 'palette, key to frame, median',
      value: percentile(delaysMs, 0.5),
      unit: 'ms',
      bar: atMost(keyMedianBarMs),
      detail,
    },
    {
      name: 'palette, key to frame, slowest',
      value: worst(delaysMs),
      unit: 'ms',
      bar: atMost(keyWorstBarMs),
      detail: '',
    },
  ];
}
