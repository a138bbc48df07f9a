// Domain packs in the window: rows are imported under a domain, its pack proposes the filters, and they are frozen as they are. By keys alone.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, goTo, test, type Setting } from './fixtures.ts';

// A home of its own: names of datasets are those of this file.
const ownHome: Setting['begin'] = async () => ({});
test.use({ setting: [{ begin: ownHome }, { scope: 'worker' }] });

const samples = path.resolve(import.meta.dirname, '../../domains/coding/examples.jsonl');

test('rows of a domain get the filters of its pack, which are changed and frozen', async ({ page, engine }) => {
  test.setTimeout(120_000);
  await goTo(page, await engine.address(), '/data/import');
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles({ name: 'snippets.jsonl', mimeType: 'application/jsonl', buffer: await readFile(samples) });
  const domain = page.getByLabel('Domain', { exact: true });
  await expect(domain).toHaveText('None');
  await domain.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('option', { name: 'Healthcare' }).press('Enter');
  await expect(page.getByText('personal data is reviewed before a version is made')).toBeVisible();
  await domain.press('Enter');
  await page.getByRole('option', { name: 'Coding' }).press('Enter');
  await page.getByRole('button', { name: 'Import 68 records' }).press('Enter');
  await expect(page.getByRole('heading', { name: '68 rows are in snippets:v1' })).toBeVisible();

  await goTo(page, await engine.address(), '/data/snippets/v1/filters');
  await expect(page.getByText('Length · Code · Equal rows')).toBeVisible();
  await page.getByRole('button', { name: 'Take the filters of Coding' }).press('Enter');
  await expect(page.getByText('68 of 68 rows are kept')).toBeVisible();
  const unit = page.getByLabel('Counted in');
  await unit.press('Enter');
  await page.getByRole('option', { name: 'tokens' }).press('Enter');
  await expect(page.getByLabel('Tokens counted by')).toHaveText('Estimate from characters');
  await expect(page.getByText('Tokens are estimated from characters.')).toBeVisible();
  await unit.press('Enter');
  await page.getByRole('option', { name: 'characters' }).press('Enter');
  await page.getByRole('button', { name: 'Filters of a domain' }).press('Enter');
  await page.getByRole('menuitem', { name: 'Legal' }).press('Enter');
  await expect(page.getByRole('listitem').filter({ hasText: 'Personal data and secrets' })).toBeVisible();
  await expect(page.getByText('68 of 68 rows are kept')).toBeVisible();
  await page.getByRole('button', { name: 'Make a version of it' }).press('Enter');
  await expect(page.getByRole('row').filter({ hasText: 'snippetsv2' })).toBeVisible();
});
