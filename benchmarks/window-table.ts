import type { Benchmark } from './harness/benchmark.ts';
import { goToGallery, inNewBrowser, viewport } from './window/browser.ts';
import { described, frameFigure, measureFrames } from './window/frames.ts';
import { withPageEngine } from './window/page-engine.ts';

const frameBarMs = 17;
const tableEntry = 'kit/table-100000';
const wheelStepPx = 240;

/** Whether a table stays smooth however many rows it has. */
export const windowTableBenchmark: Benchmark = {
  name: 'window-table',
  question: 'Frames while a table of 100,000 rows, of which only those in sight are drawn, is scrolled with the wheel.',
  minutes: 1,
  promises: [{ name: 'table of 100,000 rows, 99th percentile of frames', bar: `at most ${frameBarMs} ms` }],
  async run({ quick, say }) {
    const scrollMs = quick ? 2_000 : 10_000;
    const found = await withPageEngine((url) =>
      inNewBrowser(async (page) => {
        await goToGallery(page, url, tableEntry);
        await page.mouse.move(viewport.width / 3, viewport.height / 2);
        const turn = (): Promise<void> => page.mouse.wheel(0, wheelStepPx);
        // The first turns bring what the page has not compiled yet.
        for (let count = 0; count < 10; count += 1) await turn();
        const measured = await measureFrames(page, async () => {
          for (const end = performance.now() + scrollMs; performance.now() < end;) await turn();
        });
        const scrolledPx = await page
          .getByRole('grid')
          .evaluate((grid) => (grid as unknown as { scrollTop: number }).scrollTop);
        if (scrolledPx < wheelStepPx) throw new Error('The wheel did not move the table.');
        return measured;
      }),
    );
    say(described(found));
    const figure = frameFigure('table of 100,000 rows, 99th percentile of frames', found, frameBarMs);
    return [figure];
  },
};
