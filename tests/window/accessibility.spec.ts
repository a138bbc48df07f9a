// WCAG 2.2 AA by axe: every page and every state of the gallery, dark and light, menus and dialogs open.
import type { Page } from '@playwright/test';
import { writeReadyVersion } from '#engine/models/ready-version-fixture.ts';
import { contrastViolationsOf, violationsOf } from './axe.ts';
import { expect, goTo, test, type Setting } from './fixtures.ts';

const twoVersions: Setting['begin'] = async (home) => {
  for (const version of [1, 2]) await writeReadyVersion(home, 'support', version);
  return {};
};
test.use({ setting: [{ begin: twoVersions }, { scope: 'worker' }] });

const settings = [
  'machine',
  'environments',
  'storage',
  'providers',
  'appearance',
  'general',
  'network',
  'licences',
  'about',
];
const pages = [
  ...[
    '/',
    '/welcome',
    '/create',
    '/runs',
    '/compare',
    '/models',
    '/models/support/1/chat',
    '/server',
    '/no/such/place',
  ],
  ...settings.map((section) => `/settings/${section}`),
];

/** Waits for the page's own heading and for what it reads at its start. */
async function settled(page: Page): Promise<void> {
  await expect(page.getByRole('heading').first()).toBeVisible();
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
  await page.evaluate('document.fonts.ready');
}

for (const theme of ['dark', 'light'] as const) {
  test(`every page has no violation in the ${theme} theme`, async ({ page, engine }) => {
    test.setTimeout(240_000);
    await page.emulateMedia({ colorScheme: theme });
    await page.goto(await engine.address());
    const found: string[] = [];
    for (const place of pages) {
      await page.evaluate(`location.hash = ${JSON.stringify(`#${place}`)}`);
      // From the beginning, so that no heading of the page before is taken for this one's.
      await page.reload();
      await settled(page);
      found.push(...(await violationsOf(page, place)));
    }
    expect(found).toEqual([]);
  });

  test(`the steps of the wizard have no violation in the ${theme} theme`, async ({ page, engine }) => {
    test.setTimeout(120_000);
    await page.emulateMedia({ colorScheme: theme });
    await goTo(page, await engine.address(), '/create');
    await page.getByRole('button', { name: 'Start a new model' }).click();
    const found = await violationsOf(page, 'data, empty');
    await page
      .getByRole('button', { name: /^The sample|sample/i })
      .first()
      .click();
    const goOn = page.getByRole('button', { name: /^Continue with these data/ });
    await expect(goOn).toBeEnabled();
    found.push(...(await violationsOf(page, 'data')));
    await goOn.click();
    const goOnWithBase = page.getByRole('button', { name: /^Continue with Smol/ });
    await expect(goOnWithBase).toBeEnabled();
    found.push(...(await violationsOf(page, 'base')));
    await goOnWithBase.click();
    await page.getByRole('button', { name: 'Advanced' }).click();
    await expect(page.getByRole('textbox', { name: 'Name' })).toBeVisible();
    found.push(...(await violationsOf(page, 'plan')));
    await page.getByText('YAML', { exact: true }).click();
    await expect(page.locator('.monaco-editor .view-line').first()).toBeVisible({ timeout: 20_000 });
    found.push(...(await violationsOf(page, 'plan as text')));
    expect(found).toEqual([]);
  });

  test(`the palette and what opens over a page have no violation in the ${theme} theme`, async ({ page, engine }) => {
    await page.emulateMedia({ colorScheme: theme });
    await goTo(page, await engine.address(), '/compare');
    await settled(page);
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('dialog', { name: 'Commands' })).toBeVisible();
    const found = await violationsOf(page, 'palette');
    await page.keyboard.press('Escape');
    await page
      .getByRole('button', { name: /^Settings/ })
      .or(page.getByRole('button', { name: /temperature/ }))
      .first()
      .click();
    found.push(...(await violationsOf(page, 'settings of a comparison')));
    expect(found).toEqual([]);
  });

  test(`every state in the gallery has no violation in the ${theme} theme`, async ({ page, engine }) => {
    test.setTimeout(480_000);
    await goTo(page, await engine.address(), '/gallery');
    const entries = page.locator('main li code');
    await expect(entries.first()).toBeVisible();
    const ids = await entries.allTextContents();
    expect(ids.length).toBeGreaterThan(30);
    const found: string[] = [];
    for (const id of ids) {
      await page.evaluate(`location.hash = ${JSON.stringify(`#/gallery/${encodeURIComponent(id)}?theme=${theme}`)}`);
      await expect(page.locator(`[data-gallery="${id}"]`)).toBeVisible();
      found.push(...(await (theme === 'dark' ? violationsOf : contrastViolationsOf)(page, id)));
    }
    expect(found).toEqual([]);
  });
}
