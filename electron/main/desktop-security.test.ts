import assert from 'node:assert/strict';
import { test } from 'node:test';
import { preventable } from '../testing/fake-electron.ts';
import { startFake } from '../testing/start-fake.ts';

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
