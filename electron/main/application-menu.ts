import type Electron from 'electron';
import { channels } from './port-broker.ts';
import type { DesktopWindow } from './electron-parts.ts';

/** The menu of the application. Editing comes from the system's roles; what Forge does itself is a command of the window by its id. */
export function applicationMenu(
  platform: string,
  window: () => DesktopWindow | null,
): Electron.MenuItemConstructorOptions[] {
  const command = (label: string, id: string, accelerator: string): Electron.MenuItemConstructorOptions => ({
    label,
    accelerator,
    click: () => window()?.webContents.send(channels.command, id),
  });
  const own: Electron.MenuItemConstructorOptions = {
    label: 'Forge',
    submenu: [
      command('New model', 'new-model', 'CmdOrCtrl+N'),
      command('Settings', 'settings', 'CmdOrCtrl+,'),
      { type: 'separator' },
      // Closing leaves jobs and the server alone; only this one ends them.
      { role: 'quit' },
    ],
  };
  return [
    ...(platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
    own,
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
      ],
    },
    { role: 'windowMenu' },
  ];
}
