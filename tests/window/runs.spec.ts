// Runs as a person lives with them: the queue, a training that is paused, ended, fails or is done again, ten thousand of them. The real engine; its workers
// are the fake one.
import { once } from 'node:events';
import type { Page } from '@playwright/test';
import { begin, clear, endless, fakeWorkers, quick, server, until } from './fake-runs.ts';
import { expect, goTo, test } from './fixtures.ts';
import { tabTo } from './keyboard.ts';

test.use({ setting: [{ begin: fakeWorkers }, { scope: 'worker' }] });
test.afterEach(({ engine }) => clear(engine));

const queueOf = (page: Page) => page.getByRole('list').filter({ has: page.getByText(/in the queue/) });
const namesIn = (page: Page) => queueOf(page).getByRole('link').allTextContents();

test('three that wait: moved by drag, by keys and by menu; one removed and taken back to its place, then removed for good', async ({
  page,
  engine,
}) => {
  await begin(engine, 'busy', endless);
  for (const name of ['one', 'two', 'three']) await begin(engine, name, quick);
  await goTo(page, await engine.address(), '/runs');
  await expect.poll(() => namesIn(page)).toEqual(['one:v1', 'two:v1', 'three:v1']);

  const row = (name: string) => queueOf(page).getByRole('listitem').filter({ hasText: name });
  await row('three:v1').dragTo(row('one:v1'));
  await expect.poll(() => namesIn(page)).toEqual(['three:v1', 'one:v1', 'two:v1']);
  await tabTo(page, /link "two:v1"/);
  await page.keyboard.press('Alt+ArrowUp');
  await expect.poll(() => namesIn(page)).toEqual(['three:v1', 'two:v1', 'one:v1']);
  await expect(page.getByRole('link', { name: 'two:v1' })).toBeFocused();
  await row('one:v1').getByRole('button', { name: 'Actions for one:v1' }).click();
  await page.getByRole('menuitem', { name: 'Move to the front' }).click();
  await expect.poll(() => namesIn(page)).toEqual(['one:v1', 'three:v1', 'two:v1']);
  await page.reload();
  await expect.poll(() => namesIn(page)).toEqual(['one:v1', 'three:v1', 'two:v1']);

  const remove = async (): Promise<void> => {
    await page.getByRole('button', { name: 'Actions for three:v1' }).click();
    await page.getByRole('menuitem', { name: 'Remove the run' }).click();
    await expect.poll(() => namesIn(page)).toEqual(['one:v1', 'two:v1']);
  };
  await remove();
  await page.keyboard.press('Control+z');
  await expect.poll(() => namesIn(page)).toEqual(['one:v1', 'three:v1', 'two:v1']);
  await remove();
  await page.getByRole('region', { name: 'Notices' }).getByRole('button', { name: 'Close' }).click();
  await engine.withClient(async (client) => {
    await expect
      .poll(() =>
        client.mainJobs.get({ id: 'three-v1' }).then(
          () => 'there',
          () => 'gone',
        ),
      )
      .toBe('gone');
  });
  await expect(page.getByText('three:v1')).toHaveCount(0);
  const removed = await engine.command<{ removed: string }>('runs', 'remove', 'two:v1', '--yes');
  expect(removed.removed).toBe('two:v1');
  await expect.poll(() => namesIn(page)).toEqual(['one:v1']);
});

test('a training is paused, goes on, is ended with Undo in between, and says why it stopped; a reload replays all', async ({
  page,
  engine,
}) => {
  const { id } = await begin(engine, 'steered', endless);
  await goTo(page, await engine.address(), `/runs/${id}`);
  await expect(page.getByText(/^Step \d+$/).first()).toBeVisible({ timeout: 20_000 });
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByText(/It is paused at step \d+/)).toBeVisible({ timeout: 15_000 });
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(page.getByText(/It is paused/)).toBeHidden({ timeout: 15_000 });
  await expect(page.getByText('Attempt')).toBeVisible({ timeout: 15_000 });

  const finish = page.getByRole('button', { name: 'Stop and keep the best' });
  await expect(finish).toBeVisible({ timeout: 15_000 });
  await finish.click();
  await page.keyboard.press('Control+z');
  await expect(page.getByRole('button', { name: 'Undo' })).toBeHidden();
  await expect(finish).toBeVisible();
  await finish.click();
  await page.getByRole('region', { name: 'Notices' }).getByRole('button', { name: 'Close' }).click();
  await expect(page.getByText(/You stopped it at step \d+/)).toBeVisible({ timeout: 20_000 });

  await page.getByRole('tab', { name: 'Invariants' }).click();
  await expect(page.getByText('adapter changed')).toBeVisible();
  await page.getByRole('tab', { name: 'Events' }).click();
  await expect(page.getByText(/Best checkpoint so far/).first()).toBeVisible();
  await page.reload();
  await expect(page.getByText(/You stopped it at step \d+/)).toBeVisible();
  const console = page.getByRole('region', { name: /^Console of/ });
  // A terminal below the edge of the window draws nothing.
  await console.scrollIntoViewIfNeeded();
  await expect(console).toContainText(/step \d+ of 2000/);
  // The newest line lies within the frame, whenever its font came.
  await expect
    .poll(async () => {
      const frame = await console.boundingBox();
      const line = await console
        .getByText(/step \d+ of 2000/)
        .last()
        .boundingBox();
      return frame !== null && line !== null && line.y + line.height <= frame.y + frame.height;
    })
    .toBe(true);
  await expect(page.getByText('2 + 2?')).toBeVisible();
});

