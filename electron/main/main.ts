import { appendFileSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import electron from 'electron';
import { applicationDataFolder } from '#contract/home-folder.ts';
import { startDesktop } from './start-desktop.ts';
import { desktopWords } from './words.ts';

/** Beside this file after bundling (scripts/build-desktop.ts): preload.cjs, engine.mjs, job-host.mjs, model.mjs. */
const here = import.meta.dirname;
const { app } = electron;
const appDirectory = app.isPackaged ? path.join(process.resourcesPath, 'forge') : path.resolve(here, '..', '..');
const home =
  process.env['FORGE_HOME'] ||
  applicationDataFolder({ platform: process.platform, environment: process.env, userFolder: homedir() });
const logFile = path.join(home, 'logs', 'desktop.log');

function log(line: string): void {
  mkdirSync(path.dirname(logFile), { recursive: true });
  appendFileSync(logFile, `${JSON.stringify({ t: Date.now(), text: line.slice(0, 4_000) })}\n`, { mode: 0o600 });
}

void startDesktop(
  electron,
  {
    files: {
      engine: path.join(here, 'engine.mjs'),
      helpers: { 'job-host': path.join(here, 'job-host.mjs'), model: path.join(here, 'model.mjs') },
      appDirectory,
      home,
      version: app.getVersion(),
    },
    preload: path.join(here, 'preload.cjs'),
    windowFolder: path.join(appDirectory, 'dist', 'renderer'),
    trayFolder: path.join(appDirectory, 'resources', 'tray'),
  },
  {
    platform: process.platform,
    executable: process.env['APPIMAGE'] ?? process.execPath,
    configurationFolder: process.env['XDG_CONFIG_HOME'] ?? path.join(homedir(), '.config'),
    arguments: process.argv.slice(1),
    language: app.getLocale(),
    log,
    now: () => Date.now(),
    wait: (milliseconds, then) => void setTimeout(then, milliseconds),
  },
).catch((error: unknown) => {
  log(`the shell did not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  const title = desktopWords(app.getLocale()).notStarted;
  electron.dialog.showErrorBox(title, error instanceof Error ? error.message : String(error));
  app.exit(1);
});
