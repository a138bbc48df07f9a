// Settings: environments, the disk, providers with their keys, colours and language, what left the machine, licences and the report of a bug.
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { startFakeCloud, type FakeCloud, type FakeCloudMode } from '../fixtures/fake-cloud.ts';
import { writeFakeToolchain, type FakeToolchain } from './fake-toolchain.ts';
import { expect, goTo, test, type Setting } from './fixtures.ts';
import { tabTo } from './keyboard.ts';

const rightKey = 'sk-right-0123456789abcdef';
const wrongKey = 'sk-wrong-fedcba9876543210';

let cloud: FakeCloud;
let tools: FakeToolchain;

const surroundings: Setting['begin'] = async (home, t) => {
  tools = writeFakeToolchain(path.join(path.dirname(home), 'programs'));
  cloud = await startFakeCloud({ key: rightKey });
  t.after(() => cloud.close());
  return { PATH: tools.searchPath, FORGE_NETWORK_OFFLINE: undefined, HF_ENDPOINT: 'https://models.invalid' };
};
test.use({ setting: [{ begin: surroundings }, { scope: 'worker' }] });

const closeNotice = (page: Page): Promise<void> => page.getByRole('button', { name: 'Close' }).first().click();

test('an environment is set up, repaired, removed, taken back, removed for good and set up anew', async ({
  page,
  engine,
}) => {
  test.skip(process.platform === 'win32', 'NOT PROVED HERE: the stand-ins for uv and Python are shell scripts');
  const main = page.locator('main');
  await goTo(page, await engine.address(), '/settings/environments');
  await main.getByRole('button', { name: 'Set up' }).first().click();
  await expect(main.getByText('ready', { exact: true })).toBeVisible();

  tools.mode('slow');
  await main.getByRole('button', { name: 'Repair' }).click();
  await main.getByRole('button', { name: 'Stop' }).click();
  // Stopped before anything was fetched there is nothing to go on with.
  const next = main.getByRole('button', { name: /^(Go on with the set-up|Set up)$/ }).first();
  await expect(next).toBeVisible();
  tools.mode('ok');
  await next.click();
  await expect(main.getByText('ready', { exact: true })).toBeVisible();

  await main.getByRole('button', { name: 'Remove' }).click();
  await expect(main.getByText('Is being removed. Models and runs stay.')).toBeVisible();
  await expect(main.getByRole('button', { name: 'Repair' })).toHaveCount(0);
  await page.getByRole('button', { name: /^Undo/ }).click();
  await expect(main.getByRole('button', { name: 'Repair' })).toBeVisible();

  await main.getByRole('button', { name: 'Remove' }).click();
  await closeNotice(page);
  await expect(main.getByText('not set up', { exact: true }).first()).toBeVisible();
  const [first] = await engine.command<{ state: string }[]>('env', 'status');
  expect(first?.state).toBe('absent');
  await main.getByRole('button', { name: 'Set up' }).first().click();
  await expect(main.getByText('ready', { exact: true })).toBeVisible();

  await page.getByRole('link', { name: 'Network' }).click();
  const line = page.getByRole('row').filter({ hasText: 'installing the Python packages' }).first();
  await expect(line).toContainText('TOOL uv');
  await expect(line).toContainText('done');
});

test('what may go from the disk goes, with the right figure before and after; what costs time can be taken back', async ({
  page,
  engine,
}) => {
  const base = path.join(engine.home, 'base-models', 'left-over');
  const files = { old: path.join(engine.home, 'logs', 'old.log'), weights: path.join(base, 'weights.gguf') };
  await mkdir(base, { recursive: true });
  await writeFile(files.old, Buffer.alloc(3_000_000));
  await writeFile(files.weights, Buffer.alloc(7_000_000));
  await goTo(page, await engine.address(), '/settings/storage');
  const part = (name: string): Locator => page.getByRole('listitem').filter({ hasText: name });
  await expect(page.getByText(engine.home)).toBeVisible();

  await part('Logs')
    .getByRole('button', { name: /^Delete 3\sMB/ })
    .click();
  await expect(part('Logs')).toContainText(/3\sMB freed\./);
  await expect(part('Logs').getByRole('button')).toHaveCount(0);
  await expect(stat(files.old)).rejects.toThrow('ENOENT');

  await part('Base models')
    .getByRole('button', { name: /^Delete 7\sMB/ })
    .click();
  await page.getByRole('button', { name: /^Undo/ }).click();
  expect((await stat(files.weights)).size).toBe(7_000_000);
  await part('Base models')
    .getByRole('button', { name: /^Delete 7\sMB/ })
    .click();
  await closeNotice(page);
  await expect(part('Base models')).toContainText(/7\sMB freed\./);
  await expect(stat(files.weights)).rejects.toThrow('ENOENT');
  await expect(part('Your models').getByRole('button')).toHaveCount(0);
});

