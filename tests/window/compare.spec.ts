// Two models side by side: blind, voted on, edited, kept as data; and what a pane says that could not answer.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { keptRow } from '#contract/comparisons.ts';
import { startFakeCloud, type FakeCloud, type FakeCloudMode } from '../fixtures/fake-cloud.ts';
import { startFakeOllama } from './fake-ollama.ts';
import { expect, goTo, test, type Setting, type WindowEngine } from './fixtures.ts';

let cloud: FakeCloud;

const servers: Setting['begin'] = async (_, t) => {
  const ollama = await startFakeOllama('small:latest', () => 'Forty-two, says the small one.');
  t.after(() => ollama.close());
  cloud = await startFakeCloud({
    answer: (prompt) => (prompt.includes('HTML') ? hostile : 'It is **forty-two**, says the cloud.'),
  });
  t.after(() => cloud.close());
  return { OLLAMA_HOST: ollama.host };
};
test.use({ setting: [{ begin: servers }, { scope: 'worker' }] });

const hostile = '<img src=x onerror="document.title=\'taken\'"><script>document.title="taken"</script> Done.';

/** A provider as the settings save it. */
async function saveProvider(engine: WindowEngine, mode: FakeCloudMode): Promise<string> {
  const id = `fake-${mode}`;
  await engine.withClient((client) =>
    client.providers.save({
      ...{ id, name: `Cloud ${mode}`, format: 'openai-compatible', address: cloud.address('openai-compatible', mode) },
      ...{ models: ['fake-large'], needsKey: false, requestId: crypto.randomUUID() },
    }),
  );
  return id;
}

const small = 'ollama/small:latest';
const of = (provider: string): string => `cloud/${provider}/fake-large`;

/** The page where a comparison begins, with models chosen already, and a cost cap since prices of the fake are not known. */
async function begin(page: Page, address: string, models: readonly string[]): Promise<void> {
  await goTo(page, address, `/compare?models=${models.map(encodeURIComponent).join(',')}`);
  await expect(page.getByText(`${models.length} of 4 chosen`)).toBeVisible();
}

async function ask(page: Page, prompt: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Prompt' }).fill(prompt);
  const limit = page.getByRole('button', { name: 'Set a limit' });
  const go = page.getByRole('button', { name: /^Compare/ });
  await expect(limit.or(page.getByText(/Costs nothing|At most/)).first()).toBeVisible();
  if (await limit.isVisible()) {
    await limit.click();
    await page
      .getByRole('spinbutton', { name: /Stop before spending/ })
      .or(page.getByRole('textbox', { name: /Stop before spending/ }))
      .fill('1');
    await page.keyboard.press('Escape');
  }
  await expect(go).toBeEnabled();
  await go.click();
  await expect(page).toHaveURL(/#\/compare\/.+/);
}

test('blind: names come with the vote; an edited answer is kept as a row and as a pair, on disk in forge.row/1', async ({
  page,
  engine,
}) => {
  const address = await engine.address();
  await begin(page, address, [small, of(await saveProvider(engine, 'ok'))]);
  await ask(page, 'What is six times seven?');
  const first = page.getByRole('region', { name: /^Answer A/ });
  const second = page.getByRole('region', { name: /^Answer B/ });
  for (const pane of [first, second]) await expect(pane).toContainText('orty-two');
  await expect(page.getByText(/Cloud ok|small:latest/)).toHaveCount(0);
  await expect(page.getByRole('button', { name: /A is best/ })).toBeEnabled();

  await page.keyboard.press('1');
  await expect(first).toContainText('Best');
  await expect(first).toHaveAccessibleName(/small:latest|fake-large/);
  await page.keyboard.press('e');
  const editor = page.getByRole('textbox', { name: /The answer you wish for/ });
  await editor.fill('42 — “zweiundvierzig” 🙂');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('Your answer').first()).toBeVisible();
  await page.keyboard.press('k');
  const turn = page.getByRole('article', { name: 'Prompt 1' });
  await expect(turn.getByText('Kept as example')).toBeVisible();
  await page.keyboard.press('p');
  const against = page.getByRole('dialog', { name: 'Against which answer?' });
  const pair = turn.getByText('Kept as preference pair');
  await expect(pair.or(against).first()).toBeVisible();
  if (await against.isVisible()) await against.getByRole('button').filter({ hasText: 'B' }).first().click();
  await expect(pair).toBeVisible();

  const kept = path.join(engine.home, 'datasets', 'kept');
  const [row] = await rows(path.join(kept, 'examples.jsonl'));
  const [preference] = await rows(path.join(kept, 'preferences.jsonl'));
  expect(row?.messages).toEqual([
    { role: 'user', content: 'What is six times seven?' },
    { role: 'assistant', content: '42 — “zweiundvierzig” 🙂' },
  ]);
  expect(preference?.messages).toEqual(row?.messages);
  expect(preference?.rejected).toMatch(/orty-two/);

  await page.reload();
  await expect(pair).toBeVisible();
  await expect(page.getByText('42 — “zweiundvierzig” 🙂').first()).toBeVisible();
});

async function rows(file: string) {
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  return lines.map((line) => keptRow.parse(JSON.parse(line)));
}

test('a pane that fails says why and offers another try; the others answer', async ({ page, engine }) => {
  const modes = ['failing', 'cut-off', 'bad-key'] as const;
  const providers = [];
  for (const mode of modes) providers.push(await saveProvider(engine, mode));
  await begin(page, await engine.address(), [small, ...providers.map(of)]);
  await ask(page, 'Who answers?');
  await expect(page.getByText('Forty-two, says the small one.')).toBeVisible();
  await expect(page.getByRole('button', { name: /try again|ask again|retry/i })).toHaveCount(modes.length, {
    timeout: 30_000,
  });
  await expect(
    page
      .getByRole('alert')
      .or(page.getByRole('region', { name: /^Answer/ }))
      .filter({ hasText: /key/i })
      .first(),
  ).toBeVisible();
});

test('HTML in an answer is text and is never run, with formatting and without', async ({ page, engine, problems }) => {
  await begin(page, await engine.address(), [small, of(await saveProvider(engine, 'ok'))]);
  await ask(page, 'Answer with HTML.');
  await expect(page.getByText('onerror', { exact: false }).first()).toBeVisible();
  await page.getByRole('switch', { name: 'Plain text' }).click();
  await expect(page.getByText('<img src=x onerror', { exact: false }).first()).toBeVisible();
  await expect(page).not.toHaveTitle('taken');
  await expect(page.locator('main img')).toHaveCount(0);
  expect(problems).toEqual([]);
});

test('a prompt of 200,000 characters is asked and shown; one more is refused in words', async ({ page, engine }) => {
  test.setTimeout(90_000);
  await begin(page, await engine.address(), [small, of(await saveProvider(engine, 'ok'))]);
  const prompt = 'word and '.repeat(22_223).slice(0, 200_000);
  await page.getByRole('textbox', { name: 'Prompt' }).fill(`${prompt}x`);
  await expect(page.getByText('A prompt may have at most 200,000 characters').first()).toBeVisible();
  await ask(page, prompt);
  await expect(page.getByText('Forty-two, says the small one.')).toBeVisible();
  await expect(page.getByRole('button', { name: /Show all/ }).first()).toBeVisible();
});
