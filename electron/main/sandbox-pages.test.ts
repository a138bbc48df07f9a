import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeElectron, preventable } from '../testing/fake-electron.ts';
import { showSandboxPages } from './sandbox-pages.ts';

const address = 'http://127.0.0.1:4711/?memory=1073741824';

function shown(take: (text: string) => void = () => undefined) {
  const electron = createFakeElectron();
  const page = showSandboxPages(electron)(address, take);
  const [window, session] = [electron.seen.windows[0], electron.seen.sessions[0]];
  assert.ok(window !== undefined && session !== undefined);
  return { electron, page, window, session };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('the page of a sandbox is never seen, sandboxed, without preload and Node, in a session of its own in memory', () => {
  const { window, session, electron } = shown();
  const { show, webPreferences } = window.options;
  assert.equal(show, false);
  assert.equal(Object.hasOwn(webPreferences ?? {}, 'preload'), false);
  const said = webPreferences as Record<string, unknown>;
  for (const name of ['sandbox', 'contextIsolation', 'webSecurity', 'disableDialogs'])
    assert.equal(said[name], true, name);
  const off = ['nodeIntegration', 'nodeIntegrationInWorker', 'nodeIntegrationInSubFrames', 'webviewTag'];
  for (const name of [...off, 'allowRunningInsecureContent', 'experimentalFeatures', 'devTools'])
    assert.equal(said[name], false, name);
  assert.equal(said['session'], session);
  assert.doesNotMatch(session.partition, /^persist:/);
  showSandboxPages(electron)(address, () => undefined);
  assert.notEqual(electron.seen.sessions[1]?.partition, session.partition, 'no two pages share one');
});

test('it may use nothing, go nowhere, open nothing and hold nothing', () => {
  const { window, session } = shown();
  const asked: boolean[] = [];
  for (const permission of ['geolocation', 'media', 'clipboard-read', 'clipboard-sanitized-write', 'usb']) {
    session.permissionRequest?.(null, permission, (isAllowed) => asked.push(isAllowed));
    asked.push(session.permissionCheck?.(null, permission) ?? true);
  }
  assert.deepEqual(
    asked,
    Array.from({ length: 10 }, () => false),
  );
  for (const event of ['will-navigate', 'will-redirect', 'will-frame-navigate', 'will-attach-webview']) {
    const going = preventable({ url: address });
    window.webContents.raise(event, going);
    assert.ok(going.isPrevented, event);
  }
  assert.deepEqual(window.webContents.windowOpenHandler?.({ url: 'https://example.org' }), { action: 'deny' });
  const download = preventable({});
  session.raise('will-download', download);
  assert.ok(download.isPrevented);
});

test('its session takes the files of its own origin, and nothing at all once a question was asked', () => {
  const { page, session } = shown();
  assert.ok(session.lets('http://127.0.0.1:4711/pyodide.asm.wasm'));
  for (const url of ['http://127.0.0.1:4712/', 'http://127.0.0.1:47110/', 'https://example.org/', 'file:///etc/passwd'])
    assert.equal(session.lets(url), false, url);
  page.send('{"kind":"start"}');
  assert.equal(session.lets('http://127.0.0.1:4711/pyodide-lock.json'), false);
});

test('only the engine’s own addresses are shown', () => {
  const show = showSandboxPages(createFakeElectron());
  for (const other of [
    'https://example.org/?memory=1',
    'http://127.0.0.1:1/x?memory=1',
    'http://127.0.0.1.evil:1/?memory=1',
  ])
    assert.throws(() => show(other, () => undefined), /no sandbox lies at/);
});

test('texts go in as data whatever they hold, and come out in order until it is closed at once', async () => {
  const said: string[] = [];
  const { page, window } = shown((text) => said.push(text));
  // The first is what setting up the wire gives.
  const texts = [undefined, '{"kind":"ready"}', '{"kind":"answer"}'];
  const last = Promise.withResolvers<unknown>();
  window.webContents.answerTo = (code) =>
    code === 'forgeSandbox.take()' && texts.length === 0 ? last.promise : Promise.resolve(texts.shift());
  await settled();
  assert.deepEqual(said, ['{"kind":"ready"}', '{"kind":"answer"}']);
  const odd = '");alert("\u2028`${x}';
  page.send(odd);
  const sent = window.webContents.executed.at(-1) ?? '';
  assert.equal(JSON.parse(/^forgeSandbox\.send\((.*)\)$/s.exec(sent)?.[1] ?? ''), odd);
  assert.deepEqual(window.loaded, [address]);
  page.close();
  page.close();
  last.resolve('too late');
  await settled();
  assert.deepEqual(window.calls, ['destroy']);
  assert.ok(!said.includes('too late'));
});

test('a page whose process ends says so, once it was not closed', async () => {
  const said: string[] = [];
  const { page, window } = shown((text) => said.push(text));
  window.webContents.raise('render-process-gone', {}, { reason: 'oom' });
  assert.deepEqual(JSON.parse(said[0] ?? ''), { kind: 'gone', reason: "the page's process ended: oom" });
  page.close();
  window.webContents.raise('render-process-gone', {}, { reason: 'killed' });
  assert.equal(said.length, 1);
});
