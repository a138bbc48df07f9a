import type Electron from 'electron';
import type { DesktopTray, ElectronParts } from './electron-parts.ts';
import {
  trayMenu,
  trayPicture,
  trayTitle,
  type TrayCommand,
  type TrayEntry,
  type TrayPicture,
  type TrayState,
} from './tray-menu.ts';

export interface TrayParts {
  readonly electron: Pick<ElectronParts, 'Menu' | 'Tray'>;
  /** File of a picture; on macOS a template image. */
  readonly picture: (name: TrayPicture) => string;
  readonly onCommand: (command: TrayCommand) => void;
}

export interface ForgeTray {
  show(state: TrayState): void;
  dispose(): void;
}

/** The tray, drawn anew when what it shows has changed: a menu that is open would close at every progress otherwise. */
export function createTray({ electron, picture, onCommand }: TrayParts): ForgeTray {
  const tray: DesktopTray = new electron.Tray(picture('stopped'));
  tray.on('click', () => onCommand({ kind: 'open' }));
  let shown = '';
  return {
    show(state) {
      const entries = trayMenu(state);
      const next = JSON.stringify([entries, trayPicture(state.serving)]);
      if (next === shown) return;
      shown = next;
      tray.setImage(picture(trayPicture(state.serving)));
      tray.setToolTip(trayTitle(state));
      tray.setContextMenu(electron.Menu.buildFromTemplate(entries.map((entry) => templateOf(entry, onCommand))));
    },
    dispose: () => tray.destroy(),
  };
}

function templateOf(entry: TrayEntry, onCommand: TrayParts['onCommand']): Electron.MenuItemConstructorOptions {
  if (entry === 'line') return { type: 'separator' };
  const { label, command, isDisabled = false, isChecked, items } = entry;
  // An ampersand would underline the next letter on Windows and Linux.
  const template: Electron.MenuItemConstructorOptions = { label: label.replaceAll('&', '&&'), enabled: !isDisabled };
  if (items !== undefined) template.submenu = items.map((item) => templateOf(item, onCommand));
  if (isChecked !== undefined) Object.assign(template, { type: 'checkbox', checked: isChecked });
  if (command !== undefined) template.click = () => onCommand(command);
  return template;
}
