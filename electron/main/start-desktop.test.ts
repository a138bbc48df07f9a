import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { createFakeElectron, preventable, type FakeAnswers } from '../testing/fake-electron.ts';
import { startDesktop } from './start-desktop.ts';

async function startFake(t: TestContext, { words = [], ...answers }: FakeAnswers & { words?: readonly string[] } = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), 'forge-desktop-'));
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
      language: 'en-GB',
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

test('1, 2: the sandbox is on before anything is ready, and every page is made with the safe preferences', async (t) => {
  const { seen, window } = await startFake(t);
  assert.deepEqual(seen.order.slice(0, 3), ['sandbox', 'scheme', 'ready']);
  const { preload, additionalArguments, ...preferences } = window?.options.webPreferences ?? {};
  assert.deepEqual(preferences, {
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    webviewTag: false,
    experimentalFeatures: false,
    navigateOnDragDrop: false,
    spellcheck: true,
  });
  assert.deepEqual([preload, additionalArguments], ['/app/preload.cjs', ['--forge-version=1.2.3']]);
});

test('3: the window comes by a scheme of its own with the policy of the engine, and no path reaches the disk', async (t) => {
  const { seen, window } = await startFake(t);
  assert.deepEqual(window?.loaded, ['forge-app://window/']);
  const get = (url: string) => seen.protocolHandler?.(new Request(url));
  const page = await get('forge-app://window/');
  const policy = page?.headers.get('content-security-policy') ?? '';
  assert.match(policy, /^default-src 'none'; script-src 'self';/);
  assert.doesNotMatch(policy, /unsafe-eval|script-src[^;]*unsafe-inline|\*/);
  assert.equal((await get('forge-app://window/assets/main-1.js'))?.status, 200);
  const outside = [
    'secret.js',
    'assets/../secret.js',
    'assets/..%2fsecret.js',
    'assets/missing.js',
    '../../etc/passwd',
  ];
  const statuses = await Promise.all(outside.map(async (name) => (await get(`forge-app://window/${name}`))?.status));
  assert.deepEqual(
    statuses,
    outside.map(() => 404),
  );
  assert.equal((await get('forge-app://elsewhere/'))?.status, 404);
});

test('4: no permission is given, neither asked nor checked, but writing to the clipboard', async (t) => {
  const { seen } = await startFake(t);
  const wished = ['media', 'geolocation', 'notifications', 'fileSystem', 'clipboard-read', 'clipboard-sanitized-write'];
  const asked = wished.map((permission) => {
    let answer = false;
    seen.permissionRequest?.({}, permission, (allowed) => (answer = allowed));
    return answer;
  });
  assert.deepEqual(asked, [false, false, false, false, false, true]);
  assert.deepEqual(
    wished.map((permission) => seen.permissionCheck?.({}, permission)),
    asked,
  );
});

test('5: the page stays where it is and opens no window; only https leaves, in the system’s browser', async (t) => {
  const { seen, window } = await startFake(t);
  const contents = window?.webContents;
  for (const event of ['will-navigate', 'will-redirect', 'will-frame-navigate']) {
    const away = preventable({ url: 'https://example.org/' });
    const home = preventable({ url: 'forge-app://window/#/runs' });
    contents?.raise(event, away);
    contents?.raise(event, home);
    assert.deepEqual([away.isPrevented, home.isPrevented], [true, false], event);
  }
  const webview = preventable({});
  contents?.raise('will-attach-webview', webview);
  assert.equal(webview.isPrevented, true);
  const urls = [
    'https://example.org/a',
    'http://example.org',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'smb://x/y',
  ];
  assert.deepEqual(
    urls.map((url) => contents?.windowOpenHandler?.({ url }).action),
    urls.map(() => 'deny'),
  );
  assert.deepEqual(seen.opened, ['https://example.org/a']);
});

