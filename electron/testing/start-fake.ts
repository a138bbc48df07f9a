import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { startDesktop } from '../main/start-desktop.ts';
import { createFakeElectron, type FakeAnswers } from './fake-electron.ts';

export interface Start extends FakeAnswers {
  readonly words?: readonly string[];
  readonly language?: string;
  /** What the shell kept at an earlier start. */
  readonly kept?: unknown;
}

/** The desktop shell over the fake, with its window made and its engine asked for. */
export async function startFake(t: TestContext, { words = [], language = 'en-GB', kept, ...answers }: Start = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), 'forge-desktop-'));
  if (kept !== undefined) await writeFile(path.join(folder, 'language.json'), JSON.stringify(kept));
  t.after(() => rm(folder, { recursive: true }));
  const windowFolder = path.join(folder, 'renderer');
  await mkdir(path.join(windowFolder, 'assets'), { recursive: true });
  await writeFile(path.join(windowFolder, 'index.html'), '<!doctype html>');
  await writeFile(path.join(windowFolder, 'assets', 'main-1.js'), 'export {};');
  await writeFile(path.join(windowFolder, 'secret.js'), 'no part of the window');
  const electron = createFakeElectron({ userData: folder, ...answers });
  const waits: { readonly milliseconds: number; readonly act: () => void }[] = [];
  const helpers = { 'job-host': '/app/job-host.mjs', model: '/app/model.mjs' };
  await startDesktop(
    electron,
    {
      files: { engine: '/app/engine.mjs', helpers, appDirectory: '/app', home: folder, version: '1.2.3' },
      preload: '/app/preload.cjs',
      windowFolder,
      trayFolder: '/app/tray',
    },
    {
      platform: 'linux',
      executable: '/opt/Forge/forge',
      configurationFolder: folder,
      arguments: words,
      language,
      log: () => undefined,
      now: () => 0,
      wait: (milliseconds, then) => void waits.push({ milliseconds, act: then }),
    },
  );
  // Looking for an engine that runs already takes a read of a file.
  await new Promise((resolve) => setTimeout(resolve, 20));
  const { seen } = electron;
  const [window] = seen.windows;
  const trusted = () => ({ sender: window?.webContents, senderFrame: window?.webContents.mainFrame });
  const ask = (name: string, value: unknown, event: unknown = trusted()) =>
    Promise.resolve().then(() => seen.ipcHandlers.get(`forge:request:${name}`)?.(event, value));
  return { folder, seen, window, waits, trusted, ask };
}
