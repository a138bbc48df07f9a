// Every way by which data come into Data: dropped files and folders, a folder that is chosen, the hub with its parts, its gates and its refusals.
import { mkdir, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { FakeDatasetHub } from '../datasets/fake-dataset-hub.ts';
import { putDesktopBridge } from './desktop-bridge.ts';
import { expect, goTo, test, type Setting, type WindowEngine } from './fixtures.ts';

const hub = new FakeDatasetHub();

const withHub: Setting['begin'] = async (_home, t) => {
  const address = await hub.start();
  t.after(async () => hub.dispose());
  return { HF_ENDPOINT: address, FORGE_NETWORK_OFFLINE: 'false' };
};
test.use({ setting: [{ begin: withHub }, { scope: 'worker' }] });

const rows = (count: number, word: string): string =>
  Array.from({ length: count }, (_, row) =>
    JSON.stringify({ question: `Where is ${word} ${row}?`, answer: `Shelf ${row}.` }),
  ).join('\n');

async function put(engine: WindowEngine, name: string, content: string | Buffer): Promise<string> {
  const file = path.join(engine.folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
  return file;
}

/** As a file manager does it: the browser gets real paths and hands the page what it would hand over. */
async function dropOn(page: Page, at: { x: number; y: number }, files: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, ...at, data });
  await session.detach();
}

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name });
const startOver = (page: Page) => page.getByRole('button', { name: 'Other files' }).click();

async function nameSource(page: Page, source: string): Promise<void> {
  await page.getByLabel('Or where they are').fill(source);
  await page.keyboard.press('Enter');
}

test('three files dropped at once become one import', async ({ page, engine }) => {
  const files = [
    await put(engine, 'one.jsonl', rows(3, 'letter')),
    await put(engine, 'two.csv', 'question,answer\nWhere is it?,There.\n'),
    await put(
      engine,
      'three.json',
      JSON.stringify({ exported: 'today', items: [{ question: 'When?', answer: 'Now.' }] }),
    ),
  ];
  await goTo(page, await engine.address(), '/data');
  await expect(heading(page, 'Bring the first data')).toBeVisible();
  await dropOn(page, { x: 700, y: 500 }, files);
  await expect(page.getByText('one.jsonl and 2 more files')).toBeVisible();
  await page.getByLabel('Name of the dataset').fill('dropped');
  await page.getByRole('button', { name: /^Import/ }).click();
  await expect(heading(page, '5 rows are in dropped:v1')).toBeVisible();
});

test('of a folder, dropped or chosen, all files of data are read', async ({ page, engine }) => {
  await put(engine, 'mixed rows/a.jsonl', rows(4, 'parcel'));
  await put(engine, 'mixed rows/inner/b.jsonl', rows(5, 'crate'));
  await put(engine, 'mixed rows/picture.png', Buffer.from('89504e470d0a1a0a', 'hex'));
  await goTo(page, await engine.address(), '/data/import');
  await expect(page.getByLabel('Or where they are')).toBeVisible();
  await dropOn(page, { x: 600, y: 300 }, [path.join(engine.folder, 'mixed rows')]);
  await expect(page.getByText('and 1 more file', { exact: false })).toBeVisible();
  await page.getByRole('button', { name: /^Import/ }).click();
  await expect(heading(page, '9 rows are in mixed-rows:v1')).toBeVisible();
  await page.getByRole('button', { name: 'Import more' }).click();
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Choose a folder' }).click(),
  ]);
  await chooser.setFiles(path.join(engine.folder, 'mixed rows'));
  await expect(page.getByText('and 1 more file', { exact: false })).toBeVisible();
});

test('what is no data, holds nothing or is too large to hand over is told at once; a file of 5 GB is looked at where it lies', async ({
  page,
  engine,
}) => {
  const picture = await put(
    engine,
    'photo.png',
    Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(500, 7)]),
  );
  const empty = await put(engine, 'nothing.csv', '');
  const large = await put(engine, 'large.jsonl', `${rows(2_000, 'box')}\n`);
  await truncate(large, 5 * 2 ** 30);
  await goTo(page, await engine.address(), '/data/import');
  // What is dropped before the page stands falls into nothing.
  await expect(page.getByText('Drop files or a folder here')).toBeVisible();
  await dropOn(page, { x: 600, y: 300 }, [picture]);
  await expect(page.getByRole('alert').filter({ hasText: 'not a text file: it looks like' })).toBeVisible();
  await startOver(page);
  await dropOn(page, { x: 600, y: 300 }, [empty]);
  await expect(page.getByText('There is nothing in nothing.csv.')).toBeVisible();
  await dropOn(page, { x: 600, y: 300 }, [large]);
  await expect(page.getByText('large.jsonl is more than a browser can hand over', { exact: false })).toBeVisible();
  const begun = Date.now();
  await nameSource(page, large);
  await expect(page.getByText('Where is box 0?').first()).toBeVisible();
  expect(Date.now() - begun).toBeLessThan(4_000);
});

test('records in a wrapper are shown as they will be imported, with their columns to choose from', async ({
  page,
  engine,
}) => {
  const items = Array.from({ length: 30 }, (_, row) => ({
    Anliegen: `Wo ist Paket ${row}?`,
    Antwort: row === 1 ? '' : 'Da.',
  }));
  await goTo(page, await engine.address(), '/data/import');
  await nameSource(page, await put(engine, 'wrapped.json', JSON.stringify({ exported: '2026', items })));
  await expect(page.getByText('19 of the first 20 records become rows.')).toBeVisible();
  await page.getByRole('button', { name: 'Import 30 records' }).click();
  await expect(heading(page, '29 rows are in wrapped:v1')).toBeVisible();
});

