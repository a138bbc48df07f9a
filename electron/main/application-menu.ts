import type Electron from 'electron';
import { channels } from './port-broker.ts';
import type { DesktopWindow } from './electron-parts.ts';
import type { DesktopWords } from './words.ts';

type MenuItem = Electron.MenuItemConstructorOptions;

/** The menu of the application. Editing comes from the system's roles; what Forge does itself is a command of the window by its id. */
export function applicationMenu(
  platform: string,
  { menu: words }: DesktopWords,
  window: () => DesktopWindow | null,
): MenuItem[] {
  const role = (name: keyof typeof words & MenuItem['role']): MenuItem => ({ role: name, label: words[name] });
  const command = (label: string, id: string, accelerator: string): MenuItem => ({
    label,
    accelerator,
    click: () => window()?.webContents.send(channels.command, id),
  });
  const line: MenuItem = { type: 'separator' };
  const ofSystem = [
    role('about'),
    line,
    role('services'),
    line,
    role('hide'),
    role('hideOthers'),
    role('unhide'),
    line,
  ];
  const own = [command(words.newModel, 'new-model', 'CmdOrCtrl+N'), command(words.settings, 'settings', 'CmdOrCtrl+,')];
  // Closing leaves jobs and the server alone; only quitting ends them.
  const forge = [...(platform === 'darwin' ? ofSystem : []), ...own, line, role('quit')];
  return [
    { label: 'Forge', submenu: forge },
    {
      label: words.edit,
      submenu: [role('undo'), role('redo'), line, role('cut'), role('copy'), role('paste'), role('selectAll')],
    },
    {
      label: words.view,
      submenu: [role('resetZoom'), role('zoomIn'), role('zoomOut'), line, role('togglefullscreen')],
    },
    { label: words.window, role: 'window', submenu: [role('minimize'), role('close')] },
  ];
}
