// The wizard up to the training: every way data come in, what it says of them, how few decisions it needs, and that nothing typed is ever lost.
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import type { MainJobDraft } from '#contract/drafts.ts';
import { createKeptRows } from '#engine/comparisons/kept-rows.ts';
import { homeLayout } from '#engine/home-layout.ts';
import { expect, goTo, test, type Setting, type WindowEngine } from './fixtures.ts';

const keptAnswers: Setting['begin'] = async (home) => {
  const rows = createKeptRows(path.join(homeLayout(home).datasets, 'kept'));
  for (let index = 0; index < 24; index += 1)
    await rows.keep('example', {
      ...{ id: `kept-${index}`, kind: 'sft', group: `kept-${index}`, training_eligible: true, flags: [] },
      source: { type: 'comparison', uri: 'c', line: 1, id: `c#${index}` },
      messages: [
        { role: 'user', content: `Which drawer holds part ${index}?` },
        { role: 'assistant', content: `drawer ${index % 4}` },
      ],
    });
  return {};
};
test.use({ setting: [{ begin: keptAnswers }, { scope: 'worker' }] });

const parcels = (count: number): string =>
  Array.from({ length: count }, (_, index) => `Where is parcel ${index}?,delivery ${index % 4}`).join('\n');

async function writeRows(engine: WindowEngine, name: string, text: string): Promise<string> {
  const file = path.join(engine.folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
}

async function beginDraft(page: Page, engine: WindowEngine): Promise<void> {
  await goTo(page, await engine.address(), '/create');
  await page.getByRole('button', { name: 'Start a new model' }).first().click();
  await expect(page.getByRole('heading', { name: 'What should it learn from?' })).toBeVisible();
}

async function typePlace(page: Page, place: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Or name its place' }).fill(place);
  await page.getByRole('button', { name: 'Take it' }).click();
}

/** As a file manager does it: the browser gets real paths and hands the page what it would hand over. */
async function dropOn(page: Page, at: { x: number; y: number }, files: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, ...at, data });
  await session.detach();
}

const goOn = (page: Page) => page.getByRole('button', { name: /^Continue with these data/ });

test('a file dropped anywhere and a folder dropped or chosen are handed over; of the folder what held no examples is told', async ({
  page,
  engine,
}) => {
  const file = await writeRows(engine, 'dropped.csv', `question,answer\n${parcels(30)}`);
  await writeRows(engine, 'mixed rows/one.csv', `question,answer\n${parcels(20)}`);
  await writeRows(engine, 'mixed rows/inner/two.jsonl', '{"question":"Is it torn?","answer":"yes"}\n{"torn');
  await writeRows(engine, 'mixed rows/readme.md', '# Rows');
  await goTo(page, await engine.address(), '/create');
  await expect(page.getByRole('heading', { name: 'Create a model' })).toBeVisible();
  await dropOn(page, { x: 700, y: 700 }, [file]);
  await expect(page).toHaveURL(/#\/create\/.+\/data$/);
  await expect(page.getByText('30 rows').first()).toBeVisible();

  const folder = path.join(engine.folder, 'mixed rows');
  await page.getByRole('button', { name: 'Choose other data' }).click();
  await dropOn(page, { x: 600, y: 300 }, [folder]);
  await expect(page.getByText('21 rows of 2 files in mixed rows. Left out: 1 record of two.jsonl.')).toBeVisible();
  await expect(page.getByText('21 rows', { exact: true })).toBeVisible();

  await page.getByRole('button', { name: 'Choose other data' }).click();
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Choose a folder' }).click(),
  ]);
  await chooser.setFiles(folder);
  await expect(page.getByText('21 rows of 2 files in mixed rows.', { exact: false })).toBeVisible();
  await expect(goOn(page)).toBeEnabled();
});

test('answers kept while comparing are data to learn from', async ({ page, engine }) => {
  await beginDraft(page, engine);
  await page.getByRole('button', { name: /Kept answers/ }).click();
  await expect(page.getByText('Which drawer holds part 0?').first()).toBeVisible();
  await expect(goOn(page)).toBeEnabled();
});

