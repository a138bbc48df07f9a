// How the parts of the kit look, pixel by pixel, against the pictures in `baselines/`. They hold for one Chromium and the fonts that come with Forge.
// After a wanted change: `npx playwright test -c tests/window gallery --update-snapshots`, and look at what changed.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { chromiumVersion, findChromium } from '../../scripts/find-chromium.ts';
import { expect, goTo, test } from './fixtures.ts';

const madeWith = readFileSync(path.join(import.meta.dirname, 'baselines', 'chromium-version.txt'), 'utf8').trim();
const chromium = findChromium();
const here = chromium === null ? '' : chromiumVersion(chromium);
test.skip(
  here !== madeWith,
  `NOT PROVED HERE: the look of the kit: its pictures were made with Chromium ${madeWith}, not ${here}`,
);

const kit = 'kit/';
/** Toasts go away by themselves after some seconds; the largest table is for the benchmark and draws as it gets to it (10,000 rows are pictured). */
const neverTheSame: readonly string[] = ['kit/toasts', 'kit/table-100000'];

for (const theme of ['dark', 'light', 'contrast'] as const) {
  test(`the kit looks as it did, in the ${theme} theme`, async ({ page, engine }) => {
    test.setTimeout(300_000);
    await page.setViewportSize({ width: 900, height: 600 });
    await goTo(page, await engine.address(), '/gallery');
    const entries = page.locator('main li code');
    await expect(entries.first()).toBeVisible();
    const ids = (await entries.allTextContents()).filter((id) => id.startsWith(kit) && !neverTheSame.includes(id));
    expect(ids.length).toBeGreaterThan(10);
    for (const id of ids) {
      await page.evaluate(`location.hash = ${JSON.stringify(`#/gallery/${encodeURIComponent(id)}?theme=${theme}`)}`);
      await page.reload();
      await expect(page.locator(`[data-gallery="${id}"]`)).toBeVisible();
      await page.evaluate('document.fonts.ready');
      await expect.soft(page).toHaveScreenshot(`${id.replace(/\W+/g, '-')}-${theme}.png`);
    }
  });
}
