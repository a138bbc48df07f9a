// Scripts over a version against the real engine, in the first sandbox that holds here: written, seen as a difference, tried, run, failed, stopped, and as a step among filters.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import type { DatasetVersion } from '#contract/dataset-versions.ts';
import type { SandboxReport } from '#contract/scripts.ts';
import { expect, goTo, test, type WindowEngine, type Setting } from './fixtures.ts';

// A home of its own: names of datasets are those of this file.
const ownHome: Setting['begin'] = async () => ({});
test.use({ setting: [{ begin: ownHome }, { scope: 'worker' }] });

/** Python may come up in the page four times. */
test.beforeEach(() => test.setTimeout(180_000));

const shout = `def transform(row):
    answer = row["messages"][-1]
    if answer["content"].endswith("0"):
        return None
    if answer["content"].endswith("7"):
        return [row, {**row, "messages": [row["messages"][0], {"role": "assistant", "content": "once more"}]}]
    answer["content"] = answer["content"].upper()
    return row
`;

async function importRows(engine: WindowEngine, name: string, count = 230): Promise<void> {
  const file = path.join(engine.folder, `${name}.jsonl`);
  const lines = Array.from({ length: count }, (_, row) =>
    JSON.stringify({ prompt: `Where is parcel ${row}?`, completion: `It left on day ${row}` }),
  );
  await writeFile(file, lines.join('\n'));
  await engine.command('data', 'import', file, '--as', name);
}

const editor = (page: Page) => page.getByRole('textbox', { name: 'The script, in Python' });
const tryButton = (page: Page) => page.getByRole('button', { name: /^Try it/ });
const results = (page: Page) => page.getByRole('heading', { name: /^What it does to the first/ });

async function openScript(page: Page, engine: WindowEngine, name: string): Promise<void> {
  await goTo(page, await engine.address(), `/data/${name}/v1/script`);
  await expect(page.locator('.monaco-editor .view-line').first()).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('Runs in')).toBeVisible({ timeout: 60_000 });
}