test('6: requests and ports are given to the main frame of the own window only', async (t) => {
  const { seen, window, trusted, ask } = await startFake(t);
  const frame = window?.webContents.mainFrame;
  const foreign = [
    { sender: {}, senderFrame: frame },
    { sender: window?.webContents, senderFrame: { url: 'forge-app://window/', postMessage: () => undefined } },
    { sender: window?.webContents, senderFrame: null },
  ];
  const nonce = '01234567-89ab-cdef-0123-456789abcdef';
  for (const event of foreign) {
    await assert.rejects(ask('copy', { text: 'x' }, event), /may not ask/);
    seen.ipcEvents.raise('forge:engine-port', event, nonce);
  }
  if (frame !== undefined) frame.url = 'https://evil.example/';
  await assert.rejects(ask('copy', { text: 'x' }), /may not ask/);
  if (frame !== undefined) frame.url = 'forge-app://window/#/runs';
  seen.ipcEvents.raise('forge:engine-port', trusted(), 'not a nonce');
  assert.deepEqual([seen.copied, frame?.posted], [[], []]);
  await ask('copy', { text: 'fine' });
  seen.ipcEvents.raise('forge:engine-port', trusted(), nonce);
  assert.deepEqual(seen.copied, ['fine']);
  assert.deepEqual(
    frame?.posted.map(([channel, value]) => [channel, value]),
    [['forge:engine-port', nonce]],
  );
  const toEngine = seen.children[0]?.posted.filter(({ message }) => (message as { kind: string }).kind === 'window');
  assert.deepEqual(toEngine, [{ message: { kind: 'window' }, ports: 1 }]);
});

test('requests are parsed: a path that is no path, an address that is no address, a text that is none', async (t) => {
  const { seen, ask } = await startFake(t);
  assert.equal(await ask('openExternal', { url: 'file:///etc/passwd' }), false);
  assert.equal(await ask('reveal', { path: 'relative/file' }), false);
  await assert.rejects(ask('copy', { text: 42 }));
  await assert.rejects(ask('pickPath', { kind: 'run', title: '', suggested: null }));
  assert.equal(await ask('reveal', { path: '/data/../data/rows.csv' }), true);
  assert.equal(await ask('pickPath', { kind: 'file', title: 'Choose', suggested: null }), '/data/rows.csv');
  assert.deepEqual([seen.opened, seen.revealed], [[], ['/data/rows.csv']]);
});

test('there is no engine of another version to restart while the own one runs', async (t) => {
  const { seen, ask } = await startFake(t);
  assert.equal(await ask('restartEngine', undefined), false);
  await assert.rejects(ask('restartEngine', { pid: 1 }), /invalid/i);
  assert.equal(seen.children.length, 1);
});

test('a second start hands its place to the first and goes; the first comes up there', async (t) => {
  const second = await startFake(t, { isFirst: false });
  assert.deepEqual([second.seen.order.at(-1), second.seen.windows.length], ['quit', 0]);
  const { seen, window } = await startFake(t);
  seen.appEvents.raise('second-instance', {}, ['/opt/Forge/forge', 'forge://runs/support-v3']);
  seen.appEvents.raise('open-url', preventable({}), 'forge://../../etc/passwd');
  assert.deepEqual(window?.webContents.sent, [['forge:open', '#/runs/support-v3']]);
  const atLogin = await startFake(t, { words: ['--at-login'] });
  assert.deepEqual(
    [atLogin.seen.windows.length, atLogin.seen.trays.length],
    [0, 1],
    'a start at login shows no window',
  );
});

test('closing hides the window and remembers its place; quitting stops the engine first', async (t) => {
  const { folder, seen, window } = await startFake(t);
  const closing = preventable({});
  window?.raise('close', closing);
  assert.deepEqual([closing.isPrevented, window?.calls.at(-1)], [true, 'hide']);
  const state = JSON.parse(await readFile(path.join(folder, 'window.json'), 'utf8')) as unknown;
  assert.deepEqual(state, { bounds: { x: 10, y: 20, width: 1200, height: 800 }, isMaximized: false });
  const quitting = preventable({});
  seen.appEvents.raise('before-quit', quitting);
  await new Promise((resolve) => setImmediate(resolve));
  const [engine] = seen.children;
  assert.deepEqual(
    [quitting.isPrevented, engine?.posted.at(-1)?.message, seen.exitCode],
    [true, { kind: 'stop' }, null],
  );
  engine?.raise('exit', 0);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(seen.exitCode, 0);
});

