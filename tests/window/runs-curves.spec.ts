// The curves of a run from near and far: what stands at their flags, log scale, zoom and table by keys, the one value out of line among 200,000.
import { once } from 'node:events';
import { begin, clear, fakeWorkers, quick, server, until } from './fake-runs.ts';
import { expect, goTo, test } from './fixtures.ts';

test.use({ setting: [{ begin: fakeWorkers }, { scope: 'worker' }] });
test.afterEach(({ engine }) => clear(engine));

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
