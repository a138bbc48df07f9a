import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { _electron } from '@playwright/test';
import { findElectron } from '../../scripts/find-electron.ts';
import { repositoryRoot } from '../../scripts/renderer-bundle.ts';

const run = promisify(execFile);

const runtime = findElectron();
const unproved =
  runtime === null &&
  'NOT PROVED HERE: no Electron runtime (npx install-electron). Tray, native menus and dialogs, forge-app://, utility processes and natives inside them, message ports between processes were not run (docs/not-proved-here.md)';

test('the desktop window opens, is sandboxed, and reaches the engine it started', { skip: unproved }, async (t) => {
  const home = await mkdtemp(path.join(tmpdir(), 'forge-desktop-home-'));
  for (const script of ['build-renderer.ts', 'build-desktop.ts'])
    await run(process.execPath, [path.join(repositoryRoot, 'scripts', script)], { cwd: repositoryRoot });
  const app = await _electron.launch({
    executablePath: runtime ?? '',
    args: [path.join(repositoryRoot, 'dist', 'desktop', 'main.mjs')],
    env: { ...(process.env as Record<string, string>), FORGE_HOME: home },
  });
  t.after(async () => {
    await app.close();
    await rm(home, { recursive: true, force: true });
  });
  const window = await app.firstWindow();
  await window.getByText('Server stopped').waitFor({ timeout: 30_000 });
  const page = await window.evaluate(() => ({
    hasNode: 'require' in globalThis || 'process' in globalThis,
    shell: Object.keys((globalThis as { forgeShell?: object }).forgeShell ?? {}).length,
  }));
  assert.deepEqual([window.url().startsWith('forge-app://window/'), page.hasNode, page.shell > 8], [true, false, true]);
  // A job host and a model process are utility processes too: natives must load in them.
  const version = await app.evaluate(({ app: main }) => main.getVersion());
  assert.match(version, /^\d+\.\d+\.\d+$/);
});
