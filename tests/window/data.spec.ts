// The place Data against the real engine: a messy file becomes a version, what was put aside is found at its line, a version is filtered, removed, taken back.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, goTo, test, type Setting } from './fixtures.ts';

/** A spreadsheet as it comes out of an office: semicolons, Latin-1, a field over two lines, a row without a question. */
const messy = [
  'Anliegen;Bearbeiter;Antwort;Status',
  'Wo ist mein Paket?;ann;Es ging am Montag los.;zu',
  'Größe passt nicht?;ben;Einfach zurückschicken.;zu',
  ';cem;Danke für den Anruf.;offen',
  '"Kaputt; was nun?";dora;"Wir tauschen',
  'sofort um.";zu',
].join('\r\n');

// A home of its own: the first look is at one without data.
const emptyHome: Setting['begin'] = async () => ({});
test.use({ setting: [{ begin: emptyHome }, { scope: 'worker' }] });

const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true });
const rowsGrid = (page: Page) => page.getByRole('grid', { name: 'Rows of the version' });

async function bring(page: Page, file: { readonly name: string; readonly bytes: Buffer }): Promise<void> {
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles({ name: file.name, mimeType: 'application/octet-stream', buffer: file.bytes });
  await expect(heading(page, 'What is what')).toBeVisible();
}

test('a messy spreadsheet becomes a version, and what was put aside lies at its line with its bytes', async ({
  page,
  engine,
}) => {
  await goTo(page, await engine.address(), '/data');
  await expect(heading(page, 'Bring the first data')).toBeVisible();
  await bring(page, { name: 'Kunden Tickets (2).csv', bytes: Buffer.from(messy, 'latin1') });
  await expect(page.getByLabel('Separator')).toHaveText(/semicolon/);
  await expect(page.getByLabel('Encoding')).toHaveText(/windows-1252/);
  await expect(page.getByText('3 of the first 4 records become rows.')).toBeVisible();
  await page.getByRole('button', { name: 'Import 4 records' }).press('Enter');
  await expect(heading(page, '3 rows are in kunden-tickets-2:v1')).toBeVisible();
  await page.getByRole('button', { name: 'See the one put aside' }).press('Enter');
  await page.getByRole('row').filter({ hasText: 'EMPTY_FIELD' }).click();
  await expect(page.getByText('Kunden Tickets (2).csv:4')).toBeVisible();
  await expect(page.getByRole('region', { name: 'The record as it stands in the file' })).toContainText('fc 72');
});

test('places are chosen by keys alone, several columns make one text, and the row follows', async ({
  page,
  engine,
}) => {
  await goTo(page, await engine.address(), '/data/import');
  await bring(page, { name: 'again.csv', bytes: Buffer.from(messy, 'latin1') });
  const question = page.getByLabel('Question', { exact: true });
  await question.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('option', { name: 'Several columns' }).press('Enter');
  await question.fill('{Status}: {Anliegen}');
  await page.keyboard.press('Tab');
  await expect(page.getByText('zu: Wo ist mein Paket?')).toBeVisible();
  await page.getByRole('button', { name: 'Back to what was found' }).press('Enter');
  await expect(page.getByText('zu: Wo ist mein Paket?')).toHaveCount(0);
});

test('a file that cannot be read says why and what to do', async ({ page, engine }) => {
  await goTo(page, await engine.address(), '/data/import');
  await page.getByLabel('Or where they are').fill('/no/such/file.csv');
  await page.keyboard.press('Enter');
  await expect(page.getByText('There is no file at /no/such/file.csv.')).toBeVisible();
  await page.getByRole('button', { name: 'Other files' }).press('Enter');
  await expect(page.getByLabel('Or where they are')).toBeVisible();
});