test('a cancelled training keeps its curves and goes on from its checkpoint; one that fails says why and keeps its curves too', async ({
  page,
  engine,
}) => {
  const address = await engine.address();
  const { id } = await begin(engine, 'stopped', endless);
  await goTo(page, address, `/runs/${id}`);
  await expect(page.getByText('2 + 2?')).toBeVisible({ timeout: 20_000 });
  await page.getByRole('button', { name: 'Cancel the run' }).click();
  await expect(page.getByText(/It was cancelled at step \d+/)).toBeVisible({ timeout: 15_000 });
  await page.reload();
  await expect(page.getByText(/It was cancelled at step \d+/)).toBeVisible();
  await expect(page.getByText('2 + 2?')).toBeVisible();
  await page.getByRole('button', { name: 'Go on with the run' }).click();
  await expect(page.getByText('Attempt')).toBeVisible({ timeout: 15_000 });
  await clear(engine);

  const failing = await begin(engine, 'failing', { ...quick, mode: 'fail', failAtStep: 20 });
  await until(engine, failing.id, 'failed');
  await goTo(page, address, `/runs/${failing.id}`);
  await expect(page.getByText(/The fake training failed at step 20/).first()).toBeVisible();
  await expect(page.getByText('20 of 30', { exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Go on with the run' })).toBeVisible();
});

test('duplicate and change opens the wizard at its plan, filled with what was asked for', async ({ page, engine }) => {
  const { id } = await begin(engine, 'again', quick);
  await until(engine, id, 'succeeded');
  await goTo(page, await engine.address(), `/runs/${id}`);
  await page.getByRole('button', { name: 'Actions for again:v1' }).click();
  await page.getByRole('menuitem', { name: 'Duplicate and change' }).click();
  await expect(page).toHaveURL(/#\/create\/[^/]+\/plan$/);
  await expect(page.getByRole('textbox', { name: 'Name' })).toHaveValue('again');
});

test('ten thousand runs: sorted and filtered by the engine, read on by scrolling, each at its address', async ({
  page,
  engine,
}) => {
  server.send({ finished: 10_000 });
  await once(server, 'message');
  await engine.withClient(async (client) => {
    await expect.poll(async () => (await client.mainJobs.page()).all, { timeout: 30_000 }).toBeGreaterThan(9_999);
  });
  await goTo(page, await engine.address(), '/runs');
  const table = page.getByRole('grid', { name: 'Past runs' });
  await expect(page.getByText(/of 10,0\d\d shown/)).toBeVisible({ timeout: 20_000 });
  await engine.withClient(async (client) => {
    const spent: number[] = [];
    for (const sort of ['name', 'state', 'score', 'ended'] as const) {
      const started = performance.now();
      await client.mainJobs.page({ sort, descending: false });
      spent.push(performance.now() - started);
    }
    // The bar is 150 ms; beside other tests it may take longer, but never as long as reading ten thousand files.
    expect(Math.min(...spent), `${spent.map(Math.round).join(', ')} ms`).toBeLessThan(150);
  });
  const first = table.getByRole('row').nth(1);
  await table.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(table.getByRole('columnheader', { name: 'Run' })).toHaveAttribute('aria-sort', 'ascending');
  await table.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(table.getByRole('columnheader', { name: 'Run' })).toHaveAttribute('aria-sort', 'descending');
  const filter = page.getByRole('searchbox', { name: /Filter/ });
  await filter.fill('OLD-0');
  await expect(first).toContainText('old-09999:v1');
  await page
    .getByRole('radio', { name: 'Stopped' })
    .or(page.getByRole('button', { name: 'Stopped' }))
    .first()
    .click();
  await expect(first).toContainText('Cancelled');
  await expect(page.getByText('100 of 3,333 shown', { exact: false })).toBeVisible();
  await table.focus();
  await page.keyboard.press('End');
  await expect(page.getByText('200 of 3,333 shown', { exact: false })).toBeVisible();
  await filter.fill('old-00003');
  await expect(table.getByRole('row')).toHaveCount(2);
  await table.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/runs\/old-00003-v1$/);
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'old-00003:v1' })).toBeVisible();
  await goTo(page, await engine.address(), '/runs/nothing-v1');
  await expect(page.getByText('There is no run at this address')).toBeVisible();
});
