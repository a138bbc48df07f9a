// The very first start: the machine in plain words, Python and the base set up, stopped and gone on with, and each failure with its one way out.
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { writeFakeToolchain, type FakeToolchain, type ToolchainMode } from './fake-toolchain.ts';
import { expect, goTo, statusBar, test, type Setting } from './fixtures.ts';
import { tabTo } from './keyboard.ts';

let tools: FakeToolchain;

const withTools: Setting['begin'] = async (home) => {
  tools = writeFakeToolchain(path.join(path.dirname(home), 'programs'));
  // No base model comes from there.
  const nowhere = { HF_ENDPOINT: 'https://models.invalid' };
  return { ...nowhere, PATH: tools.searchPath, FORGE_NETWORK_OFFLINE: undefined };
};
test.use({ setting: [{ begin: withTools }, { scope: 'worker' }] });
test.skip(process.platform === 'win32', 'NOT PROVED HERE: the stand-ins for uv and Python are shell scripts');

const python = (page: Page): Locator => page.getByRole('listitem').filter({ hasText: 'Python for training' });
const base = (page: Page): Locator => page.getByRole('listitem').filter({ hasText: 'A base model' });

async function welcome(page: Page, address: string): Promise<void> {
  await goTo(page, address, '/welcome');
  await expect(page.getByText(/It can train \d+ base models|Its free memory is too small/)).toBeVisible();
}

/** Nothing of an earlier set-up is left. */
async function begin(page: Page, address: string, mode: ToolchainMode): Promise<void> {
  tools.mode(mode);
  await welcome(page, address);
  await python(page)
    .getByRole('button', { name: /^(Set up|Go on)$/ })
    .click();
}

test.beforeEach(async ({ engine }) => {
  await engine.address();
  await engine.withClient((client) => client.environments.remove({ profile: 'cpu', requestId: crypto.randomUUID() }));
});

test('a home in which nothing was made opens with the welcome, once; the machine is described without a path', async ({
  browser,
  engine,
}) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(await engine.address());
  await expect(page).toHaveURL(/#\/welcome$/);
  await expect(page.getByText(/\d+ cores?$/)).toBeVisible();
  await expect(page.getByText(/The sample takes about/)).toBeVisible();
  await expect(page.locator('main')).not.toContainText(engine.home);
  await page.getByRole('link', { name: /^Skip/ }).click();
  await page.reload();
  await expect(page).toHaveURL(/#\/$/);
  await context.close();
});

test('a set-up is stopped, outlives a reload, and goes on; nothing on the page moves when it begins', async ({
  page,
  engine,
}) => {
  tools.mode('slow');
  await welcome(page, await engine.address());
  const next = page.getByRole('button', { name: 'Try the sample' });
  const before = await next.boundingBox();
  await python(page).getByRole('button', { name: 'Set up' }).click();
  await expect(python(page)).toContainText('downloading torch (195.0 MiB)');
  expect((await next.boundingBox())?.y).toBe(before?.y);
  await python(page).getByRole('button', { name: 'Stop' }).click();
  await expect(python(page)).toContainText('stopped');
  await page.reload();
  await expect(python(page)).toContainText('stopped');
  tools.mode('ok');
  await python(page).getByRole('button', { name: 'Go on' }).click();
  await expect(python(page)).toContainText('ready');
  await expect(python(page)).toContainText(/\d+\s[kM]?B on disk/);
});

const failures = [
  { mode: 'no-network', says: /The connection broke while/, fix: 'Try again' },
  { mode: 'broken', says: /does not work: the import probe failed \(ImportError/, fix: 'Repair it' },
  { mode: 'no-uv', says: /cannot make a virtual environment/, fix: 'Try again' },
] as const;

for (const { mode, says, fix } of failures)
  test(`${mode}: what failed is said, and its one fix is a button that mends it`, async ({ page, engine }) => {
    await begin(page, await engine.address(), mode);
    await expect(python(page)).toContainText(says);
    await expect(python(page)).toContainText('did not work');
    tools.mode('ok');
    await python(page).getByRole('button', { name: fix }).click();
    await expect(python(page)).toContainText('ready');
  });

test('a full disk leads to what takes space there, and back the set-up is tried again', async ({ page, engine }) => {
  await begin(page, await engine.address(), 'disk-full');
  await expect(python(page)).toContainText('Not enough disk space');
  await python(page).getByRole('link', { name: 'See what takes space' }).click();
  await expect(page.getByText(/free of/).first()).toBeVisible();
  await page.goBack();
  tools.mode('ok');
  await page.getByRole('button', { name: 'Set up what is missing' }).click();
  await expect(python(page)).toContainText('ready');
});

test('switched to offline: the base model cannot be fetched, and the switch is one press away', async ({
  page,
  engine,
}) => {
  await engine.command('settings', 'set', 'network.offline', 'true');
  await welcome(page, await engine.address());
  await base(page).getByRole('button', { name: 'Set up' }).click();
  await base(page).getByRole('link', { name: 'Open the network settings' }).click();
  await page.getByRole('switch', { name: /offline/i }).click();
  await expect(page.getByRole('switch', { name: /offline/i })).not.toBeChecked();
  const settings = await engine.command<{ key: string; value: unknown }[]>('settings', 'list');
  expect(settings.find(({ key }) => key === 'network.offline')?.value).toBe(false);
});

test('an engine killed in the middle of a set-up: the next one goes on with it, by a press', async ({
  page,
  engine,
}) => {
  await begin(page, await engine.address(), 'slow');
  await expect(python(page)).toContainText('downloading torch');
  await engine.kill();
  await expect(python(page)).toContainText('The connection to the engine broke before it was done.');
  tools.mode('ok');
  await engine.address();
  await python(page).getByRole('button', { name: 'Try again' }).click();
  await expect(python(page)).toContainText('ready');
});

test('by keyboard alone: set up, stopped, gone on with, and to the sample', async ({ page, engine }) => {
  tools.mode('slow');
  await welcome(page, await engine.address());
  await tabTo(page, /button "Set up"/);
  await page.keyboard.press('Enter');
  await expect(python(page)).toContainText('downloading torch');
  await tabTo(page, /button "Stop"/);
  await page.keyboard.press('Enter');
  await expect(python(page)).toContainText('stopped');
  tools.mode('ok');
  await tabTo(page, /button "Go on"/);
  await page.keyboard.press('Enter');
  await expect(python(page)).toContainText('ready');
  await tabTo(page, /button "Try the sample"/);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/create\/.+\/data$/);
  await expect(statusBar(page)).toBeVisible();
});
