// How the parts of the kit and chosen states of the features look, pixel by pixel, against the pictures in `baselines/`. They hold for one
// Chromium and the fonts that come with Forge.
// After a wanted change: `npx playwright test -c tests/window gallery --update-snapshots`, and look at what changed.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { chromiumVersion, findChromium } from '../../scripts/find-chromium.ts';
import { expect, goTo, test } from './fixtures.ts';
import { featureStates } from './pictured-states.ts';

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

test.use({ trace: 'off' });

async function openGallery(page: Page, address: string): Promise<readonly string[]> {
  await goTo(page, address, '/gallery');
  const entries = page.locator('main li code');
  await expect(entries.first()).toBeVisible();
  return entries.allTextContents();
}

for (const theme of ['dark', 'light', 'contrast'] as const) {
  test(`the kit looks as it did, in the ${theme} theme`, async ({ page, engine }) => {
    test.setTimeout(300_000);
    await page.setViewportSize({ width: 900, height: 600 });
    const ids = await openGallery(page, await engine.address());
    const shown = ids.filter((id) => id.startsWith(kit) && !neverTheSame.includes(id));
    expect(shown.length).toBeGreaterThan(10);
    for (const id of shown) {
      await show(page, id, theme);
      await page.reload();
      await picture(page, id, `${id.replace(/\W+/g, '-')}-${theme}.png`);
    }
  });
}

test('chosen states of the features look as they did', async ({ page, engine }) => {
  test.setTimeout(180_000);
  await page.setViewportSize({ width: 1200, height: 760 });
  // "3 days ago" and what is left of a training are counted from here; what waits still comes.
  await page.clock.setFixedTime(new Date('2026-11-21T12:00:00Z'));
  const known = await openGallery(page, await engine.address());
  expect(featureStates.filter(({ id }) => !known.includes(id))).toEqual([]);
  for (const { id, theme } of featureStates) {
    await show(page, id, theme);
    await picture(page, id, `state-${id.replace(/\W+/g, '-')}-${theme}.png`);
  }
});

function show(page: Page, id: string, theme: string): Promise<unknown> {
  return page.evaluate(`location.hash = ${JSON.stringify(`#/gallery/${encodeURIComponent(id)}?theme=${theme}`)}`);
}

async function picture(page: Page, id: string, name: string): Promise<void> {
  await page.locator(`[data-gallery="${id}"]`).waitFor();
  await page.evaluate('document.fonts.ready');
  await expect.soft(page).toHaveScreenshot(name);
}
