// Pictures of every screen for docs/screens: `node scripts/take-screens.ts [--home DIR] [--only WORD] [--to DIR]`. Dark and light, 1440 and 1024 wide, from the
// real engine on a home in which a model was made (default: that of the window tests in the test cache). The engine knows the home by a name that is the same on
// every machine, and serves on the usual port: no picture shows where it was taken.
import { spawnSync } from 'node:child_process';
import { lstat, mkdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { chromium, type Browser, type Page } from '@playwright/test';
import { findChromium, noChromium } from './find-chromium.ts';

const root = path.resolve(import.meta.dirname, '..');
const cache = process.env['FORGE_TEST_CACHE'] ?? path.join(homedir(), '.cache', 'forge-tests');
const { values } = parseArgs({
  options: { home: { type: 'string' }, only: { type: 'string', default: '' }, to: { type: 'string' } },
});
const home = path.join(tmpdir(), 'forge-home');
const folder = values.to ?? path.join(root, 'docs', 'screens');
/** Nobody else's settings or programs decide a picture. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(FORGE_|OLLAMA_|HF_)/.test(name)),
);
const widths = [1440, 1024] as const;
const themes = ['dark', 'light'] as const;
const settleMs = 1_500;
const loadingMs = 60_000;
const flags = ['--no-sandbox', '--hide-scrollbars', '--font-render-hinting=none'];

interface Screen {
  readonly name: string;
  readonly place: string;
  /** Pressed before the picture is taken. */
  readonly keys?: string;
}

interface Drafts {
  /** The wizard with the sample, at its third decision. */
  readonly sample: string;
  /** The one a model was made of; null where it was removed. */
  readonly trained: string | null;
}

function forge<T>(...words: string[]): T {
  const done = spawnSync(process.execPath, ['cli/main.ts', ...words, '--json', '--home', home], {
    cwd: root,
    encoding: 'utf8',
    env: environment,
  });
  if (done.status !== 0) throw new Error(`forge ${words.join(' ')}: ${done.stdout}${done.stderr}`);
  return JSON.parse(done.stdout) as T;
}

/** A name for the home that tells nothing of this machine. */
async function nameHome(): Promise<void> {
  const real = await realpath(values.home ?? path.join(cache, 'window-home'));
  const known = await lstat(home).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (known !== null && !known.isSymbolicLink())
    throw new Error(`${home} is in the way: it is no link of this script.`);
  await rm(home, { force: true });
  await symlink(real, home, 'dir');
}

const draftOf = (address: string): string | null => /\/create\/([^/]+)\//.exec(address)?.[1] ?? null;

/** Brings the wizard to its third decision with the sample; the draft stays, so that every picture shows the same. */
async function prepareDrafts(page: Page): Promise<Drafts> {
  await page.evaluate(`location.hash = '#/create'`);
  const links = page.locator('main a[href*="/create/"]');
  await links.or(page.getByText('Nothing begun yet')).first().waitFor();
  const known = await links.evaluateAll((found) => found.map((link) => link.getAttribute('href')));
  await page.getByRole('button', { name: 'Start a new model' }).first().click();
  await page
    .getByRole('button', { name: /sample/i })
    .first()
    .click();
  for (const step of ['base', 'plan']) {
    await page.getByRole('button', { name: /^Continue with/ }).click();
    await page.waitForURL((url) => url.hash.endsWith(`/${step}`));
  }
  const sample = draftOf(page.url());
  if (sample === null) throw new Error(`no draft at ${page.url()}`);
  return { sample, trained: known.map((address) => draftOf(address ?? '')).find((draft) => draft !== null) ?? null };
}

/** The newest model of the home, and a comparison of it with its base. */
function found(): {
  readonly model: string;
  readonly version: number;
  readonly run: string;
  readonly comparison: string | null;
} {
  const [model] = forge<{ name: string; version: number; state: string }[]>('models', 'list').filter(
    ({ state }) => state === 'ready',
  );
  if (model === undefined) throw new Error(`No model in ${home}: make one first, npm run test:window does.`);
  const compared = (): string | null => forge<{ id: string }[]>('compare', 'list')[0]?.id ?? null;
  if (compared() === null)
    forge(
      'compare',
      'My parcel never came, where is it?',
      '--model',
      `${model.name}:v${model.version}`,
      '--model',
      'smollm2-135m-instruct',
    );
  return { model: model.name, version: model.version, run: `${model.name}-v${model.version}`, comparison: compared() };
}

/** Questions of a shop with their answers: some nearly the same, some with an address, three lines broken. */
function spreadsheet(): string {
  const goods = ['kettle', 'hair dryer', 'food mixer', 'iron', 'lawn mower', 'freezer', 'toaster'];
  const rows = Array.from({ length: 240 }, (_, index) => {
    const [good, order] = [goods[index % goods.length], 40_000 + Math.floor(index / 1.2) * 37];
    const sender = index % 9 === 0 ? ` My address is customer${index}@shop-mail.org.` : '';
    const question = `The ${good} of order ${order} arrived with a broken ${index % 2 === 0 ? 'switch' : 'cable'}. What shall I do?${sender}`;
    const answer = `Sorry about that. Send the ${good} back with the label we mail you for order ${order}; a new one leaves on day ${1 + (index % 5)}.`;
    return `${index};"${question}";"${answer}"`;
  });
  rows.splice(40, 0, '9001;Hello, is anybody there');
  rows.splice(90, 0, '9002;Too many cells;answer;and;more');
  rows.splice(150, 0, '9003;;An answer to nothing');
  return `ticket;question;reply\n${rows.join('\n')}\n`;
}

