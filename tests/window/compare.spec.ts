// Two models side by side: blind, voted on, edited, kept as data; and what a pane says that could not answer.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { keptRow } from '#contract/comparisons.ts';
import { startFakeCloud, type FakeCloud } from '../fixtures/fake-cloud.ts';
import { ask, begin, of, saveProvider, small } from './comparing.ts';
import { startFakeOllama } from './fake-ollama.ts';
import { expect, test, type Setting } from './fixtures.ts';
import { tabTo } from './keyboard.ts';

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

test('blind: names come with the vote; an edited answer is kept as a row and as a pair, on disk in forge.row/1', async ({
  page,
  engine,
}) => {
  const address = await engine.address();
  await begin(page, address, [small, of(await saveProvider(engine, cloud, 'ok'))]);
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
  expect(row?.kind === 'sft' && row.messages).toEqual([
    { role: 'user', content: 'What is six times seven?' },
    { role: 'assistant', content: '42 — “zweiundvierzig” 🙂' },
  ]);
  if (preference?.kind !== 'preference') throw new Error('no pair was kept');
  expect([...preference.prompt, ...preference.chosen]).toEqual(row?.kind === 'sft' && row.messages);
  expect(preference.rejected[0]?.content).toMatch(/orty-two/);

  await page.reload();
  await expect(pair).toBeVisible();
  await expect(page.getByText('42 — “zweiundvierzig” 🙂').first()).toBeVisible();
});

async function rows(file: string) {
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  return lines.map((line) => keptRow.parse(JSON.parse(line)));
}

test('with the keyboard alone: asked, voted, edited, kept; a later edit changes what was kept, and undo brings it back', async ({
  page,
  engine,
}) => {
  await begin(page, await engine.address(), [small, of(await saveProvider(engine, cloud, 'ok'))]);
  await tabTo(page, /textbox "Prompt"/);
  await page.keyboard.type('How deep is the well?');
  const limit = page.getByRole('button', { name: 'Set a limit' });
  await expect(limit.or(page.getByText(/Costs nothing|At most/)).first()).toBeVisible();
  if (await limit.isVisible()) {
    await tabTo(page, /button "Set a limit/);
    await page.keyboard.press('Enter');
    await tabTo(page, /(spinbutton|textbox) "Stop before spending/);
    await page.keyboard.type('1');
    await page.keyboard.press('Escape');
  }
  await expect(page.getByRole('button', { name: /^Compare/ })).toBeEnabled();
  await tabTo(page, /button "Compare/);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/compare\/.+/);
  await expect(page.getByRole('button', { name: /A is best/ })).toBeEnabled();
  const turn = page.getByRole('article', { name: 'Prompt 1' });
  await page.keyboard.press('2');
  await expect(turn.getByText('Best', { exact: true })).toBeVisible();
  await page.keyboard.press('k');
  await expect(turn.getByText('Kept as example')).toBeVisible();
  const last = async (): Promise<unknown> => {
    const kept = await rows(path.join(engine.home, 'datasets', 'kept', 'examples.jsonl'));
    const mine = kept.flatMap((row) =>
      row.kind === 'sft' && row.messages[0]?.content === 'How deep is the well?' ? [row.messages] : [],
    );
    expect(mine).toHaveLength(1);
    return mine[0]?.at(-1)?.content;
  };
  expect(await last()).toMatch(/orty-two/);
  await page.keyboard.press('e');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Twelve metres.');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('What was kept of it now has this answer.')).toBeVisible();
  expect(await last()).toBe('Twelve metres.');
  await page.keyboard.press('Control+z');
  await expect.poll(last).toMatch(/orty-two/);
  await page.keyboard.press('d');
  await expect(page.locator('main ins, main del').first()).toBeVisible();
});

test('a whole set runs by itself, with points in a table that sorts, and can be opened row by row with the keyboard', async ({
  page,
  engine,
}) => {
  const file = path.join(engine.folder, 'set.jsonl');
  const prompts = ['zebra', 'apple', 'mango', 'plum'];
  const answers = ['Forty-two, says the small one.', 'no', 'no', 'Forty-two, says the small one.'];
  await writeFile(
    file,
    prompts.map((prompt, index) => JSON.stringify({ question: prompt, answer: answers[index] })).join('\n'),
  );
  await begin(page, await engine.address(), [small, of(await saveProvider(engine, cloud, 'slow'))]);
  await page.getByText('A file', { exact: true }).click();
  await page.getByRole('textbox', { name: 'Path' }).fill(file);
  await ask(page);
  const table = page.getByRole('grid').or(page.getByRole('table')).first();
  await expect(page.getByText(/of 4/).first()).toBeVisible();
  await expect(page.getByText(/All (4 )?(prompts )?are answered|4 of 4|finished|done/i).first()).toBeVisible({
    timeout: 30_000,
  });
  const shown = async (): Promise<readonly string[]> =>
    (await table.getByText(/^(zebra|apple|mango|plum)$/).allTextContents()).map((text) => text.trim());
  await expect.poll(shown).toEqual(prompts);
  await table.getByRole('button', { name: 'Prompt' }).click();
  await expect.poll(shown).toEqual(['apple', 'mango', 'plum', 'zebra']);
  await table.getByRole('button', { name: 'Prompt' }).click();
  await expect.poll(shown).toEqual(['zebra', 'plum', 'mango', 'apple']);
  await tabTo(page, /grid "/);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('article', { name: /^Prompt \d/ })).toBeVisible();
  await page.keyboard.press('b');
  await expect.poll(shown).toHaveLength(prompts.length);
});

test('a pane that fails says why and offers another try; the others answer', async ({ page, engine }) => {
  const modes = ['failing', 'cut-off', 'bad-key'] as const;
  const providers = [];
  for (const mode of modes) providers.push(await saveProvider(engine, cloud, mode));
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
  await begin(page, await engine.address(), [small, of(await saveProvider(engine, cloud, 'ok'))]);
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
  await begin(page, await engine.address(), [small, of(await saveProvider(engine, cloud, 'ok'))]);
  const prompt = 'word and '.repeat(22_223).slice(0, 200_000);
  await page.getByRole('textbox', { name: 'Prompt' }).fill(`${prompt}x`);
  await expect(page.getByText('A prompt may have at most 200,000 characters').first()).toBeVisible();
  await ask(page, prompt);
  await expect(page.getByText('Forty-two, says the small one.')).toBeVisible();
  await expect(page.getByRole('button', { name: /Show all/ }).first()).toBeVisible();
});
