import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import { NotMeasurable } from '../harness/benchmark.ts';
import type { PageWatch } from './page/watch.ts';
import type { PageWire } from './page/wire.ts';
import { pageScript } from './page-script.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome'];
/** They keep the browser from asking anything of anybody, which would cost it time. */
const quietFlags = [
  ...['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  ...['--no-first-run', '--disable-quic'],
];

export const viewport = { width: 1440, height: 900 };

/** A browser with a profile of its own: nothing is cached. @throws NotMeasurable where there is no Chromium */
async function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium(), args: quietFlags });
}

/** A page that is watched from its first moment on: `window/page/watch.ts`. */
async function openWatchedPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport, locale: 'en-GB', colorScheme: 'dark' });
  const page = await context.newPage();
  await page.addInitScript({ content: await pageScript('watch') });
  return page;
}

/** Runs `work` with a watched page in a browser of its own. */
export async function inNewBrowser<T>(work: (page: Page) => Promise<T>): Promise<T> {
  const browser = await openBrowser();
  try {
    return await work(await openWatchedPage(browser));
  } finally {
    await browser.close();
  }
}

/** Where the gallery shows one entry, of the window served at `url` (with its token). */
export async function goToGallery(page: Page, url: string, entry: string): Promise<void> {
  await page.goto(`${url}#/gallery/${encodeURIComponent(entry)}`);
  const shown = page.locator('main[data-gallery]');
  const unknown = page.getByText('There is no such state');
  await shown.or(unknown).first().waitFor();
  if (await unknown.isVisible()) throw new NotMeasurable(`the gallery has no entry ${entry}`);
}

/** What is known in the page under these names, for `page.evaluate`. */
declare global {
  var forgeWatch: PageWatch;
  var forgeWire: PageWire;
}

function findChromium(): string {
  const named = process.env['FORGE_CHROMIUM'] ?? '';
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const onPath = names.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  const found = (named === '' ? onPath : [named]).find(isProgram);
  if (found === undefined)
    throw new NotMeasurable(`no Chromium here (looked for in FORGE_CHROMIUM, then as ${names.join(', ')} on the PATH)`);
  return found;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
