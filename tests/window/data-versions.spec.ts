// Versions in the window: two laid over each other (counts, rows of each kind, a row word by word), every row behind a figure of a study, a dataset removed whole.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, goTo, test, type WindowEngine, type Setting } from './fixtures.ts';

// A home of its own: names of datasets are those of this file.
const ownHome: Setting['begin'] = async () => ({});
test.use({ setting: [{ begin: ownHome }, { scope: 'worker' }] });

interface Line {
  readonly id: string;
  readonly question: string;
  readonly answer: string;
}

const lines = (edit: boolean): Line[] =>
  Array.from({ length: 400 }, (_, row) => ({
    id: `t-${edit && row >= 390 ? row + 100 : row}`,
    question: `Where is parcel ${edit && row >= 390 ? row + 100 : row}?`,
    answer: edit && row % 50 === 7 ? `It left on Tuesday, not on day ${row}.` : `It left on day ${row}.`,
  }));

async function importTwice(engine: WindowEngine, name: string): Promise<void> {
  for (const [file, edit] of [
    ['march.jsonl', false],
    ['april.jsonl', true],
  ] as const) {
    const place = path.join(engine.folder, `${name}-${file}`);
    await writeFile(
      place,
      lines(edit)
        .map((line) => JSON.stringify(line))
        .join('\n'),
    );
    await engine.command('data', 'import', place, '--as', name);
  }
}

const grid = (page: Page, name: string) => page.getByRole('grid', { name });

test('with one version alone the page says how a second one comes', async ({ page, engine }) => {
  await goTo(page, await engine.address(), '/data/diff');
  await expect(page.getByRole('heading', { name: 'There is only one version' })).toBeVisible();
});

test('two versions are chosen by keys, counted, and a changed row is read word by word', async ({ page, engine }) => {
  await importTwice(engine, 'orders');
  await goTo(page, await engine.address(), '/data');
  await page.getByRole('row').filter({ hasText: 'ordersv2' }).click();
  await page.getByRole('link', { name: 'Compare versions' }).press('Enter');
  await expect(page.getByRole('tab', { name: 'Changed 8' })).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('figure', { name: 'What became of the rows' })).toContainText('Same 382');
  await grid(page, 'Changed').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const panel = page.getByRole('complementary', { name: /^Row / });
  await expect(panel.locator('ins').first()).toContainText('Tuesday');
  await expect(panel).toContainText('unchanged');
  await page.getByRole('tab', { name: 'Changed 8' }).focus();
  await page.keyboard.press('ArrowLeft');
  await expect(grid(page, 'Removed')).toContainText('Where is parcel 390?');
  await page.getByRole('tab', { name: 'Moved sides' }).click();
  await expect(page.getByText('No row is on another side of the split.')).toBeVisible();
  await page.getByRole('button', { name: 'Swap the two versions' }).press('Enter');
  await expect(page).toHaveURL(/before=orders(:|%3A)v2/);
  await page.getByRole('tab', { name: 'Removed 10' }).click();
  await expect(grid(page, 'Removed')).toContainText('Where is parcel 490?');
});

test('equal versions say so, and a version that is gone says what to do', async ({ page, engine }) => {
  await importTwice(engine, 'again');
  await goTo(page, await engine.address(), '/data/diff?before=again:v1&after=again:v1');
  await expect(page.getByRole('heading', { name: 'Nothing changed' })).toBeVisible();
  await goTo(page, await engine.address(), '/data/diff?before=again:v1&after=again:v9');
  await expect(page.getByText('There is no version 9 of a dataset again.')).toBeVisible();
});

test('a figure of a study leads to all of its rows, beyond the first few hundred', async ({ page, engine }) => {
  await importTwice(engine, 'figures');
  await engine.command('study', 'figures:v1');
  await goTo(page, await engine.address(), '/data/figures/v1/study');
  await page.getByRole('button', { name: /See the rows: figures-march\.jsonl, 400/ }).press('Enter');
  await expect(page.getByRole('status').filter({ hasText: '400 rows' })).toBeVisible();
  await page.getByRole('grid', { name: 'Rows of the version' }).focus();
  await page.keyboard.press('End');
  await expect(page.getByText('Where is parcel 399?').first()).toBeVisible();
  await page.getByLabel('Search in all texts').fill('parcel 39');
  await expect(page.getByRole('status').filter({ hasText: '11 rows' })).toBeVisible();
  await page.getByRole('button', { name: /^Only rows of the figure/ }).press('Enter');
  await expect(page.getByRole('button', { name: /^Only rows of the figure/ })).toHaveCount(0);
});

test('a dataset goes with all its versions, and undo brings them all back', async ({ page, engine }) => {
  await importTwice(engine, 'whole');
  await goTo(page, await engine.address(), '/data');
  const lines = page.getByRole('row').filter({ hasText: /^wholev/ });
  await lines.first().click();
  await page.getByRole('button', { name: 'Remove all 2 versions' }).press('Enter');
  await expect(lines).toHaveCount(0);
  await page.keyboard.press('Control+z');
  await expect(lines).toHaveCount(2);
});
