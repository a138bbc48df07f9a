// Clouds that are slow, down, short of patience or break off while models are compared: the pane says why, asks again, and the others go on.
import { createServer, type AddressInfo } from 'node:net';
import type { Locator, Page } from '@playwright/test';
import { startFakeCloud, type FakeCloud } from '../fixtures/fake-cloud.ts';
import { ask, begin, of, saveProvider, small } from './comparing.ts';
import { startFakeOllama } from './fake-ollama.ts';
import { expect, test, type Setting, type WindowEngine } from './fixtures.ts';

let cloud: FakeCloud;
const answer = 'It is forty-two, says the cloud, and it says so in one long and patient sentence.';

const servers: Setting['begin'] = async (_, t) => {
  const ollama = await startFakeOllama('small:latest', () => 'Forty-two, says the small one.');
  t.after(() => ollama.close());
  cloud = await startFakeCloud({ answer: () => answer, slowMs: 250 });
  t.after(() => cloud.close());
  return { OLLAMA_HOST: ollama.host };
};
test.use({ setting: [{ begin: servers }, { scope: 'worker' }] });

const pane = (page: Page, says: RegExp): Locator =>
  page.getByRole('region', { name: /^Answer/ }).filter({ hasText: says });

/** The provider is well again, at the same place. */
async function mend(engine: WindowEngine, id: string): Promise<void> {
  await engine.withClient((client) =>
    client.providers.save({
      ...{ id, name: 'Cloud mended', format: 'openai-compatible', address: cloud.address('openai-compatible', 'ok') },
      ...{ models: ['fake-large'], needsKey: false, requestId: crypto.randomUUID() },
    }),
  );
}

test('one that limits requests is waited for; one that goes on refusing says how long, and answers when asked again later', async ({
  page,
  engine,
}) => {
  const once = await saveProvider(engine, cloud, 'rate-limited-once');
  const always = await saveProvider(engine, cloud, 'rate-limited');
  await begin(page, await engine.address(), [small, of(once), of(always)]);
  await ask(page, 'Who is patient?');
  await expect(pane(page, /says the small one/)).toBeVisible();
  await expect(pane(page, /says the cloud/)).toHaveCount(1);
  const refused = pane(page, /takes no more requests for now/);
  await expect(refused).toContainText(/Wait 1 seconds?, then try again\./);
  await mend(engine, always);
  await refused.getByRole('button', { name: 'Try again' }).click();
  await expect(pane(page, /says the cloud/)).toHaveCount(2);
});

test('an answer that is cut off keeps what had come, says so, and is asked for again', async ({ page, engine }) => {
  const cut = await saveProvider(engine, cloud, 'cut-off');
  await begin(page, await engine.address(), [small, of(cut)]);
  await ask(page, 'Who breaks off?');
  const broken = pane(page, /cut off before its end/);
  await expect(broken).toContainText('It is forty-two');
  await expect(broken).not.toContainText('patient sentence');
  await mend(engine, cut);
  await broken.getByRole('button', { name: 'Try again' }).click();
  await expect(pane(page, /patient sentence/)).toBeVisible();
  await expect(broken).toHaveCount(0);
});

test('a slow one comes word by word while the other is done; a silent one can be stopped, and the rest stays', async ({
  page,
  engine,
}) => {
  const [slow, silent] = [await saveProvider(engine, cloud, 'slow'), await saveProvider(engine, cloud, 'silent')];
  await begin(page, await engine.address(), [small, of(slow), of(silent)]);
  await ask(page, 'Who is slow?');
  await expect(pane(page, /says the small one/)).toBeVisible();
  await expect(pane(page, /It is forty-two/)).toBeVisible();
  await expect(pane(page, /patient sentence/)).toHaveCount(0);
  // Its figures stand there once it is done.
  await expect(pane(page, /patient sentence/)).toContainText(/\d tokens/);
  await page.getByRole('button', { name: 'Stop', exact: true }).first().click();
  await expect(page.getByRole('button', { name: 'Ask again' })).toHaveCount(1);
  await expect(pane(page, /patient sentence/)).toBeVisible();
  expect(cloud.requests.filter(({ mode }) => mode === 'silent')).toHaveLength(1);
});

test('one that is not there is told with what to check, and its pane alone', async ({ page, engine }) => {
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  await engine.withClient((client) =>
    client.providers.save({
      ...{ id: 'gone', name: 'Cloud gone', format: 'openai-compatible', address: `http://127.0.0.1:${port}/v1` },
      ...{ models: ['fake-large'], needsKey: false, requestId: crypto.randomUUID() },
    }),
  );
  await begin(page, await engine.address(), [small, of('gone')]);
  await ask(page, 'Who is there?');
  await expect(pane(page, /says the small one/)).toBeVisible();
  const gone = pane(page, /does not answer/);
  await expect(gone).toContainText('Check the connection and the address');
  await mend(engine, 'gone');
  await gone.getByRole('button', { name: 'Try again' }).click();
  await expect(pane(page, /patient sentence/)).toBeVisible();
});
