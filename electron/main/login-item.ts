import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { LoginItem } from '#contract/shell.ts';
import type { ElectronParts } from './electron-parts.ts';

export interface LoginItems {
  read(): LoginItem;
  set(openAtLogin: boolean): LoginItem;
}

/** Words with which a start at login is told from a person's own: it opens no window. */
export const atLoginArgument = '--at-login';

/** Start at login: by the system's own list on macOS and Windows, by an autostart entry on Linux, where Electron has none. */
export function createLoginItems(
  app: ElectronParts['app'],
  { platform, executable, configurationFolder }: { platform: string; executable: string; configurationFolder: string },
): LoginItems {
  if (platform === 'linux')
    return autostartEntry(path.join(configurationFolder, 'autostart', 'forge.desktop'), executable);
  const read = (): LoginItem => ({
    openAtLogin: app.getLoginItemSettings().openAtLogin,
    canChange: true,
    reason: null,
  });
  return {
    read,
    set(openAtLogin) {
      app.setLoginItemSettings({ openAtLogin, args: [atLoginArgument] });
      return read();
    },
  };
}

function autostartEntry(file: string, executable: string): LoginItems {
  const read = (): LoginItem => ({ openAtLogin: existsSync(file), canChange: true, reason: null });
  return {
    read,
    set(openAtLogin) {
      if (openAtLogin) {
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, desktopEntry(executable), { mode: 0o644 });
      } else rmSync(file, { force: true });
      return read();
    },
  };
}

/** Freedesktop's Desktop Entry Specification: in quotes, with the four characters escaped that end a quoted word, and `%` doubled. */
export function desktopEntry(executable: string): string {
  const quoted = executable.replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%');
  return `[Desktop Entry]\nType=Application\nName=Forge\nExec="${quoted}" ${atLoginArgument}\nTerminal=false\nX-GNOME-Autostart-enabled=true\n`;
}