function parquet(count: number): Buffer {
  const texts = (word: string): string[] => Array.from({ length: count }, (_, row) => `${word} ${row}`);
  const columnData = [
    { name: 'question', data: texts('Which drawer holds'), type: 'STRING' as const },
    { name: 'answer', data: texts('Drawer'), type: 'STRING' as const },
  ];
  return Buffer.from(parquetWriteBuffer({ columnData }));
}

test('a dataset of the hub shows its parts before anything is fetched; the chosen one becomes a version', async ({
  page,
  engine,
}) => {
  hub.files.clear();
  hub.files.set('de/train.parquet', parquet(40));
  hub.files.set('de/test.parquet', parquet(9));
  hub.files.set('en/train.jsonl', Buffer.from(rows(12, 'parcel')));
  await goTo(page, await engine.address(), '/data/import');
  await nameSource(page, `hf:${hub.repository}`);
  await expect(heading(page, `Which part of ${hub.repository}?`)).toBeVisible();
  expect(hub.seen.filter((url) => url.includes('/resolve/'))).toEqual([]);
  await page.getByRole('radio', { name: 'en / train' }).focus();
  await page.getByRole('radio', { name: 'de / test' }).press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Which drawer holds 0').first()).toBeVisible();
  await page.getByRole('button', { name: 'Import 40 records' }).click();
  await expect(heading(page, /^40 rows are in publisher-tiny-set:v1$/)).toBeVisible();
  await page.getByRole('button', { name: 'Look at the rows' }).click();
  await page.getByText('Which drawer holds 0').first().click();
  await expect(page.getByRole('complementary', { name: 'Row' })).toContainText(`${hub.repository}/de/train.parquet`);
});

test('a part that is named is fetched with its bytes shown; stopped, it goes on where it was', async ({
  page,
  engine,
}) => {
  hub.files.clear();
  const content = Buffer.from(rows(40_000, 'parcel'));
  hub.files.set('train.jsonl', content);
  hub.pace = 300_000;
  await goTo(page, await engine.address(), '/data/import');
  await nameSource(page, `hf:${hub.repository}:default/train`);
  await expect(page.getByText(/\d\s[kM]B of \d\sMB · train\.jsonl/)).toBeVisible();
  await page.getByRole('button', { name: 'Stop' }).click();
  hub.pace = null;
  const before = hub.seen.length;
  await nameSource(page, `hf:${hub.repository}:default/train`);
  await expect(page.getByText('Where is parcel 0?').first()).toBeVisible();
  expect(hub.seen.length - before).toBeLessThan(8);
});

test('what the hub refuses says what to do: consent, a wrong name, a wrong revision, too many requests', async ({
  page,
  engine,
}) => {
  hub.files.clear();
  hub.files.set('train.jsonl', Buffer.from(rows(5, 'parcel')));
  await goTo(page, await engine.address(), '/data/import');
  hub.token = 'wanted';
  await nameSource(page, `https://huggingface.co/datasets/${hub.repository}`);
  await expect(page.getByRole('alert').filter({ hasText: 'asks for consent' })).toContainText(
    'Settings, Providers and keys',
  );
  hub.token = null;
  await nameSource(page, 'hf:publisher/gone');
  await expect(page.getByText('The hub has no dataset publisher/gone', { exact: false })).toBeVisible();
  await nameSource(page, `hf:${hub.repository}@v9`);
  await expect(page.getByText('is on the hub, but not at "v9"', { exact: false })).toBeVisible();
  hub.busy = { answers: 1, retryAfter: '900' };
  await nameSource(page, `hf:${hub.repository}`);
  await expect(page.getByText('Try again in 15 min', { exact: false })).toBeVisible();
});

test('on the desktop a folder is picked in the system\u2019s own dialog and files keep their place: nothing is handed over', async ({
  page,
  engine,
}) => {
  const folder = path.join(engine.folder, 'on the desktop');
  await put(engine, 'on the desktop/a.jsonl', rows(4, 'parcel'));
  const dropped = await put(engine, 'elsewhere/dropped.jsonl', rows(6, 'crate'));
  await putDesktopBridge(page, { picks: [null, folder], paths: { 'dropped.jsonl': dropped } });
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/uploads')) sent.push(request.url());
  });
  await goTo(page, await engine.address(), '/data/import');
  const choose = page.getByRole('button', { name: 'Choose a folder' });
  await choose.click();
  await expect(choose).toBeVisible();
  await choose.press('Enter');
  await expect(page.getByText('Where is parcel 0?').first()).toBeVisible();
  await startOver(page);
  await dropOn(page, { x: 600, y: 300 }, [dropped]);
  await expect(page.getByText('Where is crate 0?').first()).toBeVisible();
  expect(sent).toEqual([]);
  const asked = await page.evaluate<unknown>('window.askedPaths');
  expect(asked).toEqual([
    { kind: 'folder', title: 'Data to import', suggested: null },
    { kind: 'folder', title: 'Data to import', suggested: null },
  ]);
});