test('a hundred thousand rows are gone through by keys, sorted and searched, with few of them in the page', async ({
  page,
  engine,
}) => {
  test.setTimeout(90_000);
  const file = path.join(engine.folder, 'many.jsonl');
  const lines = Array.from({ length: 100_000 }, (_, row) =>
    JSON.stringify({
      question: `Where is parcel ${row}?`,
      answer: `It left on day ${row % 31}.${'!'.repeat(row % 7)}`,
    }),
  );
  await writeFile(file, lines.join('\n'));
  await engine.command('data', 'import', file, '--as', 'many');
  await goTo(page, await engine.address(), '/data/many/v1');
  await expect(rowsGrid(page)).toHaveAttribute('aria-rowcount', '100001');
  await rowsGrid(page).focus();
  await page.keyboard.press('End');
  await expect(page.getByText('Where is parcel 99999?').first()).toBeVisible();
  expect(await page.getByRole('row').count()).toBeLessThan(100);
  await page.getByRole('button', { name: 'Answer length' }).press('Enter');
  await expect(rowsGrid(page)).toHaveAttribute('aria-busy', 'false');
  await page.getByLabel('Search in all texts').fill('parcel 41807?');
  await expect(page.getByRole('status').filter({ hasText: '1 row' })).toBeVisible();
  await page.getByText('Where is parcel 41807?').first().click();
  await expect(page.getByRole('complementary', { name: 'Row' })).toContainText('many.jsonl');
});

test('a version that is removed goes from the list at once, and undo brings it back', async ({ page, engine }) => {
  const file = path.join(engine.folder, 'few.jsonl');
  await writeFile(file, '{"question":"Where?","answer":"There."}\n{"question":"When?","answer":"Then."}\n');
  await engine.command('data', 'import', file, '--as', 'few');
  await goTo(page, await engine.address(), '/data');
  const line = page.getByRole('row').filter({ hasText: 'fewv1' });
  await line.click();
  await page.getByRole('button', { name: 'Remove', exact: true }).press('Enter');
  await expect(line).toHaveCount(0);
  await page.keyboard.press('Control+z');
  await expect(line).toHaveCount(1);
});

test('steps are counted, moved by keys and frozen into a version; a figure of its study leads to its rows; it is exported', async ({
  page,
  engine,
}) => {
  test.setTimeout(120_000);
  const file = path.join(engine.folder, 'steps.jsonl');
  const rows = Array.from({ length: 60 }, (_, row) => ({
    question: `How is order ${row} going, and what does customer ${row * 7} say about it?`,
    answer:
      row % 3 === 0 ? 'Soon.' : `Order ${row} left our house on day ${row % 28}; ${'it is on its way. '.repeat(5)}`,
  }));
  await writeFile(file, rows.map((row) => JSON.stringify(row)).join('\n'));
  await engine.command('data', 'import', file, '--as', 'steps');
  await goTo(page, await engine.address(), '/data/steps/v1/filters');
  for (const step of ['Length', 'Refusals']) {
    await page.getByRole('button', { name: 'Add a step' }).press('Enter');
    await page.getByRole('menuitem', { name: step }).press('Enter');
  }
  await expect(page.getByText('40 of 60 rows are kept')).toBeVisible();
  await page.getByRole('button', { name: 'Move Refusals up' }).press('Enter');
  await expect(page.getByRole('listitem').filter({ hasText: 'Length' })).toContainText('20 dropped');
  await page.getByRole('button', { name: 'Make a version of it' }).press('Enter');
  await expect(page.getByRole('row').filter({ hasText: 'stepsv2' })).toContainText('40');

  await goTo(page, await engine.address(), '/data/steps/v1/study');
  await page.getByRole('button', { name: 'Study this version' }).press('Enter');
  await page.getByRole('button', { name: /See the rows: Answers under 20 characters/ }).press('Enter');
  await expect(page.getByRole('status').filter({ hasText: '20 rows' })).toBeVisible();

  await page.getByRole('tab', { name: 'Export' }).click();
  await page.getByLabel('Folder to make').fill(path.join(engine.folder, 'steps-csv'));
  await page.getByRole('radio', { name: 'CSV' }).check();
  await page.getByRole('button', { name: 'Write it' }).press('Enter');
  await expect(page.getByRole('heading', { name: /60 rows are in/ })).toBeVisible();
});
