import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { startFake } from '../testing/start-fake.ts';
import { applicationMenu } from './application-menu.ts';
import { desktopWords } from './words.ts';

function menuLabels(menu: readonly { readonly label?: string; readonly submenu?: unknown }[]): string[] {
  return menu.flatMap(({ label = '', submenu }) => [
    label,
    ...(Array.isArray(submenu) ? menuLabels(submenu as { label?: string }[]).filter((one) => one !== '') : []),
  ]);
}

test('tray, menu and dialogs speak the language that was chosen: at the start, and when it changes', async (t) => {
  const { folder, seen, ask } = await startFake(t, { language: 'de-AT' });
  const [tray] = seen.trays;
  assert.equal(tray?.tooltip, 'Forge · die Engine antwortet nicht');
  assert.deepEqual(menuLabels(seen.menu).slice(0, 3), ['Forge', 'Neues Modell', 'Einstellungen']);
  await ask('setAppearance', { theme: 'dark', language: 'en' });
  assert.equal(tray?.tooltip, 'Forge · the engine does not answer');
  assert.deepEqual(menuLabels(seen.menu).slice(0, 3), ['Forge', 'New model', 'Settings']);
  assert.deepEqual(JSON.parse(await readFile(path.join(folder, 'language.json'), 'utf8')), { language: 'en' });
  await ask('setAppearance', { theme: 'dark', language: 'system' });
  assert.equal(tray?.tooltip, 'Forge · die Engine antwortet nicht');
});

test('a choice of before holds before any window or engine is there; one that cannot be read is none', async (t) => {
  const { seen, window } = await startFake(t, { kept: { language: 'de' } });
  seen.children[0]?.raise('message', { kind: 'start-failed', code: 'x', message: 'In use.', remedy: 'Stop it.' });
  window?.webContents.raise('render-process-gone', {}, { reason: 'crashed' });
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(
    seen.boxes.map(({ message, buttons }) => [message, buttons]),
    [
      ['Die Engine von Forge ist nicht gestartet', ['Noch einmal versuchen', 'Abbrechen']],
      ['Das Fenster von Forge ist stehen geblieben', ['Fenster wieder öffnen']],
    ],
  );
  assert.equal(seen.boxes[0]?.detail, 'In use.\n\nStop it.');
  const damaged = await startFake(t, { kept: { language: 7 } });
  assert.equal(damaged.seen.trays[0]?.tooltip, 'Forge · the engine does not answer');
});

test('every entry of the menu has words in both languages, and none is left to Electron, which has English only', () => {
  for (const platform of ['darwin', 'linux', 'win32']) {
    const [english, german] = ['en', 'de'].map((language) =>
      menuLabels(applicationMenu(platform, desktopWords(language), () => null)),
    );
    assert.equal(english?.length, german?.length);
    assert.ok((english?.length ?? 0) > 15);
    const same = english?.filter((label, index) => label === german?.[index] && label !== '');
    assert.deepEqual(same, ['Forge'], platform);
  }
});
