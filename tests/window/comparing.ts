import type { Page } from '@playwright/test';
import type { FakeCloud, FakeCloudMode } from '../fixtures/fake-cloud.ts';
import { expect, goTo, type WindowEngine } from './fixtures.ts';

/** A provider as the settings save it. */
export async function saveProvider(engine: WindowEngine, cloud: FakeCloud, mode: FakeCloudMode): Promise<string> {
  const id = `fake-${mode}`;
  await engine.withClient((client) =>
    client.providers.save({
      ...{ id, name: `Cloud ${mode}`, format: 'openai-compatible', address: cloud.address('openai-compatible', mode) },
      ...{ models: ['fake-large'], needsKey: false, requestId: crypto.randomUUID() },
    }),
  );
  return id;
}

export const small = 'ollama/small:latest';
export const of = (provider: string): string => `cloud/${provider}/fake-large`;

/** The page where a comparison begins, with models chosen already, and a cost cap since prices of the fake are not known. */
export async function begin(page: Page, address: string, models: readonly string[]): Promise<void> {
  await goTo(page, address, `/compare?models=${models.map(encodeURIComponent).join(',')}`);
  await expect(page.getByText(`${models.length} of 4 chosen`)).toBeVisible();
}

/** Sends the prompt; without one, what was chosen before. */
export async function ask(page: Page, prompt?: string): Promise<void> {
  if (prompt !== undefined) await page.getByRole('textbox', { name: 'Prompt' }).fill(prompt);
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
