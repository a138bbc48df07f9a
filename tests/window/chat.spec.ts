// A chat with a version, with a real model behind it, and what happens when the model goes away in the middle.
import { rm, symlink } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { writeReadyVersion } from '#engine/models/ready-version-fixture.ts';
import { baseGguf } from '../fixtures/base-gguf.ts';
import { expect, goTo, test, type Setting, type WindowEngine } from './fixtures.ts';

/** Two versions, both the real base model: what they have learned is of no interest here. */
const twoRealVersions: Setting['begin'] = async (home) => {
  const model = await baseGguf();
  for (const version of [1, 2]) {
    const file = await writeReadyVersion(home, 'support', version);
    await rm(file);
    await symlink(model, file);
  }
  return {};
};
test.use({ setting: [{ begin: twoRealVersions }, { scope: 'worker' }] });

// Real answers on a machine that does other things as well.
test.setTimeout(180_000);

const longQuestion = 'Write a long story about a lighthouse, a ship and a storm.';
const answers = (page: Page) => page.locator('main ol > li:nth-child(even)');
/** The answer's own words, without who wrote it and what stands below. */
const words = async (page: Page): Promise<string> => ((await answers(page).last().textContent()) ?? '').trim();

async function ask(page: Page, question: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Message' }).fill(question);
  await page.keyboard.press('Enter');
}

/** The longest answer, so that its end is near on a busy machine too. */
async function atMost(page: Page, tokens: number): Promise<void> {
  await page.getByRole('main').getByRole('button', { name: 'Settings' }).click();
  const longest = page.getByLabel('Longest answer');
  await longest.fill(String(tokens), { timeout: 10_000 });
  await page.keyboard.press('Tab');
  await page.keyboard.press('Escape');
  await expect(longest).toHaveCount(0);
}

async function writesAWhile(page: Page): Promise<string> {
  await expect(answers(page).last()).toContainText(/\w+ \w+ \w+ \w+ \w+/, { timeout: 60_000 });
  return words(page);
}

async function modelProcess(engine: WindowEngine): Promise<number> {
  const { servers } = await engine.withClient((client) => client.serving.status());
  const pid = servers.find(({ processId }) => processId !== null)?.processId;
  if (pid == null) throw new Error('no model is in memory');
  return pid;
}

test('a model whose process ends in the middle: the words stay, it is said, and one press goes on behind them', async ({
  page,
  engine,
}) => {
  await goTo(page, await engine.address(), '/models/support/v1/chat');
  await expect(page.getByText('Loads into memory with the first message.')).toBeVisible();
  await atMost(page, 150);
  await engine.command('server', 'load', 'support:v1');
  const pid = await modelProcess(engine);
  await ask(page, longQuestion);
  const written = await writesAWhile(page);
  process.kill(pid, 'SIGKILL');
  await expect(page.getByText('The model left memory before the answer was whole.')).toBeVisible();
  expect(await words(page)).toContain(written.slice(0, 40));
  await page.getByRole('button', { name: 'Load again and go on' }).click();
  await expect(page.getByText('The model left memory before the answer was whole.')).toHaveCount(0);
  // Never emptied: what stands there begins with what stood there.
  expect(await words(page)).toContain(written.slice(0, 40));
  await expect(page.getByText('tokens/s')).toBeVisible({ timeout: 60_000 });
  const whole = await words(page);
  expect(whole).toContain(written.slice(0, 40));
  expect(whole.length).toBeGreaterThan(written.length);
});

test('a server that stops and another version that is loaded wait for the answer, and the chat goes on after both', async ({
  page,
  engine,
}) => {
  await goTo(page, await engine.address(), '/models/support/v1/chat');
  await engine.command('server', 'start');
  await atMost(page, 60);
  await ask(page, longQuestion);
  await writesAWhile(page);
  const loadingOther = engine.command('server', 'load', 'support:v2');
  await engine.command('server', 'stop');
  await expect(page.getByText('tokens/s')).toBeVisible({ timeout: 60_000 });
  await loadingOther;
  await expect(page.getByText('Not in memory; the next message loads it again.')).toBeVisible();
  await ask(page, 'Say yes.');
  await expect(page.getByText('tokens/s')).toHaveCount(2, { timeout: 60_000 });
  await expect(page.getByText('In memory, ready to answer.')).toBeVisible();
});

test('a version that is removed while it answers: the answer ends, and then the chat says why nothing more can be asked', async ({
  page,
  engine,
}) => {
  await goTo(page, await engine.address(), '/models/support/v2/chat');
  await atMost(page, 60);
  await ask(page, longQuestion);
  const written = await writesAWhile(page);
  await engine.command('models', 'remove', 'support:v2', '--yes');
  await expect(
    page.getByText('This version cannot be asked: it was removed, or has no finished file.').first(),
  ).toBeVisible();
  await expect(page.getByText('tokens/s')).toBeVisible({ timeout: 60_000 });
  expect(await words(page)).toContain(written.slice(0, 40));
  await page.getByRole('textbox', { name: 'Message' }).fill('And now?');
  await expect(page.getByRole('button', { name: 'Send' })).toHaveAttribute('aria-disabled', 'true');
  // Its memory is given back, though nobody can name it any more.
  await expect
    .poll(async () =>
      (await engine.withClient((client) => client.serving.status())).servers.every(({ model }) => model === null),
    )
    .toBe(true);
});
