// What surrounds every page: places and their addresses, the palette, language and appearance.
import { expect, goTo, statusBar, test } from './fixtures.ts';

const places = ['Home', 'Create', 'Runs', 'Data', 'Compare', 'Models', 'Server', 'Settings'];

test('every place opens by a click and by its keys, says where one is, and back and forward lead the same way', async ({
  page,
  engine,
}) => {
  await page.goto(await engine.address());
  const rail = page.getByRole('navigation', { name: 'Places' });
  for (const place of places) {
    await rail.getByRole('link', { name: place, exact: true }).click();
    await expect(rail.getByRole('link', { name: place, exact: true })).toHaveAttribute('aria-current', 'page');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.getByText('This page did not work')).toHaveCount(0);
  }
  await page.goBack();
  await expect(page).toHaveURL(/#\/server$/);
  await page.goForward();
  await expect(page).toHaveURL(/#\/settings/);
  for (const [index, place] of places.entries()) {
    await page.keyboard.press(`Alt+${index + 1}`);
    await expect(rail.getByRole('link', { name: place, exact: true })).toHaveAttribute('aria-current', 'page');
  }
});

test('the very first start shows the welcome, once: after that Home is Home', async ({ browser, engine }) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(await engine.address());
  await expect(page).toHaveURL(/#\/welcome$/);
  await expect(page.getByRole('heading', { level: 1, name: 'Welcome to Forge' })).toBeVisible();
  await page.getByRole('link', { name: 'Home', exact: true }).click();
  await expect(page).toHaveURL(/#\/$/);
  await page.reload();
  await expect(page).toHaveURL(/#\/$/);
  await expect(page.getByRole('heading', { level: 1, name: 'Welcome to Forge' })).toHaveCount(0);
  await context.close();
});

test('the address holds no token once the door is open, and a reload stays at its place', async ({ page, engine }) => {
  await goTo(page, await engine.address(), '/models');
  await expect(page).toHaveURL(/^http:\/\/127\.0\.0\.1:\d+\/#\/models$/);
  await page.reload();
  await expect(page).toHaveURL(/#\/models$/);
  await expect(page.getByRole('heading', { level: 1, name: 'Models' })).toBeVisible();
});

test('an address that leads nowhere says so and shows the way home', async ({ page, engine }) => {
  await goTo(page, await engine.address(), '/no/such/place');
  await expect(page.getByRole('heading', { level: 1, name: 'There is nothing at this address' })).toBeVisible();
  await page.getByRole('link', { name: 'Go to Home' }).click();
  await expect(page).toHaveURL(/#\/$/);
});

test('the palette finds a page by a few letters and acts on Enter; Escape leaves all as it was', async ({
  page,
  engine,
}) => {
  await goTo(page, await engine.address(), '/');
  await expect(statusBar(page)).toContainText('Server stopped');
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Commands' });
  await palette.getByRole('combobox').fill('mod');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/models$/);
  await page.keyboard.press('Control+k');
  await palette.getByRole('combobox').fill('nothing is called so');
  await expect(palette.getByText('No command is called that')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(palette).toBeHidden();
  await expect(page).toHaveURL(/#\/models$/);
});

test('the appearance changes at once, in words beside the colours, and outlives a reload', async ({ page, engine }) => {
  await goTo(page, await engine.address(), '/');
  const root = page.locator('html');
  await expect(root).toHaveAttribute('data-theme', 'dark');
  for (const [command, theme] of [
    ['light app', 'light'],
    ['contrast', 'contrast'],
    ['dark app', 'dark'],
  ] as const) {
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: 'Commands' }).getByRole('combobox').fill(command);
    await page.keyboard.press('Enter');
    await expect(root).toHaveAttribute('data-theme', theme);
    await page.reload();
    await expect(root).toHaveAttribute('data-theme', theme);
  }
});

test('a window on a German system speaks German, the rail and the page alike', async ({ browser, engine }) => {
  const context = await browser.newContext({ locale: 'de-DE' });
  const page = await context.newPage();
  await goTo(page, await engine.address(), '/models');
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await expect(page.getByRole('link', { name: 'Einstellungen' })).toBeVisible();
  await expect(page.getByRole('heading', { level: 1, name: 'Modelle' })).toBeVisible();
  await context.close();
});
