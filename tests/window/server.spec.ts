// The server of models: the window, a second window and the command line change it, and all of them see the same.
import { createServer, type AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import type { ServingView } from '#contract/serving-state.ts';
import { writeReadyVersion } from '#engine/models/ready-version-fixture.ts';
import { openFakeTray } from './fake-tray.ts';
import { expect, goTo, statusBar, test, type Setting } from './fixtures.ts';

const twoVersions: Setting['begin'] = async (home) => {
  for (const version of [1, 2]) await writeReadyVersion(home, 'support', version);
  return {};
};
test.use({ setting: [{ begin: twoVersions }, { scope: 'worker' }] });

async function byPalette(page: Page, command: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Commands' }).getByRole('combobox').fill(command);
  await page.keyboard.press('Enter');
}

const serverSwitch = (page: Page) => page.getByRole('switch', { name: 'Model server' });

test('started and stopped in a window, by the command line and in a second window, all agree each time', async ({
  page,
  context,
  engine,
}) => {
  const address = await engine.address();
  await goTo(page, address, '/server');
  const second = await context.newPage();
  await goTo(second, address, '/models');
  for (const each of [page, second]) await expect(statusBar(each)).toContainText('Server stopped');

  await serverSwitch(page).click();
  for (const each of [page, second]) await expect(statusBar(each)).toContainText('Serving');
  const served = await engine.command<ServingView>('server', 'status');
  expect(served).toMatchObject({ state: 'serving', running: true });
  await expect(page.getByText(served.url ?? '').first()).toBeVisible();
  await expect(serverSwitch(page)).toBeChecked();

  await engine.command('server', 'stop');
  for (const each of [page, second]) await expect(statusBar(each)).toContainText('Server stopped');
  await expect(serverSwitch(page)).not.toBeChecked();

  await byPalette(second, 'Start the server');
  await expect(serverSwitch(page)).toBeChecked();
  expect((await engine.command<ServingView>('server', 'status')).state).toBe('serving');

  await serverSwitch(page).click();
  for (const each of [page, second]) await expect(statusBar(each)).toContainText('Server stopped');
  expect((await engine.command<ServingView>('server', 'status')).running).toBe(false);
});

test('window, command line and tray stay in agreement whoever switches the server or the version', async ({
  page,
  engine,
}) => {
  await goTo(page, await engine.address(), '/server');
  await engine.withClient(async (client) => {
    const tray = openFakeTray(client);
    const agree = async (inWindow: string, inTray: string, state: ServingView['state']): Promise<void> => {
      await expect(statusBar(page)).toContainText(inWindow);
      await expect.poll(() => tray.title()).toContain(inTray);
      expect((await engine.command<ServingView>('server', 'status')).state).toBe(state);
    };
    await agree('Server stopped', 'server stopped', 'stopped');
    tray.press('Start server');
    await agree('Serving', 'serving', 'serving');
    await expect(serverSwitch(page)).toBeChecked();
    await engine.command('server', 'stop');
    await agree('Server stopped', 'server stopped', 'stopped');
    await serverSwitch(page).click();
    await agree('Serving', 'serving', 'serving');

    tray.press('Switch to', 'support:v2', 'v1');
    const chosen = page.getByRole('combobox', { name: 'Version that support gives' });
    await expect(chosen).toContainText('v1');
    await expect.poll(() => tray.title()).toContain('support:v1');
    await engine.command('server', 'switch', 'support', 'newest');
    await expect(chosen).toContainText('newest');
    await expect.poll(() => tray.title()).toContain('support:v2');

    tray.press('Stop server');
    await agree('Server stopped', 'server stopped', 'stopped');
    await expect(serverSwitch(page)).not.toBeChecked();
    expect(tray.failures).toEqual([]);
    await tray.close();
  });
});

test('the log is read, filtered and followed in the window, by keys alone', async ({ page, engine }) => {
  await goTo(page, await engine.address(), '/server');
  await page.getByRole('link', { name: 'Read the log' }).focus();
  await page.keyboard.press('Enter');
  const log = page.getByRole('grid', { name: 'Log' });
  await expect(log).toContainText('engine listens');
  await engine.command('server', 'start');
  await expect(log).toContainText('OpenAI-compatible server listens');
  await page.getByRole('searchbox', { name: 'Search in the lines' }).focus();
  await page.keyboard.type('openai-compatible');
  await expect(log.getByRole('row')).not.toHaveCount(0);
  await expect(log).not.toContainText('engine listens');
  await log.focus();
  await page.keyboard.press('ArrowDown');
  const details = page.getByRole('complementary', { name: 'Line' });
  await expect(details).toContainText('http://127.0.0.1:');
  await expect(page.getByRole('switch', { name: 'Follow' })).not.toBeChecked();
  await page.getByRole('searchbox', { name: 'Search in the lines' }).fill('');
  await page.getByRole('radio', { name: 'Errors' }).focus();
  await page.keyboard.press('Space');
  await expect(log.getByText('note', { exact: true })).toHaveCount(0);
  await engine.command('server', 'stop');
});

test('a port that another program holds is told with the way out as a button, which works', async ({
  page,
  engine,
}) => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  try {
    await goTo(page, await engine.address(), '/server');
    await page.getByRole('textbox', { name: 'Port' }).fill(String(port));
    await page.getByRole('button', { name: /port/i }).first().click();
    await expect(statusBar(page)).toContainText('Server failed');
    await page.getByRole('button', { name: /^Use port/ }).click();
    await expect(statusBar(page)).toContainText('Serving');
    const { state, port: taken } = await engine.command<ServingView>('server', 'status');
    expect(state).toBe('serving');
    expect(taken).not.toBe(port);
    await engine.command('server', 'stop');
  } finally {
    other.close();
  }
});
