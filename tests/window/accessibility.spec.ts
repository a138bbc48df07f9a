// WCAG 2.2 AA by axe: every page and every state of the gallery, dark and light, menus and dialogs open.
import type { Page } from '@playwright/test';
import { writeReadyVersion } from '#engine/models/ready-version-fixture.ts';
import { violationsInBothThemes, violationsOf } from './axe.ts';
import { expect, goTo, test, type Setting } from './fixtures.ts';
import { pages } from './pages.ts';

const twoVersions: Setting['begin'] = async (home) => {
  for (const version of [1, 2]) await writeReadyVersion(home, 'support', version);
  return {};
};
// A trace of hundreds of looks costs more than the looks; what was found says where it is.
test.use({ setting: [{ begin: twoVersions }, { scope: 'worker' }], trace: 'off' });

const checkedPages = [...pages, '/server/log'];

/** Waits for the page's own heading and for what it reads at its start. */
async function settled(page: Page): Promise<void> {
  await expect(page.getByRole('heading').first()).toBeVisible();
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
  await page.evaluate('document.fonts.ready');
}

/** One entry looks as another does, only larger: the small one is looked at. */
const sameAgain: readonly string[] = ['kit/table-100000'];
/** What is open from the start covers the openers beneath. */
const opensByItself: readonly string[] = ['kit/dialog', 'kit/sheet'];

for (const theme of ['dark', 'light'] as const) {
  test(`every page has no violation in the ${theme} theme`, async ({ page, engine }) => {
    test.setTimeout(240_000);
    await page.emulateMedia({ colorScheme: theme });
    await page.goto(await engine.address());
    const found: string[] = [];
    for (const place of checkedPages) {
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
}

/** Every opener of a menu, a popover, a dialog or a list that can be pressed on the page now. */
const openers = ':is(button, input, a, [role="combobox"])[aria-haspopup]:not([aria-haspopup="false"]):enabled';
const opened = ':is([role="menu"], [role="dialog"], [role="alertdialog"], [role="listbox"])';

/** While a list is open all else is hidden from screen readers, though Tab goes there: the list closes as the focus leaves it. */
const hiddenBehindList = /: aria-hidden-focus: /;

/** Presses each opener of a kind that was not seen, and looks at what it opens in both themes. The page is as it was afterwards. */
async function violationsOfOpened(page: Page, where: string, seen: Set<string>): Promise<string[]> {
  const found: string[] = [];
  for (const [index, kind] of (await page.evaluate<(string | null)[]>(kindsOfOpeners)).entries()) {
    if (kind === null || seen.has(kind)) continue;
    seen.add(kind);
    await page.locator(openers).nth(index).click();
    const over = page.locator(opened).last();
    await expect(over, `${where}: ${kind} opens`).toBeVisible();
    const isList = (await page.locator('[role="listbox"]:visible').count()) > 0;
    const violations = await violationsInBothThemes(page, `${where}, open: ${kind}`);
    found.push(...violations.filter((one) => !(isList && hiddenBehindList.test(one))));
    await page.keyboard.press('Escape');
    await expect(over, `${where}: ${kind} closes with Escape`).toBeHidden();
  }
  return found;
}

/**
 * What each opener opens, by its name; null for one that cannot be pressed now. Explained words all open the same kind of box, and menus
 * whose names begin with the same word ("Actions for ...") are the same menu.
 */
const kindsOfOpeners = `[...document.querySelectorAll(${JSON.stringify(openers)})].map((opener) => {
  if (!opener.checkVisibility() || opener.getAttribute('aria-disabled') === 'true') return null;
  if (/_term_/.test(opener.className)) return 'an explained word';
  const label = opener.getAttribute('aria-label') ?? opener.labels?.[0]?.textContent
    ?? document.getElementById(opener.getAttribute('aria-labelledby') ?? '')?.textContent ?? opener.textContent;
  const opens = opener.getAttribute('aria-haspopup');
  return opens + ' ' + (opens === 'listbox' ? label : label.trim().split(/\\s/)[0]);
})`;

test('menus, popovers, dialogs and lists have no violation where they open, in both themes', async ({
  page,
  engine,
}) => {
  test.setTimeout(240_000);
  await page.goto(await engine.address());
  const found: string[] = [];
  const seen = new Set<string>();
  for (const place of checkedPages) {
    await page.evaluate(`location.hash = ${JSON.stringify(`#${place}`)}`);
    await page.reload();
    await settled(page);
    found.push(...(await violationsOfOpened(page, place, seen)));
  }
  expect(seen.size).toBeGreaterThan(4);
  expect(found).toEqual([]);
});

test('every state in the gallery, and what opens there, has no violation in either theme', async ({ page, engine }) => {
  test.setTimeout(300_000);
  await goTo(page, await engine.address(), '/gallery');
  const entries = page.locator('main li code');
  await expect(entries.first()).toBeVisible();
  const ids = (await entries.allTextContents()).filter((id) => !sameAgain.includes(id));
  expect(ids.length).toBeGreaterThan(30);
  const found: string[] = [];
  const seen = new Set<string>();
  for (const id of ids) {
    await page.evaluate(`location.hash = ${JSON.stringify(`#/gallery/${encodeURIComponent(id)}?theme=dark`)}`);
    await page.locator(`[data-gallery="${id}"]`).waitFor();
    found.push(...(await violationsInBothThemes(page, id)));
    if (!opensByItself.includes(id)) found.push(...(await violationsOfOpened(page, id, seen)));
  }
  expect(found).toEqual([]);
});
