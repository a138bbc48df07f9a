import path from 'node:path';
import { z } from 'zod';
import { shellRequests, type LoginItem } from '#contract/shell.ts';
import type { DesktopWindow, ElectronParts } from './electron-parts.ts';
import type { LoginItems } from './login-item.ts';
import { channels, isTrusted } from './port-broker.ts';
import { openOutside, type Guard } from './security.ts';
import type { SpokenLanguage } from './spoken-language.ts';

export interface ShellRequestParts {
  readonly electron: Pick<ElectronParts, 'clipboard' | 'dialog' | 'ipcMain' | 'nativeTheme' | 'Notification' | 'shell'>;
  readonly guard: Guard;
  readonly loginItems: LoginItems;
  readonly language: Pick<SpokenLanguage, 'choose'>;
  window(): DesktopWindow | null;
  /** Brings the window up at a place. */
  open(place: string): void;
  /** Ends the engine of another version that was found running, and starts the own one. */
  restartEngine(): Promise<boolean>;
}

/** What the preload may ask of main. Every request is checked for its sender and parsed before anything is done. */
export function answerShellRequests(parts: ShellRequestParts): void {
  const { electron, guard, loginItems, window } = parts;
  const handle = <S extends z.ZodType>(name: string, schema: S, work: (request: z.output<S>) => unknown): void => {
    electron.ipcMain.handle(`${channels.request}:${name}`, (event, given: unknown) => {
      if (!isTrusted(event, window(), guard)) throw new Error('This page may not ask that.');
      return work(schema.parse(given));
    });
  };
  handle('pickPath', shellRequests.pickPath, (request) => pickPath(electron.dialog, request));
  handle('reveal', shellRequests.reveal, ({ path: file }) => {
    // Shown, never opened: opening a file by its path would run a program.
    if (!path.isAbsolute(file)) return false;
    electron.shell.showItemInFolder(path.normalize(file));
    return true;
  });
  handle('openExternal', shellRequests.openExternal, ({ url }) => openOutside(electron.shell, url));
  handle('notify', shellRequests.notify, (request) => notify(parts, request));
  handle('copy', shellRequests.copy, ({ text }) => electron.clipboard.writeText(text));
  handle('loginItem', shellRequests.setLoginItem.partial().optional(), (): LoginItem => loginItems.read());
  handle('setLoginItem', shellRequests.setLoginItem, ({ openAtLogin }) => loginItems.set(openAtLogin));
  handle('restartEngine', z.undefined(), () => parts.restartEngine());
  handle('setAppearance', shellRequests.appearance, ({ theme, language }) => {
    parts.language.choose(language);
    electron.nativeTheme.themeSource = theme === 'contrast' ? 'dark' : theme;
  });
}

async function pickPath(
  dialog: ElectronParts['dialog'],
  { kind, title, suggested }: z.output<typeof shellRequests.pickPath>,
): Promise<string | null> {
  const common = { title, ...(suggested === null ? {} : { defaultPath: suggested }) };
  if (kind === 'save') {
    const { canceled, filePath } = await dialog.showSaveDialog(common);
    return canceled ? null : filePath;
  }
  const property = kind === 'folder' ? 'openDirectory' : 'openFile';
  const { canceled, filePaths } = await dialog.showOpenDialog({ ...common, properties: [property] });
  return canceled ? null : (filePaths[0] ?? null);
}

/** Only while nobody looks: a person in front of the window sees the same there. */
function notify(
  { electron, window, open }: ShellRequestParts,
  { title, body, link }: z.output<typeof shellRequests.notify>,
): void {
  const isLookedAt = window()?.isVisible() === true && window()?.isMinimized() === false;
  if (isLookedAt || !electron.Notification.isSupported()) return;
  const shown = new electron.Notification({ title, body });
  shown.on('click', () => open(link ?? '#/'));
  shown.show();
}
