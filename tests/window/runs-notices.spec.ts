// What is told of a run: by the system while nobody looks, and in the window where it covers nothing.
import { begin, clear, fakeWorkers, quick, until } from './fake-runs.ts';
import { expect, goTo, statusBar, test } from './fixtures.ts';

test.use({ setting: [{ begin: fakeWorkers }, { scope: 'worker' }] });
test.afterEach(({ engine }) => clear(engine));

/** Stands in for the browser's own notices, and for a window that is not looked at. */
const toldNotices = `
  const shown = [];
  class Told extends EventTarget {
    static permission = 'granted';
    constructor(title, { body }) {
      super();
      shown.push({ title, body, click: () => this.dispatchEvent(new Event('click')) });
    }
  }
  Object.assign(window, { Notification: Told, shown });
  Object.defineProperty(document, 'hidden', { get: () => sessionStorage.getItem('hidden') === 'yes' });
`;

test('the end of a run is told by the system while the window is hidden, and its notice leads to the run', async ({
  page,
  engine,
}) => {
  await page.addInitScript({ content: toldNotices });
  const titles = (): Promise<string[]> => page.evaluate('shown.map(({ title }) => title)');
  await goTo(page, await engine.address(), '/models');
  await expect(statusBar(page)).toBeVisible();
  const seen = await begin(engine, 'looked-at', quick);
  await until(engine, seen.id, 'succeeded');
  expect(await titles()).toEqual([]);
  await page.evaluate("sessionStorage.setItem('hidden', 'yes')");
  await begin(engine, 'unseen', quick);
  const failing = await begin(engine, 'unseen-failing', { ...quick, mode: 'fail' });
  await until(engine, failing.id, 'failed');
  await expect.poll(titles).toEqual(['unseen:v1 is ready', 'unseen-failing:v1 did not get through']);
  await page.evaluate('shown[1].click()');
  await expect(page).toHaveURL(/#\/runs\/unseen-failing-v1$/);
});

test('a notice stands where it covers no control; F8 leads to it, Enter undoes, and the focus comes back', async ({
  page,
  engine,
}) => {
  for (const name of ['covered-a', 'covered-b'])
    await until(engine, (await begin(engine, name, quick)).id, 'succeeded');
  // So low that the table reaches the place where notices usually stand.
  await page.setViewportSize({ width: 1000, height: 420 });
  await goTo(page, await engine.address(), '/runs');
  const name = 'covered-b:v1';
  await page.getByRole('button', { name: `Actions for ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Remove the run' }).click();
  const notices = page.getByRole('region', { name: 'Notices' });
  await expect(notices).toContainText('was removed');
  await expect
    .poll(async () => {
      const notice = await notices.boundingBox();
      const boxes = await Promise.all(
        (await page.locator('main').getByRole('button').all()).map((button) => button.boundingBox()),
      );
      return boxes.filter((box) => box !== null && notice !== null && overlaps(box, notice)).length;
    })
    .toBe(0);
  const filter = page.getByRole('searchbox', { name: /Filter/ });
  await filter.focus();
  await page.keyboard.press('F8');
  await expect(notices.getByRole('button', { name: 'Undo' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(filter).toBeFocused();
  await page.keyboard.press('F8');
  await page.keyboard.press('Enter');
  await expect(page.getByText(name)).toBeVisible();
  await expect(filter).toBeFocused();
});

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function overlaps(one: Box, other: Box): boolean {
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  );
}