/** Pasted: what is typed is indented by the editor. */
async function write(page: Page, source: string): Promise<void> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(source)})`);
  await editor(page).focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+v');
}

test('a script is written, seen as a difference, tried with before and after, and run into a version, by keys alone', async ({
  page,
  engine,
}) => {
  await importRows(engine, 'parcels');
  await openScript(page, engine, 'parcels');
  const [used] = (await engine.command<SandboxReport[]>('data', 'sandboxes')).filter(({ isFit }) => isFit);
  await expect(page.getByText(`Runs in: ${used?.label}`)).toBeVisible();
  await expect(page.getByText('No script of this name was kept before')).toBeVisible();
  await write(page, shout);
  await tryButton(page).press('Enter');
  await expect(results(page)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('Two runs gave the same')).toBeVisible();
  await expect(page.getByText('Changed 160')).toBeVisible();
  await expect(page.locator('article').first().locator('ins').first()).toHaveText('IT');
  await page.getByRole('radio', { name: 'Left out 20' }).press('Space');
  await expect(page.locator('article').first()).toContainText('left out');
  await page.getByRole('radio', { name: 'Several 20' }).press('Space');
  await expect(page.locator('article').first()).toContainText('2 rows of it');

  await page.getByRole('link', { name: 'All data' }).press('Enter');
  await page.goBack();
  await expect(results(page)).toBeVisible();
  await expect(page.locator('.monaco-editor')).toContainText('once more', { timeout: 30_000 });
  await page.getByRole('button', { name: 'Run it over all 230 rows' }).press('Enter');
  await expect(page.getByText(/parcels:v2 is made: 230 rows/)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('This is the script that was kept last under this name.')).toBeVisible();
  await write(page, shout.replace('upper', 'lower'));
  await expect(page.getByRole('region', { name: 'What is different' })).toContainText('answer["content"].lower()');
  await expect(page.getByText('Of the script before you changed it.')).toBeVisible();

  await page.getByRole('link', { name: 'Open parcels:v2' }).press('Enter');
  await expect(page.getByRole('heading', { name: 'parcels:v2' })).toBeVisible();
  await page.getByRole('tab', { name: 'Script' }).click();
  await expect(page.locator('.monaco-editor')).toContainText('.lower()', { timeout: 30_000 });
  await expect(results(page)).toHaveCount(0);
});

test('what goes wrong names its row, shows the traceback and is marked in the script', async ({ page, engine }) => {
  await importRows(engine, 'wrong');
  await openScript(page, engine, 'wrong');
  await write(page, 'def transform(row):\n    return row["messages"][int(row["messages"][0]["content"][-2])]\n');
  await tryButton(page).press('Enter');
  await expect(page.getByText(/The script clean failed at row 3: IndexError/)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('region', { name: 'Where it went wrong' })).toContainText('line 2, in transform');
  await expect(page.locator('.monaco-editor .squiggly-error')).toBeVisible();
  await write(page, 'def transform(row)\n    return row\n');
  await tryButton(page).press('Enter');
  await expect(page.getByText(/The script clean cannot be used: SyntaxError/)).toBeVisible({ timeout: 30_000 });
});

test('two runs that differ are refused, chance without a seed too', async ({ page, engine }) => {
  await importRows(engine, 'chance');
  await openScript(page, engine, 'chance');
  await page.getByRole('checkbox', { name: 'The clock' }).press('Space');
  const clock =
    'import time\ndef transform(row):\n    row["messages"][-1]["content"] = str(time.perf_counter_ns())\n    return row\n';
  await write(page, clock);
  await tryButton(page).press('Enter');
  await expect(page.getByText(/gave different results, first at row 1/)).toBeVisible({ timeout: 30_000 });
  await write(page, 'import random\ndef transform(row):\n    row["lang"] = random.choice("ab") * 2\n    return row\n');
  await tryButton(page).press('Enter');
  await expect(page.getByText(/failed at row 1: NotAllowedError: chance is not there/)).toBeVisible({
    timeout: 30_000,
  });
  await page.getByRole('checkbox', { name: 'Chance' }).press('Space');
  await tryButton(page).press('Enter');
  await expect(page.getByText('Two runs gave the same')).toBeVisible({ timeout: 30_000 });
});

test('a script that never ends is stopped by hand within a second, and by its limit', async ({ page, engine }) => {
  await importRows(engine, 'endless', 3);
  await openScript(page, engine, 'endless');
  await editor(page).focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('def transform(row):');
  await page.keyboard.press('Enter');
  await page.keyboard.type('while True: pass');
  await tryButton(page).press('Enter');
  await expect(page.getByText('Trying it twice on the first rows')).toBeVisible();
  await page.waitForTimeout(1_000);
  await page.getByRole('button', { name: 'Stop' }).press('Enter');
  await expect(page.getByText('Trying it twice on the first rows')).toHaveCount(0);
  await expect
    .poll(() => engine.withClient(async (client) => (await client.foundry.jobs())[0]?.state), { timeout: 5_000 })
    .toBe('cancelled');
  await tryButton(page).press('Enter');
  await expect(page.getByText(/The script clean was stopped at row 1/)).toBeVisible({ timeout: 30_000 });
});

test('a script is brought as a file, and stands as a step between filters until a version is made', async ({
  page,
  engine,
}) => {
  await importRows(engine, 'steps', 60);
  await openScript(page, engine, 'steps');
  const input = page.locator('input[type=file]');
  await input.setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('x') });
  await expect(page.getByText('notes.txt is no Python file.')).toBeVisible();
  await input.setInputFiles({ name: 'Shout It.py', mimeType: 'text/x-python', buffer: Buffer.from(shout) });
  await expect(page.getByLabel('Name of the script')).toHaveValue('shout-it');
  await page.getByRole('button', { name: 'Add it to the filters' }).press('Enter');
  await expect(page.getByText(/^shout-it\.py, [0-9a-f]{12}$/)).toBeVisible();
  await expect(page.getByText('54 kept')).toBeVisible({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Add a step' }).press('Enter');
  await page.getByRole('menuitem', { name: 'Equal rows', exact: true }).press('Enter');
  await page.getByLabel('Equal in').press('Enter');
  await page.getByRole('option', { name: 'the answer' }).press('Enter');
  await expect(page.getByText('55 kept')).toBeVisible({ timeout: 30_000 });
  await page.getByLabel('Under another name').fill('shouted');
  await page.getByRole('button', { name: 'Make a version of it' }).press('Enter');
  const made = async (): Promise<DatasetVersion | undefined> =>
    (await engine.command<DatasetVersion[]>('data', 'versions')).find(({ name }) => name === 'shouted');
  await expect.poll(() => made().then((version) => version?.rows), { timeout: 30_000 }).toBe(55);
  const version = await made();
  expect(version?.recipe.steps.map(({ kind }) => kind)).toEqual(['script', 'exact-duplicates']);
  expect([version?.seen, version?.rejected, version?.merged]).toEqual([66, 6, 5]);
});