interface Wire {
  readonly received: string[];
  readonly sent: string[];
}

/** Everything that goes over the wire of this page, as text. */
function listen(page: Page): Wire {
  const wire: Wire = { received: [], sent: [] };
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => void wire.received.push(payload.toString()));
    socket.on('framesent', ({ payload }) => void wire.sent.push(payload.toString()));
  });
  return wire;
}

const provider = (page: Page, name: string): Locator => page.getByRole('listitem').filter({ hasText: name });

async function addServer(page: Page, mode: FakeCloudMode): Promise<Locator> {
  await page.getByRole('button', { name: 'Add a server' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a server' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill(`Cloud ${mode}`);
  await dialog.getByRole('textbox', { name: 'Address' }).fill(cloud.address('openai-compatible', mode));
  const wantsKey = dialog.getByRole('checkbox', { name: 'It wants a key' });
  if (!(await wantsKey.isChecked())) await wantsKey.click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  return provider(page, `Cloud ${mode}`);
}

async function storeKey(row: Locator, key: string): Promise<void> {
  await row.getByRole('button', { name: /Enter a key|Replace the key/ }).click();
  await row.getByLabel(/^Key of/).fill(key);
  await row.getByRole('button', { name: 'Store the key' }).click();
  await expect(row.getByText('key stored')).toBeVisible();
}

test('a key is stored, tested, refused, replaced and removed, and never comes back to the page', async ({
  page,
  engine,
}) => {
  const wire = listen(page);
  await goTo(page, await engine.address(), '/settings/providers');
  const row = await addServer(page, 'ok');
  await expect(row.getByRole('button', { name: 'Test' })).toHaveCount(0);
  await storeKey(row, wrongKey);
  await row.getByRole('button', { name: 'Test' }).click();
  await expect(row).toContainText('Cloud ok refused the key.');
  await expect(row).toContainText('Make a new key');

  await storeKey(row, rightKey);
  await expect(row).not.toContainText('refused');
  await row.getByRole('button', { name: 'Test' }).click();
  await expect(row).toContainText('Cloud ok answers and takes the key; it lists 2 models.');

  await page.reload();
  await expect(row.getByText('key stored')).toBeVisible();
  const shown = `${await page.content()} ${await page.evaluate(() => JSON.stringify({ ...localStorage }))}`;
  for (const key of [rightKey, wrongKey]) {
    expect(shown).not.toContain(key);
    expect(wire.received.join('\n')).not.toContain(key);
    expect(wire.sent.filter((frame) => frame.includes(key))).toHaveLength(1);
    const ledger = (): Promise<string> =>
      readFile(path.join(engine.home, 'logs', 'network.jsonl'), 'utf8').catch(() => '');
    expect(await ledger()).not.toContain(key);
  }

  await row.getByRole('button', { name: 'Remove the key' }).click();
  await closeNotice(page);
  await expect(row.getByText('no key', { exact: true })).toBeVisible();
});

test('a provider that is down, slow, short of patience or elsewhere says so with what to do, each by itself', async ({
  page,
  engine,
}) => {
  const wanted: readonly (readonly [FakeCloudMode, RegExp])[] = [
    ['failing', /does not answer: .*Check the connection and the address, or try again in a few minutes\./],
    ['rate-limited', /takes no more requests for now\.\s*Wait 1 seconds?, then try again\./],
    ['redirect', /Cloud redirect/],
    ['silent', /nothing came|too slow|said nothing|seconds/],
  ];
  await goTo(page, await engine.address(), '/settings/providers');
  for (const [mode] of wanted) {
    const row = await addServer(page, mode);
    await storeKey(row, rightKey);
    await row.getByRole('button', { name: 'Test' }).click();
  }
  for (const [mode, says] of wanted) {
    const notice = provider(page, `Cloud ${mode}`).getByRole('alert');
    await expect(notice).toContainText(says, { timeout: 25_000 });
  }
  await provider(page, 'Cloud redirect').getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(provider(page, 'Cloud redirect')).toHaveCount(0);
  await page.getByRole('button', { name: /^Undo/ }).click();
  await expect(provider(page, 'Cloud redirect')).toBeVisible();
});

test('colours and language hold at once, in every window and after a reload', async ({ page, context, engine }) => {
  const address = await engine.address();
  await goTo(page, address, '/settings/appearance');
  await page.getByRole('radio', { name: 'Light' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await page.getByRole('combobox', { name: 'Language' }).click();
  await page.getByRole('option', { name: 'Deutsch' }).click();
  await expect(page.getByRole('heading', { name: 'Einstellungen' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Einstellungen' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  const second = await context.newPage();
  await goTo(second, address, '/settings/general');
  await expect(second.getByRole('heading', { name: 'Einstellungen' })).toBeVisible();
  const values = await engine.command<{ key: string; value: unknown }[]>('settings', 'list');
  expect(values.filter(({ key }) => key.startsWith('appearance.')).map(({ value }) => value)).toEqual(['light', 'de']);
  for (const key of ['appearance.theme', 'appearance.language']) await engine.command('settings', 'set', key, 'system');
});

test('a setting that does not fit is refused in words and stays as it was; one that fits can be taken back to its default', async ({
  page,
  engine,
}) => {
  await goTo(page, await engine.address(), '/settings/general');
  const row = page.getByRole('listitem').filter({ hasText: 'server.idle_unload_minutes' });
  const field = row.getByRole('textbox').or(row.getByRole('spinbutton'));
  await field.fill('-3');
  await field.press('Enter');
  await expect(row.getByRole('alert')).toBeVisible();
  await field.fill('25');
  await field.press('Enter');
  await expect(row).toContainText(/config\.toml|changed/);
  await row.getByRole('button', { name: 'Back to 10' }).click();
  await expect(field).toHaveValue('10');
});

test('the report for a bug names versions and the machine, and no path, name or key', async ({
  page,
  context,
  engine,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await goTo(page, await engine.address(), '/settings/about');
  await expect(page.getByText(engine.home)).toBeVisible();
  await page.getByRole('button', { name: 'Copy for a bug report' }).click();
  const copied = (): Promise<string> => page.evaluate('navigator.clipboard.readText()');
  await expect.poll(copied).toMatch(/^Forge \d+\.\d+\.\d+, protocol \d+\nwindow: browser/);
  expect(await copied()).toMatch(/machine: .+/);
  for (const secret of [engine.home, path.dirname(engine.home), rightKey]) expect(await copied()).not.toContain(secret);
  await page.goto(`${new URL(page.url()).origin}/#/settings/licences`);
  await page.getByRole('searchbox').or(page.getByRole('textbox')).first().fill('react');
  await expect(page.getByText(/react/i).first()).toBeVisible();
});

test('by keyboard alone: a section, a server, its key and its test', async ({ page, engine }) => {
  await goTo(page, await engine.address(), '/settings/machine');
  await tabTo(page, /link "Providers and keys"/);
  await page.keyboard.press('Enter');
  await tabTo(page, /button "Add a server"/);
  await page.keyboard.press('Enter');
  await page.keyboard.type('Keys only');
  await tabTo(page, /textbox "Address"/);
  await page.keyboard.type(cloud.address('openai-compatible', 'ok'));
  await page.keyboard.press('Enter');
  const row = provider(page, 'Keys only');
  await expect(row).toBeVisible();
  await expect(page.getByRole('button', { name: 'Add a server' })).toBeFocused();
});
