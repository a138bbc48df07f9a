// Runs as a person lives with them: the queue, a training that is paused, ended, fails or heals itself, its curves from near and far, ten thousand
// of them. The real engine, its workers the fake one (tests/fixtures/runs-engine.ts).
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Page } from '@playwright/test';
import type { MainJobView } from '#contract/main-job.ts';
import { expect, goTo, statusBar, test, type Setting, type WindowEngine } from './fixtures.ts';
import { tabTo } from './keyboard.ts';

let server: ChildProcess;

const fakeWorkers: Setting['begin'] = async (home, t) => {
  server = fork(path.join(import.meta.dirname, '..', 'fixtures', 'runs-engine.ts'), [home], {
    env: { ...process.env, FORGE_NETWORK_OFFLINE: 'true', FORGE_SERVER_PORT: '0', OLLAMA_HOST: 'http://127.0.0.1:9' },
  });
  const ended = once(server, 'exit');
  t.after(async () => {
    if (server.exitCode === null && server.connected) server.disconnect();
    await ended;
  });
  expect((await once(server, 'message'))[0]).toBe('ready');
  return {};
};
test.use({ setting: [{ begin: fakeWorkers }, { scope: 'worker' }] });

const dataset = path.join(import.meta.dirname, '..', 'fixtures', 'own-datasets', 'shop-mails.csv');
const quick = { steps: 30, stepMs: 10, story: true };
const endless = { steps: 2000, stepMs: 40, checkpointEvery: 10, story: true };

/** Asks for a main job whose fake training does this. */
async function begin(engine: WindowEngine, name: string, training: object): Promise<MainJobView> {
  const systemPrompt = JSON.stringify(training);
  const request = { name, dataset, systemPrompt, export: true, deployToOllama: 'auto' as const };
  return engine.withClient((client) => client.mainJobs.start({ request, requestId: crypto.randomUUID() }));
}

async function until(engine: WindowEngine, id: string, state: MainJobView['state']): Promise<void> {
  await engine.withClient(async (client) => {
    await expect.poll(async () => (await client.mainJobs.get({ id })).state, { timeout: 30_000 }).toBe(state);
  });
}

/** Leaves the engine without work, whatever a test left. */
async function clear(engine: WindowEngine): Promise<void> {
  await engine.withClient(async (client) => {
    const active = (await client.mainJobs.list()).filter(({ state }) => state === 'waiting' || state === 'running');
    for (const { id } of active.toSorted((one) => (one.state === 'waiting' ? -1 : 1)))
      await client.mainJobs.cancel({ id, requestId: crypto.randomUUID() });
  });
}
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

test('where Forge stepped in there is a flag at the curve, a line in the events, and a word for it', async ({
  page,
  engine,
}) => {
  const { id } = await begin(engine, 'healed', { ...quick, mode: 'oom' });
  await until(engine, id, 'succeeded');
  await goTo(page, await engine.address(), `/runs/${id}`);
  await expect(page.getByRole('tab', { name: /Events/ })).toContainText('1');
  await page.getByRole('tab', { name: /Events/ }).click();
  await expect(page.getByText(/Batch made smaller: memory ran out \(micro batch size 8 → 4/).first()).toBeVisible();
  const flag = page.locator('[data-kind="loss"] [data-step]');
  await expect(flag).toHaveCount(1);
  const chart = await page.locator('[data-kind="loss"]').boundingBox();
  // At its step, half way through; not where flags begin.
  await expect.poll(async () => ((await flag.boundingBox())?.x ?? 0) - (chart?.x ?? 0)).toBeGreaterThan(200);
});

test('curves: log scale, smoothing, zoom and table by keys; another run laid over; the meters tell', async ({
  page,
  engine,
}) => {
  const first = await begin(engine, 'curve-a', quick);
  const second = await begin(engine, 'curve-b', { ...quick, steps: 40 });
  await until(engine, second.id, 'succeeded');
  await goTo(page, await engine.address(), `/runs/${first.id}`);
  const loss = page.locator('[data-kind="loss"]');
  await loss.getByRole('switch', { name: 'Log scale' }).click();
  await loss.getByRole('slider').focus();
  await page.keyboard.press('ArrowRight');
  await loss.getByRole('group', { name: /^Loss/ }).last().focus();
  await page.keyboard.press('+');
  await expect(loss.getByRole('button', { name: 'Whole run' })).toBeVisible();
  await loss.getByRole('button', { name: 'Loss: as a table' }).click();
  const steps = await loss.getByRole('rowheader').allTextContents();
  expect(steps.length).toBeGreaterThan(5);
  expect(steps.length).toBeLessThan(30);
  await loss.getByRole('button', { name: 'Loss: as a chart' }).click();
  await page.keyboard.press('Escape');
  await loss.getByRole('button', { name: 'Whole run' }).click();

  await loss.getByRole('button', { name: 'Lay other runs over it' }).click();
  await page.getByRole('checkbox', { name: 'curve-b:v1' }).click();
  await page.keyboard.press('Escape');
  await expect(loss.getByText('curve-b:v1, held-out rows').first()).toBeVisible();
  await page.getByRole('tab', { name: 'Meters' }).click();
  await expect(page.getByText('Processor')).toBeVisible({ timeout: 15_000 });
  await loss.getByRole('switch', { name: 'Log scale' }).click();
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

test('a run of 200,000 steps shows its detail when one comes near: every step of the stretch, and the one value out of line', async ({
  page,
  engine,
}) => {
  server.send({ series: { points: 200_000, spikeAt: 123_457 } });
  await once(server, 'message');
  await goTo(page, await engine.address(), '/runs/long-v1');
  const loss = page.locator('[data-kind="loss"]');
  await expect(loss.getByText('step 200,000')).toBeVisible();
  const near = JSON.stringify({ loss: { isLog: false, smoothing: 0, range: { from: 123_400, to: 123_520 } } });
  await page.evaluate(`localStorage.setItem('forge.charts', ${JSON.stringify(near)})`);
  await page.reload();
  await loss.getByRole('button', { name: 'Loss: as a table' }).click();
  const row = (step: string) => loss.getByRole('row').filter({ has: page.getByRole('rowheader', { name: step }) });
  await expect(row('123,457')).toContainText('9');
  await expect(row('123,458')).toHaveCount(1);
  await expect(loss.getByRole('rowheader')).toHaveCount(121);
});

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
