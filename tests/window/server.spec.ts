// The server of models: the window, a second window and the command line change it, and all of them see the same.
import { createServer, type AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import type { ServingView } from '#contract/serving-state.ts';
import { writeReadyVersion } from '#engine/models/ready-version-fixture.ts';
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
