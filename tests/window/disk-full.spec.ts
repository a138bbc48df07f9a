// A disk that fills up while a file is handed over, and while a comparison writes: told in words, nothing half-written, and it goes on.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startFakeCloud, type FakeCloud } from '../fixtures/fake-cloud.ts';
import { forge } from '../bad-input/forge-command.ts';
import { mountOver, unmount } from '../bad-input/memory-disk.ts';
import { ask, begin, of, saveProvider, small } from './comparing.ts';
import { startFakeOllama } from './fake-ollama.ts';
import { expect, goTo, test, type Setting } from './fixtures.ts';

let isMounted = false;
let cloud: FakeCloud;

const smallDisk: Setting['begin'] = async (home, t) => {
  const ollama = await startFakeOllama('small:latest', () => 'Forty-two, says the small one.');
  t.after(() => ollama.close());
  cloud = await startFakeCloud({ answer: () => 'Forty-two, says the cloud, slowly.', slowMs: 400 });
  t.after(() => cloud.close());
  mkdirSync(home, { recursive: true });
  isMounted = mountOver(home, '256m') !== null;
  t.after(async () => {
    await forge(['stop', '--home', home]);
    if (isMounted) unmount(home);
  });
  return { OLLAMA_HOST: ollama.host };
};
test.use({ setting: [{ begin: smallDisk }, { scope: 'worker' }] });

/** Writes until nothing fits any more; the answer frees it again. */
function fill(home: string): () => void {
  const file = path.join(home, 'photos');
  for (const step of [1_048_576, 4_096, 1])
    try {
      for (;;) writeFileSync(file, Buffer.alloc(step), { flag: 'a' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  return () => rmSync(file);
}

const filesIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
        statSync(path.join(folder, name)).isFile(),
      )
    : [];

const rows = [
  'question,answer',
  ...Array.from(
    { length: 4_000 },
    (_, index) => `"Where is parcel ${index}, ${'please '.repeat(30)}?",delivery ${index % 4}`,
  ),
].join('\n');

test('while a file is handed over: said with what to do, no half file stays, and with room it is taken', async ({
  page,
  engine,
}) => {
  const uploads = path.join(engine.home, 'datasets', 'uploads');
  const file = path.join(engine.folder, 'parcels.csv');
  writeFileSync(file, rows);
  await goTo(page, await engine.address(), '/create');
  test.skip(!isMounted, 'NOT PROVED HERE: this user may not mount a file system');
  await page.getByRole('button', { name: 'Start a new model' }).first().click();
  await expect(page.getByRole('heading', { name: 'What should it learn from?' })).toBeVisible();
  const free = fill(engine.home);
  await page.locator('input[type="file"]:not([webkitdirectory])').setInputFiles(file);
  await expect(page.getByText(/The disk is full/).first()).toBeVisible();
  await expect(page.getByText(/Free some space/).first()).toBeVisible();
  expect(filesIn(uploads)).toEqual([]);
  free();
  await page.locator('input[type="file"]:not([webkitdirectory])').setInputFiles(file);
  await expect(page.getByText('Where is parcel 0', { exact: false }).first()).toBeVisible();
  const [kept = ''] = filesIn(uploads);
  expect(readFileSync(path.join(uploads, kept), 'utf8')).toBe(rows);
});

test('while a comparison writes: said with what to do, no half line stays, and with room the next prompt is answered', async ({
  page,
  engine,
}) => {
  await begin(page, await engine.address(), [small, of(await saveProvider(engine, cloud, 'slow'))]);
  test.skip(!isMounted, 'NOT PROVED HERE: this user may not mount a file system');
  await ask(page, 'Is there room?');
  await expect(page.getByText('Forty-two, says the cloud, slowly.')).toBeVisible();
  const free = fill(engine.home);
  const prompt = page.getByRole('textbox', { name: 'Prompt' });
  await prompt.fill('And now?');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText(/The disk is full/).first()).toBeVisible();
  await expect(page.getByText(/Free some space/).first()).toBeVisible();
  free();
  await expect(prompt).toHaveValue('And now?');
  await prompt.press('Control+Enter');
  await expect(page.getByText('Forty-two, says the small one.')).toHaveCount(2);
  await expect(page.getByText('Forty-two, says', { exact: false })).toHaveCount(4);

  // This time it fills up while the answer comes.
  const freeAgain = fill(engine.home);
  const slow = page
    .getByRole('article', { name: 'Prompt 2' })
    .getByRole('region')
    .filter({ hasText: 'The disk is full' });
  await expect(slow).toContainText('Forty-two, says the cloud, slowly.');
  freeAgain();
  await slow.getByRole('button', { name: 'Try again' }).click();
  await expect(slow).toHaveCount(0);
  await expect(page.getByText('Forty-two, says the cloud, slowly.')).toHaveCount(2);
  await page.reload();
  await expect(page.getByText('Forty-two, says the cloud, slowly.')).toHaveCount(2);
  const folder = path.join(engine.home, 'comparisons');
  for (const name of filesIn(folder).filter((each) => each.endsWith('.jsonl')))
    for (const line of readFileSync(path.join(folder, name), 'utf8').trim().split('\n')) JSON.parse(line);
  expect(filesIn(folder).filter((name) => /\.(tmp|part)/.test(name))).toEqual([]);
});
