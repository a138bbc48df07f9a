import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test as base, type Page } from '@playwright/test';
import type { ForgeClient } from '#contract/client.ts';
import { findEngine } from '../../cli/engine-connection.ts';
import { forge as runForge, newFolder, newHome } from '../bad-input/forge-command.ts';
import { findChromium, noChromium } from '../../scripts/find-chromium.ts';

export { expect } from '@playwright/test';

/** One engine as `forge ui` starts it, on a home of its own. */
export interface WindowEngine {
  readonly home: string;
  /** A folder for the person's files. */
  readonly folder: string;
  /** The tokened address that `forge ui` prints; starts the engine when it does not run. */
  address(): Promise<string>;
  /** A command of the person beside the window; its answer, parsed. */
  command<T>(...words: string[]): Promise<T>;
  /** What another client does meanwhile. */
  withClient<T>(work: (client: ForgeClient) => Promise<T>): Promise<T>;
  /** Ends the engine as a power cut would. */
  kill(): Promise<void>;
}

export interface AtTheEnd {
  after(work: () => Promise<void>): void;
}

/** Makes ready what an engine of a file of tests finds: its home, servers beside it. Resolves with variables of the engine's environment. */
export interface Setting {
  /** A home that outlives the tests, for what is slow to make; default: a fresh one. */
  readonly home?: string;
  begin(home: string, t: AtTheEnd): Promise<NodeJS.ProcessEnv>;
}

interface OnceAWorker {
  readonly setting: Setting;
  readonly engine: WindowEngine;
}

interface OnceATest {
  /** What went wrong in a page: errors nobody caught, and what the Content-Security-Policy refused. Empty at the end, or the test fails. */
  readonly problems: string[];
}

export const test = base.extend<OnceATest, OnceAWorker>({
  setting: [{ begin: async () => ({}) }, { option: true, scope: 'worker' }],
  // Starting and stopping an engine costs more than most tests do, so the tests of a file share one.
  engine: [
    async ({ setting }, use) => {
      const cleanUps: (() => Promise<void>)[] = [];
      const after = { after: (work: () => Promise<void>) => void cleanUps.unshift(work) };
      try {
        const folder = await newFolder(after);
        const home = setting.home ?? (await newHome(after));
        const environment = await setting.begin(home, after);
        const engine = createEngine({ home, folder, environment });
        if (setting.home !== undefined) after.after(() => engine.command('stop'));
        await engine.address();
        await use(engine);
      } finally {
        for (const cleanUp of cleanUps) await cleanUp();
      }
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  problems: [
    async ({ context }, use, info) => {
      const problems: string[] = [];
      // The welcome of the very first start would come in between; it has a test of its own.
      await context.addInitScript({
        content: "if (location.protocol === 'http:') localStorage.setItem('forge.welcomed', 'yes')",
      });
      context.on('weberror', (error) => problems.push(error.error().stack ?? error.error().message));
      context.on('console', (message) => {
        if (/Content Security Policy/.test(message.text())) problems.push(message.text());
      });
      await use(problems);
      if (info.status === info.expectedStatus && problems.length > 0) throw new Error(problems.join('\n'));
    },
    { auto: true },
  ],
});

test.skip(findChromium() === null, `NOT PROVED HERE: ${noChromium}`);

function createEngine(options: {
  readonly home: string;
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
}): WindowEngine {
  const { home, folder, environment } = options;
  const command = async <T>(...words: string[]): Promise<T> => {
    const done = await runForge([...words, '--json', '--home', home], environment);
    if (done.code !== 0) throw new Error(`forge ${words.join(' ')}: ${done.code}\n${done.out}\n${done.err}`);
    return JSON.parse(done.out) as T;
  };
  return {
    home,
    folder,
    command,
    address: async () => (await command<{ url: string }>('ui', '--no-open')).url,
    async withClient(work) {
      const connection = await findEngine(home);
      if (connection === null) throw new Error('no engine runs in this home');
      try {
        return await work(connection.client);
      } finally {
        connection.close();
      }
    },
    async kill() {
      const { pid } = JSON.parse(await readFile(path.join(home, 'engine.json'), 'utf8')) as { pid: number };
      process.kill(pid, 'SIGKILL');
      while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Gone: what was waited for.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** Opens a place of the window by its address (`/runs`): the door lets the browser in and keeps what stands behind the #. */
export async function goTo(page: Page, address: string, place: string): Promise<void> {
  await page.goto(`${address}#${place}`);
}

/** The status bar at the foot of every page. */
export const statusBar = (page: Page) => page.getByRole('contentinfo');
