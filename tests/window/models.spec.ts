// The table of versions: remove with undo, export with its failures, and what is said of Ollama in each of its states.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { writeReadyVersion } from '#engine/models/ready-version-fixture.ts';
import { expect, goTo, test, type Setting } from './fixtures.ts';

/** What the Ollama of these tests says its version is; null: it does not answer. */
let ollamaVersion: string | null = null;

async function startOllama(): Promise<Server> {
  const server = createServer((request, response) => {
    if (ollamaVersion === null) return void response.destroy();
    const body = request.url === '/api/version' ? { version: ollamaVersion } : { models: [] };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

const versions: Setting['begin'] = async (home, { after }) => {
  for (const version of [1, 2, 3]) await writeReadyVersion(home, 'support', version);
  const server = await startOllama();
  after(async () => {
    server.closeAllConnections();
    server.close();
  });
  return { OLLAMA_HOST: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};
test.use({ setting: [{ begin: versions }, { scope: 'worker' }] });

const row = (page: Page, version: number) => page.getByRole('row').filter({ hasText: `supportv${version}` });
const inspector = (page: Page, version: number) => page.getByRole('complementary', { name: `support:v${version}` });

test('a version is removed by keys alone, comes back by undo, and is gone for good only after the notice', async ({
  page,
  engine,
}) => {
  const folder = path.join(engine.home, 'models', 'support', 'v1');
  await goTo(page, await engine.address(), '/models');
  await row(page, 1).click();
  const remove = async (): Promise<void> => {
    await inspector(page, 1).getByRole('button', { name: 'More' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Remove' }).focus();
    await page.keyboard.press('Enter');
    await expect(row(page, 1)).toHaveCount(0);
  };
  await remove();
  expect(existsSync(folder)).toBe(true);
  await page.keyboard.press('Control+z');
  await expect(row(page, 1)).toHaveCount(1);
  expect(existsSync(folder)).toBe(true);
  await row(page, 1).click();
  await remove();
  await page.getByRole('button', { name: 'Close' }).last().click();
  await expect.poll(() => existsSync(folder)).toBe(false);
  await expect(row(page, 1)).toHaveCount(0);
});

test('an export to a place that cannot be written says so, and another place is one press away', async ({
  page,
  engine,
}) => {
  await goTo(page, await engine.address(), '/models');
  await row(page, 2).click();
  await inspector(page, 2).getByRole('button', { name: 'Export', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Export support:v2' });
  await expect(dialog.getByRole('button', { name: 'Export', exact: true })).toHaveAttribute('aria-disabled', 'true');
  const place = path.join(engine.home, 'config.toml', 'x.gguf');
  await dialog.getByLabel('Where to').fill(place);
  await page.keyboard.press('Tab');
  await dialog.getByRole('button', { name: 'Export', exact: true }).press('Enter');
  await expect(inspector(page, 2).getByText('cannot be written')).toBeVisible();
  await inspector(page, 2).getByRole('button', { name: 'Choose another place' }).press('Enter');
  await expect(dialog.getByLabel('Where to')).toHaveValue(place);
});

test('Ollama absent, too old and there: the button says what it takes, and notices a change by itself', async ({
  page,
  engine,
}) => {
  ollamaVersion = null;
  await goTo(page, await engine.address(), '/models');
  await row(page, 3).click();
  const deploy = inspector(page, 3).getByRole('button', { name: 'Deploy to Ollama' });
  await expect(deploy).toHaveAttribute('aria-disabled', 'true');
  await expect(inspector(page, 3).getByText('Ollama does not answer').last()).toBeVisible();
  ollamaVersion = '0.3.0';
  await expect(inspector(page, 3).getByText('Ollama 0.3.0 is too old').last()).toBeVisible({ timeout: 15_000 });
  ollamaVersion = '0.17.4';
  await expect(deploy).not.toHaveAttribute('aria-disabled', 'true', { timeout: 15_000 });
});