test('a hub id is asked for by its name; without a network it says why, and what was chosen before stays', async ({
  page,
  engine,
}) => {
  await beginDraft(page, engine);
  await typePlace(page, 'hf:owner/rows');
  await expect(page.getByRole('alert').filter({ hasText: /offline/i })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Or name its place' })).toBeVisible();
});

test('what was put aside is shown with file, line and reason; the row is shown as the model sees it', async ({
  page,
  engine,
}) => {
  await beginDraft(page, engine);
  const text = `question,answer\n${parcels(30)}\n"too","many","fields"\n,nothing asked`;
  await typePlace(page, await writeRows(engine, 'some bad.csv', text));
  await page.getByText('2 records were put aside.').click();
  const aside = page.getByRole('list', { name: 'Put aside, and why' }).getByRole('listitem');
  await expect(aside).toHaveCount(2);
  await expect(aside.first()).toContainText('Line 32 of some bad.csv: it has 3 fields, the header has 2');
  await expect(aside.last()).toContainText('Line 33 of some bad.csv: the question is empty');
  await page.getByText('As the model sees it', { exact: true }).click();
  await expect(page.locator('main ins').first()).toContainText('delivery');
  await expect(page.getByText('<|im_start|>', { exact: false }).first()).toBeVisible();
});

test('columns nobody knows are mapped by hand, and remembered; one column alone says what is missing, and no figures of other data stand beside it', async ({
  page,
  engine,
}) => {
  await beginDraft(page, engine);
  const rows = parcels(30).replaceAll('\n', ',x\n');
  await typePlace(page, await writeRows(engine, 'odd.csv', `alpha,beta,gamma\n${rows},x`));
  await expect(page.getByText('Forge did not recognise the columns by their names.', { exact: false })).toBeVisible();
  for (const [place, column] of [
    ['Question', 'alpha'],
    ['Answer', 'beta'],
  ] as const) {
    await page.getByRole('combobox', { name: place, exact: true }).click();
    await page.getByRole('option', { name: column }).click();
  }
  await expect(page.getByText('Where is parcel 0?').first()).toBeVisible();
  await page.reload();
  await expect(page.getByText('Where is parcel 0?').first()).toBeVisible();
  const facts = page.getByRole('complementary', { name: 'What follows from it' });
  await expect(facts).toContainText('To learn from');

  await page.getByRole('button', { name: 'Choose other data' }).click();
  await typePlace(page, await writeRows(engine, 'single.csv', `only\n${parcels(30).replaceAll(',', ' ')}`));
  await expect(page.getByText('single.csv has only one column.', { exact: false })).toBeVisible();
  await expect(facts).not.toContainText('To learn from');
  await expect(goOn(page)).not.toBeEnabled();
});

test('three decisions: with the defaults taken, four presses lead from the data to the training', async ({
  page,
  engine,
}) => {
  await beginDraft(page, engine);
  await page.evaluate(
    `window.presses = 0; addEventListener('click', ({ detail }) => { if (detail > 0) presses += 1; }, true)`,
  );
  await page.getByRole('button', { name: /Support tickets/ }).click();
  await goOn(page).click();
  await page.getByRole('button', { name: /^Continue with Smol/ }).click();
  await expect(page.locator('button[type="submit"]', { hasText: 'Train' })).toBeEnabled();
  await expect(page.getByRole('textbox', { name: 'Name' })).not.toHaveValue('');
  expect(await page.evaluate('presses')).toBe(3);
});

test('whatever step it was left at, also by an engine that was killed, it goes on there with all that was said; going back loses nothing', async ({
  page,
  engine,
}) => {
  test.setTimeout(120_000);
  const file = await writeRows(engine, 'kept safe.csv', `question,answer\n${parcels(40)}`);
  await beginDraft(page, engine);
  await typePlace(page, file);
  await expect(page.getByText('Where is parcel 0?').first()).toBeVisible();
  const comesBack = async (): Promise<void> => {
    await expect(page.getByText('Kept', { exact: true })).toBeVisible();
    const place = new URL(page.url()).hash;
    await engine.kill();
    await goTo(page, await engine.address(), '/create');
    await page
      .getByRole('link', { name: /kept-safe|kept safe|shelf/ })
      .first()
      .click();
    await expect(page).toHaveURL(new RegExp(`${place}$`));
  };
  await comesBack();
  await goOn(page).click();
  await expect(page.getByRole('heading', { name: 'Which model should it start from?' })).toBeVisible();
  await page.getByRole('radio', { name: /SmolLM2 360M/ }).check();
  await comesBack();
  await expect(page.getByRole('radio', { name: /SmolLM2 360M/ })).toBeChecked();
  await page.getByRole('button', { name: /^Continue with SmolLM2 360M/ }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('shelf');
  await page.getByRole('button', { name: 'Advanced' }).click();
  await page
    .getByRole('spinbutton', { name: 'Rank' })
    .or(page.getByRole('textbox', { name: 'Rank' }))
    .fill('24');
  await page.keyboard.press('Tab');
  await comesBack();
  await expect(page.getByRole('textbox', { name: 'Name' })).toHaveValue('shelf');

  for (const step of [/base$/, /data$/]) {
    await page.getByRole('button', { name: 'Back', exact: true }).click();
    await expect(page).toHaveURL(step);
  }
  await expect(page.getByText('Where is parcel 0?').first()).toBeVisible();
  const [draft] = await engine.withClient((client) => client.drafts.list());
  expect(draft?.request).toMatchObject({
    name: 'shelf',
    dataset: file,
    settings: { rank: 24 },
  } satisfies MainJobDraft['request']);
});

test('a file that goes away and comes back keeps what was decided about it', async ({ page, engine }) => {
  const file = await writeRows(engine, 'moving.csv', `question,answer\n${parcels(30)}`);
  await beginDraft(page, engine);
  await typePlace(page, file);
  await expect(page.getByText('Where is parcel 0?').first()).toBeVisible();
  await expect(page.getByText('Kept', { exact: true })).toBeVisible();
  await rename(file, `${file}.away`);
  await page.reload();
  await expect(page.getByText('Your decisions about it are kept.', { exact: false })).toBeVisible();
  await rename(`${file}.away`, file);
  await page.getByRole('button', { name: 'Read it again' }).click();
  await expect(page.getByText('Where is parcel 0?').first()).toBeVisible();
});

test('form and YAML are one plan: each follows the other, keys and values are offered, and what is wrong is said at its place', async ({
  page,
  engine,
}) => {
  await beginDraft(page, engine);
  await typePlace(page, await writeRows(engine, 'plan.csv', `question,answer\n${parcels(40)}`));
  await goOn(page).click();
  await page.getByRole('button', { name: /^Continue with Smol/ }).click();
  await page.getByRole('button', { name: 'Advanced' }).click();
  const rank = page.getByRole('textbox', { name: 'Rank' }).or(page.getByRole('spinbutton', { name: 'Rank' }));
  await rank.fill('24');
  await page.keyboard.press('Tab');
  await page.getByRole('tab', { name: 'YAML' }).click();
  const lines = page.locator('.monaco-editor .view-lines');
  await expect(lines).toContainText('24', { timeout: 20_000 });
  await page.locator('.monaco-editor').first().click();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('name: from-text\nsettings:\n  ra');
  await page.keyboard.press('Control+Space');
  await expect(page.locator('.suggest-widget')).toContainText('rank');
  await page.keyboard.press('Enter');
  await page.keyboard.type('900');
  const problems = page.getByRole('tabpanel', { name: 'YAML' }).getByRole('alert');
  await expect(problems).toContainText('settings.rank');
  for (let index = 0; index < 3; index += 1) await page.keyboard.press('Backspace');
  await page.keyboard.type('8');
  await expect(problems).toHaveCount(0);
  await expect(page.getByRole('textbox', { name: 'Name' })).toHaveValue('from-text');
  await page.getByRole('tab', { name: 'Form' }).click();
  await expect(rank).toHaveValue('8');
});