/** A spreadsheet as an office sends it, studied, and a second version without its repeats and its personal data. */
async function prepareDataset(): Promise<string> {
  const name = 'customer-service';
  if (forge<{ name: string }[]>('data', 'versions').some((known) => known.name === name)) return name;
  const file = path.join(tmpdir(), 'Customer service.csv');
  await writeFile(file, spreadsheet());
  forge('data', 'import', file, '--as', name);
  forge('study', `${name}:v1`);
  forge('data', 'freeze', `${name}:v1`, '--step', 'near=0.8', '--step', 'pii=mask', '--split');
  forge('study', `${name}:v2`);
  return name;
}

function dataScreens(name: string): readonly Screen[] {
  const tabs = ['rows', 'study', 'filters', 'script', 'split', 'export', 'rejects'];
  return [
    { name: 'data', place: '/data' },
    { name: 'data-import', place: '/data/import' },
    ...tabs.map((tab) => ({ name: `data-${tab}`, place: `/data/${name}/1/${tab}` })),
    { name: 'data-diff', place: `/data/diff?before=${name}:v1&after=${name}:v2` },
  ];
}

const settings = [
  'machine',
  'environments',
  'storage',
  'providers',
  'appearance',
  'general',
  'network',
  'licences',
  'about',
];

function screens({ sample, trained }: Drafts, dataset: string): readonly Screen[] {
  const { model, version, run, comparison } = found();
  const step =
    (draft: string) =>
    (name: string): Screen => ({ name: `create-${name}`, place: `/create/${draft}/${name}` });
  return [
    { name: 'home', place: '/' },
    { name: 'welcome', place: '/welcome' },
    { name: 'create', place: '/create' },
    ...['data', 'base', 'plan'].map(step(sample)),
    ...(trained === null ? [] : ['train', 'result', 'serve'].map(step(trained))),
    { name: 'runs', place: '/runs' },
    { name: 'run', place: `/runs/${run}` },
    { name: 'compare', place: '/compare' },
    ...(comparison === null ? [] : [{ name: 'comparison', place: `/compare/${comparison}` }]),
    ...dataScreens(dataset),
    { name: 'models', place: '/models' },
    { name: 'chat', place: `/models/${model}/${version}/chat` },
    { name: 'server', place: '/server' },
    ...settings.map((section) => ({ name: `settings-${section}`, place: `/settings/${section}` })),
    { name: 'palette', place: '/', keys: 'Control+k' },
  ];
}

/** The same picture in fewer bytes: the browser packs fast, a repository wants it small. */
function packed(png: Buffer): Buffer {
  const parts: Buffer[] = [png.subarray(0, 8)];
  const pixels: Buffer[] = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    const kind = png.toString('latin1', at + 4, at + 8);
    if (kind === 'IDAT') pixels.push(png.subarray(at + 8, at + 8 + length));
    else if (kind === 'IEND')
      parts.push(
        chunk('IDAT', deflateSync(inflateSync(Buffer.concat(pixels)), { level: 9 })),
        chunk('IEND', Buffer.alloc(0)),
      );
    else parts.push(png.subarray(at, at + 12 + length));
    at += 12 + length;
  }
  return Buffer.concat(parts);
}

function chunk(kind: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

interface Look {
  readonly theme: (typeof themes)[number];
  readonly width: (typeof widths)[number];
}

async function takeOne(page: Page, { name, place, keys }: Screen, { theme, width }: Look): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(`#${place}`)}`);
  await page.reload();
  await page.waitForTimeout(settleMs);
  // Some pages count files first.
  await page.locator('main [aria-label="Loading"]').first().waitFor({ state: 'detached', timeout: loadingMs });
  if (keys !== undefined) {
    await page.keyboard.press(keys);
    await page.waitForTimeout(settleMs);
  }
  await writeFile(path.join(folder, `${name}-${theme}-${width}.png`), packed(await page.screenshot()));
}

async function openPage(browser: Browser, url: string, { theme, width }: Look): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height: width === 1440 ? 900 : 768 },
    ...{ colorScheme: theme, reducedMotion: 'reduce', locale: 'en-GB' },
  });
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

async function take(): Promise<void> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error(`No pictures: ${noChromium}`);
  await mkdir(folder, { recursive: true });
  await nameHome();
  const { url } = forge<{ url: string }>('ui', '--no-open');
  forge('server', 'start');
  const browser = await chromium.launch({ executablePath, args: flags });
  try {
    const first = await openPage(browser, url, { theme: 'dark', width: 1440 });
    const wanted = screens(await prepareDrafts(first), await prepareDataset()).filter(({ name }) =>
      name.includes(values.only),
    );
    await first.context().close();
    for (const theme of themes)
      for (const width of widths) {
        const page = await openPage(browser, url, { theme, width });
        for (const screen of wanted) await takeOne(page, screen, { theme, width });
        await page.context().close();
      }
  } finally {
    await browser.close();
    forge('stop');
    await rm(home, { force: true });
  }
}

await take();
