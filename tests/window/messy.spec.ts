// Five piles as people bring them, each by the window alone from the file to the plan of a training: a spreadsheet in Latin-1, a chat export, nested JSON,
// Parquet, a folder of documents. That such plans end in a model is proved by `tests/end-to-end/messy-files.test.ts`, with the same files.
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { goodRecords, writeMessyFiles, type MessyFiles } from '../fixtures/messy-files.ts';
import { expect, goTo, test, type Setting } from './fixtures.ts';

// A home of its own: names of datasets are those of this file.
const ownHome: Setting['begin'] = async () => ({});
test.use({ setting: [{ begin: ownHome }, { scope: 'worker' }] });

let files: MessyFiles;
test.beforeAll(async ({ engine }) => {
  files = await writeMessyFiles(path.join(engine.folder, 'Durcheinander'));
});

const heading = (page: Page, name: string | RegExp): Locator => page.getByRole('heading', { name });

/** Data, by its path. */
async function bring(page: Page, address: string, place: string): Promise<void> {
  await goTo(page, address, '/data/import');
  await page.getByLabel('Or where they are').fill(place);
  await page.keyboard.press('Enter');
}

/** A key on a button that is not ready would be lost. */
async function pressWhenReady(button: Locator): Promise<void> {
  await expect(button).toBeEnabled({ timeout: 30_000 });
  await button.press('Enter');
}

/** From an import that is done to the plan, as a person goes on. */
async function planOn(page: Page, id: string): Promise<void> {
  await page.getByRole('link', { name: 'Train on it' }).press('Enter');
  await expect(page).toHaveURL(/#\/create\/[^/]+\/data$/);
  await expect(page.getByText(id, { exact: true }).first()).toBeVisible();
  await pressWhenReady(page.getByRole('button', { name: 'Continue with these data' }));
  await pressWhenReady(page.getByRole('button', { name: /^Continue with SmolLM2/ }));
  await expect(page).toHaveURL(/\/plan$/);
  await expect(page.locator('button[type="submit"]', { hasText: 'Train' })).toBeEnabled({ timeout: 30_000 });
}

test('a spreadsheet in Latin-1: its columns are found by what is in them, three broken rows are told', async ({
  page,
  engine,
}) => {
  await bring(page, await engine.address(), files.spreadsheet);
  await expect(page.getByLabel('Encoding')).toHaveText(/windows-1252/);
  await expect(page.getByLabel('Question', { exact: true })).toHaveText(/Kundenanfrage/);
  await expect(page.getByLabel('Answer', { exact: true })).toHaveText(/Antwort des Teams/);
  await page.getByRole('button', { name: 'Import 63 records' }).press('Enter');
  await expect(heading(page, `${goodRecords.spreadsheet} rows are in kundenanfragen-marz:v1`)).toBeVisible();
  await expect(page.getByRole('button', { name: 'See the 3 put aside' })).toBeVisible();
  await planOn(page, 'kundenanfragen-marz:v1');
});

test('a chat export: a conversation in the wrong order is put aside, one that calls a tool is told', async ({
  page,
  engine,
}) => {
  await bring(page, await engine.address(), files.chats);
  await page.getByRole('button', { name: 'Import 50 records' }).press('Enter');
  await expect(heading(page, `${goodRecords.chats + 1} rows are in chat-export:v1`)).toBeVisible();
  await planOn(page, 'chat-export:v1');
});

test('nested JSON: its parts are named, two of them become the question', async ({ page, engine }) => {
  await bring(page, await engine.address(), files.nested);
  const question = page.getByLabel('Question', { exact: true });
  await expect(question).toHaveText(/ticket\.body/);
  await question.press('Enter');
  await page.getByRole('option', { name: 'Several columns' }).press('Enter');
  await question.fill('{ticket.subject}: {ticket.body}');
  await page.keyboard.press('Tab');
  await expect(page.getByText(/^\w[\w ]* order 900: The /).first()).toBeVisible();
  await page.getByRole('button', { name: `Import ${goodRecords.nested} records` }).press('Enter');
  await expect(heading(page, `${goodRecords.nested} rows are in help-desk:v1`)).toBeVisible();
  await planOn(page, 'help-desk:v1');
});

test('Parquet, dropped on the wizard: it goes over an import and comes back', async ({ page, engine }) => {
  await goTo(page, await engine.address(), '/create');
  await page.getByRole('button', { name: 'Start a new model' }).first().press('Enter');
  await page.locator('input[type="file"]').first().setInputFiles(files.columns);
  await expect(page).toHaveURL(/#\/data\/import$/);
  await expect(page.getByLabel('Question', { exact: true })).toHaveText(/question\.body/);
  await expect(page.getByLabel('Answer', { exact: true })).toHaveText(/replies\.0\.text/);
  await page.getByRole('button', { name: `Import ${goodRecords.columns} records` }).press('Enter');
  await expect(heading(page, new RegExp(`^${goodRecords.columns} rows are in train-00000-of-00001`))).toBeVisible();
  await planOn(page, 'train-00000-of-00001:v1');
});

test('a folder of documents, named to the wizard: its passages are learned as they stand', async ({ page, engine }) => {
  await goTo(page, await engine.address(), '/create');
  await page.getByRole('button', { name: 'Start a new model' }).first().press('Enter');
  await page.getByRole('textbox', { name: 'Or name its place' }).fill(files.documents);
  await page.getByRole('button', { name: 'Take it' }).press('Enter');
  await page.getByRole('button', { name: 'Import it' }).press('Enter');
  await page.getByRole('button', { name: 'Read the documents' }).press('Enter');
  await expect(heading(page, /rows are in our-manuals:v1$/)).toBeVisible();
  await planOn(page, 'our-manuals:v1');
  await expect(page.getByText(/passages of text are learned as they stand/).first()).toBeVisible();
});
