// From a person's own CSV to a served model through the wizard, with the keyboard alone: the real engine, the real training, SmolLM2.
// The home lies in the test cache: Python and the prepared base outlive a run, so only the training is paid for.
import { copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import type { ModelVersion } from '#contract/models.ts';
import type { ServingView } from '#contract/serving-state.ts';
import { testCache } from '../fixtures/base-gguf.ts';
import { expect, goTo, test, type Setting, type WindowEngine } from './fixtures.ts';
import { tabTo } from './keyboard.ts';

const home = path.join(process.env['FORGE_TEST_CACHE'] ?? testCache, 'window-home');
const kept: readonly string[] = ['envs', 'tools', 'base-models', 'cache'];
/** Three minutes on two quiet cores; as long as the other end-to-end tests may take on busy ones. */
const trainingMs = 25 * 60_000;

/** Python is set up with the settings of this machine for its packages. */
const ownPackages = Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(UV|PIP)_/.test(name)));

const cleared: Setting['begin'] = async () => {
  await mkdir(home, { recursive: true });
  for (const name of await readdir(home))
    if (!kept.includes(name)) await rm(path.join(home, name), { recursive: true });
  return { ...ownPackages, FORGE_NETWORK_OFFLINE: undefined };
};
test.use({ setting: [{ home, begin: cleared }, { scope: 'worker' }] });

/** kill -9 under the open page, and the next engine: the page says so, and finds its way back by itself. */
async function loseEngine(page: Page, engine: WindowEngine): Promise<void> {
  const lost = page.getByText('The engine does not answer.');
  await engine.kill();
  await expect(lost).toBeVisible();
  await engine.address();
  await expect(lost).toBeHidden({ timeout: 30_000 });
}

test('three decisions and Enter lead from a CSV to a model that answers, its gain measured; neither a reload nor an engine killed at each step loses anything', async ({
  page,
  engine,
}) => {
  test.setTimeout(trainingMs + 120_000);
  const file = path.join(engine.folder, 'läden & mails.csv');
  await copyFile(path.join(import.meta.dirname, '..', 'fixtures', 'own-datasets', 'shop-mails.csv'), file);
  await goTo(page, await engine.address(), '/create');
  await tabTo(page, /button "Start a new model"/);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/create\/[^/]+\/data$/);

  await tabTo(page, /textbox "Or name its place"/);
  await page.keyboard.type(file);
  await page.keyboard.press('Enter');
  await expect(page.getByText('The kettle arrived cracked').first()).toBeVisible();
  await expect(page.getByText('35 rows').first()).toBeVisible();
  await tabTo(page, /button "Continue with these data/);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/base$/);

  await tabTo(page, /button "Continue with SmolLM2/);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/plan$/);

  await tabTo(page, /textbox "Name"/);
  await page.keyboard.press('Control+a');
  await page.keyboard.type('shop');
  await tabTo(page, /button "Train/);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/train$/, { timeout: 30_000 });
  await expect(page.getByText('Look at the machine')).toBeVisible();

  await page.reload();
  await expect(page.getByText('Look at the machine')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Stop and keep the best' })).toBeVisible({ timeout: trainingMs });
  await loseEngine(page, engine);
  // The training itself lived on; that a chain which was cut off goes on is the person's word.
  await tabTo(page, /button "Go on from there/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Trained and measured' })).toBeVisible({ timeout: trainingMs });
  await tabTo(page, /button "See the result/);
  await page.keyboard.press('Enter');

  await expect(page.getByRole('heading', { name: /points|difference/i }).first()).toBeVisible();
  await expect(page.getByText('Answers side by side')).toBeVisible();
  await expect(page.getByText('10 of 20')).toBeVisible();
  await loseEngine(page, engine);
  await expect(page.getByText('10 of 20')).toBeVisible();
  await tabTo(page, /button "Serve this version/);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/serve$/);
  await loseEngine(page, engine);
  await expect(page).toHaveURL(/\/serve$/);
  const served = page.getByText('shop:v1 is being served.');
  await expect(served.or(page.getByText('Not served at the moment.'))).toBeVisible();
  if (!(await served.isVisible())) {
    await tabTo(page, /button "Serve this version/);
    await page.keyboard.press('Enter');
  }
  await expect(served).toBeVisible({ timeout: 60_000 });

  const [model] = await engine.command<ModelVersion[]>('models', 'list');
  expect(model).toMatchObject({ name: 'shop', version: 1, state: 'ready' });
  const { url } = await engine.command<ServingView>('server', 'status');
  const answer = await fetch(`${url}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'shop', messages: [{ role: 'user', content: 'My parcel never came.' }] }),
  });
  expect(answer.status).toBe(200);
  expect(JSON.stringify(await answer.json())).toContain('content');
});