test('an engine that dies is started again with growing waits, and no more after the sixth time', async (t) => {
  const { seen, waits } = await startFake(t);
  const delays: number[] = [];
  for (let death = 0; death < 7; death += 1) {
    seen.children.at(-1)?.raise('exit', 1);
    const wait = waits.shift();
    if (wait === undefined) break;
    delays.push(wait.milliseconds);
    wait.act();
  }
  assert.deepEqual([delays, seen.children.length], [[500, 1_000, 2_000, 4_000, 8_000], 6]);
});

test('an engine that says why it cannot start is not started again by itself', async (t) => {
  const { seen, waits } = await startFake(t);
  const [engine] = seen.children;
  engine?.raise('message', {
    kind: 'start-failed',
    code: 'engine.home-in-use',
    message: 'In use.',
    remedy: 'Stop it.',
  });
  engine?.raise('exit', 3);
  assert.deepEqual([seen.children.length, waits.length], [1, 0]);
});

test('a helper the engine asks for gets one end of a channel, the engine the other, and its end is told', async (t) => {
  const { seen } = await startFake(t);
  const [engine] = seen.children;
  engine?.raise('message', { kind: 'fork', id: 7, what: 'job-host' });
  const helper = seen.children[1];
  assert.deepEqual(
    [helper?.modulePath, helper?.posted],
    ['/app/job-host.mjs', [{ message: { kind: 'engine' }, ports: 1 }]],
  );
  assert.deepEqual(engine?.posted.at(-1), { message: { kind: 'helper', id: 7, pid: 4711 }, ports: 1 });
  helper?.raise('exit', 9);
  assert.deepEqual(engine?.posted.at(-1)?.message, { kind: 'helper-ended', id: 7, reason: 'exit code 9: ' });
});

test('a page that died offers itself again; jobs are no part of it', async (t) => {
  const { window } = await startFake(t);
  window?.webContents.raise('render-process-gone', {}, { reason: 'crashed' });
  window?.webContents.raise('render-process-gone', {}, { reason: 'clean-exit' });
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(window?.loaded, ['forge-app://window/', 'forge-app://window/']);
});

test('start at login is an autostart entry on Linux, with the program quoted', async (t) => {
  const { folder, ask } = await startFake(t);
  assert.deepEqual(await ask('setLoginItem', { openAtLogin: true }), {
    openAtLogin: true,
    canChange: true,
    reason: null,
  });
  const entry = await readFile(path.join(folder, 'autostart', 'forge.desktop'), 'utf8');
  assert.match(entry, /^Exec="\/opt\/Forge\/forge" --at-login$/m);
  assert.deepEqual(await ask('setLoginItem', { openAtLogin: false }), {
    openAtLogin: false,
    canChange: true,
    reason: null,
  });
});

test('the end of long work is told while nobody looks, not to a person in front of the window; a click leads to it', async (t) => {
  const { seen, window, ask } = await startFake(t);
  const notice = { title: 'support:v3 is ready', body: 'Better by 81 points.', link: '#/runs/support-v3' };
  window?.show();
  await ask('notify', notice);
  assert.equal(seen.notices.length, 0);
  window?.hide();
  await ask('notify', notice);
  assert.deepEqual(
    seen.notices.map(({ title }) => title),
    ['support:v3 is ready'],
  );
  seen.notices[0]?.events.raise('click');
  assert.equal(window?.isVisible(), true);
  assert.ok(JSON.stringify(window?.webContents.sent).includes('#/runs/support-v3'));
  await assert.rejects(ask('notify', { ...notice, title: 'x'.repeat(121) }));
});
