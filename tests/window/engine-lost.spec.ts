// An engine that goes away under an open window: the window says so, comes back by itself where it can, and nothing is lost.
import { writeReadyVersion } from '#engine/models/ready-version-fixture.ts';
import { expect, goTo, test, type Setting } from './fixtures.ts';

const oneVersion: Setting['begin'] = async (home) => {
  await writeReadyVersion(home, 'ledger', 1);
  return {};
};
test.use({ setting: [{ begin: oneVersion }, { scope: 'worker' }] });

const lost = 'The engine does not answer.';

test('a line that breaks is said, and mended without a reload: the page goes on where it was', async ({
  page,
  engine,
}) => {
  const address = await engine.address();
  let isCut = false;
  await page.routeWebSocket(/\/rpc$/, (socket) => {
    if (isCut) return void socket.close();
    const server = socket.connectToServer();
    cut = () => {
      isCut = true;
      void server.close();
      void socket.close();
    };
  });
  let cut = (): void => undefined;
  await goTo(page, address, '/models');
  await expect(page.getByText('ledger').first()).toBeVisible();
  cut();
  await expect(page.getByText(lost)).toBeVisible();
  await expect(page.getByText('ledger').first()).toBeVisible();
  isCut = false;
  await expect(page.getByText(lost)).toBeHidden({ timeout: 30_000 });
  await expect(page).toHaveURL(/#\/models$/);
});

test('an engine killed with -9 is said in both windows; the next one has everything, at the same place', async ({
  page,
  context,
  engine,
}) => {
  const address = await engine.address();
  await goTo(page, address, '/models');
  const second = await context.newPage();
  await goTo(second, address, '/server');
  await expect(page.getByText('ledger').first()).toBeVisible();
  await engine.kill();
  for (const each of [page, second]) await expect(each.getByText(lost)).toBeVisible();
  // What was on the screen stays there to be read.
  await expect(page.getByText('ledger').first()).toBeVisible();

  // The next engine takes the address of the dead one over, so both windows come back by themselves.
  expect(await engine.address()).toBe(address);
  for (const each of [page, second]) await expect(each.getByText(lost)).toBeHidden({ timeout: 30_000 });
  await expect(page.getByText('ledger').first()).toBeVisible();
  await expect(page).toHaveURL(/#\/models$/);
});
