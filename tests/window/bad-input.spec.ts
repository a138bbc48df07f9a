// What people bring to the wizard that is not what it reads, and lists that are longer than any screen.
import { mkdirSync, writeFileSync } from 'node:fs';
import { open, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { newBuild } from '#core/main-job/build.ts';
import { homeLayout } from '#engine/home-layout.ts';
import { expect, goTo, test, type Setting } from './fixtures.ts';

const runCount = 10_000;

const manyRuns: Setting['begin'] = async (home) => {
  const layout = homeLayout(home);
  const request = { export: true, deployToOllama: 'auto' } as const;
  for (let index = 0; index < runCount; index += 1) {
    const [name, version] = [`model-${index % 5_000}`, 1 + Math.floor(index / 5_000)];
    const build = newBuild({ id: `${name}-v${version}`, name, version, request, requestDigest: 'd', now: index });
    const directory = layout.modelVersion(name, version);
    mkdirSync(directory, { recursive: true });
    writeFileSync(path.join(directory, 'build.json'), JSON.stringify({ ...build, state: 'failed' }));
  }
  return {};
};
test.use({ setting: [{ begin: manyRuns }, { scope: 'worker' }] });

async function beginDraft(page: Page, address: string): Promise<void> {
  await goTo(page, address, '/create');
  await page.getByRole('button', { name: 'Start a new model' }).first().click();
  await expect(page.getByRole('heading', { name: 'What should it learn from?' })).toBeVisible();
}

async function typePlace(page: Page, place: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Or name its place' }).fill(place);
  await page.getByRole('button', { name: 'Take it' }).click();
}

/** The first row of the file, then enough others to learn from. */
const questions = (first: string): string =>
  [
    'question,answer',
    first,
    ...Array.from({ length: 40 }, (_, index) => `Where is parcel ${index}?,delivery ${index % 4}`),
  ].join('\n');

test('a file of another kind is refused before a byte is sent, with what to do; so is one of 5 GB', async ({
  page,
  engine,
}) => {
  await beginDraft(page, await engine.address());
  const sheet = path.join(engine.folder, 'rows.xlsx');
  await writeFile(sheet, 'PK');
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'PUT') sent.push(request.url());
  });
  await page.locator('input[type="file"]').setInputFiles(sheet);
  await expect(page.getByText(/rows\.xlsx is a spreadsheet/)).toBeVisible();
  await expect(page.getByText(/save the sheet as CSV/)).toBeVisible();

  const large = path.join(engine.folder, 'large.jsonl');
  const file = await open(large, 'w');
  await file.truncate(5_000_000_000);
  await file.close();
  await page.locator('input[type="file"]').setInputFiles(large);
  await expect(page.getByText(/large\.jsonl has .* Nothing was sent\./)).toBeVisible();
  await expect(page.getByText(/Give its path below/)).toBeVisible();
  expect(sent).toEqual([]);
  await rm(large);
});

test('a file with any name and HTML in its rows is handed over and shown as the text it is', async ({
  page,
  engine,
}) => {
  await beginDraft(page, await engine.address());
  const name = 'Ünïcødé 数据 🙂 “x”.csv';
  const file = path.join(engine.folder, name);
  await writeFile(file, questions(`"<img src=x onerror=""document.title='taken'""><b>bold</b>",html`));
  await page.locator('input[type="file"]').setInputFiles(file);
  await expect(page.getByText('<b>bold</b>', { exact: false }).first()).toBeVisible();
  await expect(page.getByText(name).first()).toBeVisible();
  await expect(page.locator('main img, main b')).toHaveCount(0);
  await expect(page).not.toHaveTitle('taken');
});

test('a file that is no text, and a place that is none, say so where they were given', async ({ page, engine }) => {
  await beginDraft(page, await engine.address());
  await typePlace(page, 'rows.csv');
  await expect(page.getByText('Give the whole path', { exact: false })).toBeVisible();
  await typePlace(page, 'https://example.com/rows.csv');
  await expect(page.getByText('Forge does not read web pages.', { exact: false })).toBeVisible();
  const noise = path.join(engine.folder, 'noise.csv');
  await writeFile(noise, Buffer.from(Array.from({ length: 4_096 }, (_, index) => (index * 7_919 + 13) % 256)));
  await typePlace(page, noise);
  await expect(page.getByText(/^dataset\.[a-z-]+$/)).toBeVisible();
  await expect(page.getByRole('button', { name: /^Continue with these data/ })).not.toBeEnabled();
});

test('a file deleted while it was being mapped is told, and the decisions about it are kept', async ({
  page,
  engine,
}) => {
  await beginDraft(page, await engine.address());
  const file = path.join(engine.folder, 'soon gone.csv');
  await writeFile(file, questions('Is it waterproof?,product'));
  await typePlace(page, file);
  await expect(page.getByText('Is it waterproof?').first()).toBeVisible();
  await expect(page.getByText('Kept', { exact: true })).toBeVisible();
  await rm(file);
  await page.reload();
  await expect(page.getByText('The file may have been moved or deleted since.', { exact: false })).toBeVisible();
  await writeFile(file, questions('Is it waterproof?,product'));
  await page
    .getByRole('button', { name: /Read it again|Try again/ })
    .first()
    .click();
  await expect(page.getByText('Is it waterproof?').first()).toBeVisible();
});
