import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { preventable } from '../testing/fake-electron.ts';
import { startFake } from '../testing/start-fake.ts';

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
