import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { linkToPlace } from './deep-link.ts';
import { placeWindow, readWindowState, writeWindowState } from './window-state.ts';

const screen = { x: 0, y: 0, width: 1920, height: 1080 };
const at = (x: number, y: number) => ({ bounds: { x, y, width: 1200, height: 800 }, isMaximized: false });

test('the window opens where it was, unless that place is on no screen any more', () => {
  assert.deepEqual(placeWindow(at(100, 50), [screen]), { x: 100, y: 50, width: 1200, height: 800 });
  assert.deepEqual(placeWindow(at(2500, 50), [screen]), { width: 1200, height: 800 });
  assert.deepEqual(placeWindow(at(2500, 50), [screen, { ...screen, x: 1920 }]), {
    x: 2500,
    y: 50,
    width: 1200,
    height: 800,
  });
  assert.deepEqual(
    placeWindow(at(100, -300), [screen]),
    { width: 1200, height: 800 },
    'the title cannot be taken hold of',
  );
  assert.deepEqual(placeWindow(null, [screen]), { width: 1280, height: 820 });
});

test('what is remembered comes back; a damaged memory opens the window as at the first time', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'forge-window-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'window.json');
  assert.equal(readWindowState(file), null);
  writeWindowState(file, at(1, 2));
  assert.deepEqual(readWindowState(file), at(1, 2));
  t.mock.method(console, 'warn', () => undefined);
  await writeFile(file, '{"bounds": {"x": "far"}}');
  assert.equal(readWindowState(file), null);
});

test('a link leads to a place of Forge or nowhere', () => {
  const links = [
    'forge://runs/support-v3',
    'forge://home',
    'forge://settings/providers/',
    'forge://../x',
    'forge://gallery',
    'https://runs',
    'forge://runs/a b',
  ];
  assert.deepEqual(links.map(linkToPlace), ['#/runs/support-v3', '#/', '#/settings/providers', null, null, null, null]);
});
