/** What decides where FORGE_HOME is when nobody says so. */
export interface HomePlace {
  /** As Node names it: `darwin`, `win32`, `linux`. */
  readonly platform: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The person's own folder, absolute. */
  readonly userFolder: string;
}

/**
 * The platform's folder for application data, the same for the desktop shell and the command line. `XDG_DATA_HOME` counts only when it is
 * absolute (XDG base directory specification).
 */
export function applicationDataFolder({ platform, environment, userFolder }: HomePlace): string {
  if (platform === 'darwin') return `${userFolder}/Library/Application Support/Forge`;
  if (platform === 'win32') return `${environment['LOCALAPPDATA'] || `${userFolder}\\AppData\\Local`}\\Forge`;
  const data = environment['XDG_DATA_HOME'] ?? '';
  return data.startsWith('/') ? `${data.replace(/\/+$/, '')}/forge` : `${userFolder}/.local/share/forge`;
}
