import { isExternalAddress } from '#contract/external-address.ts';
import type { DesktopContents, ElectronParts, ShellSession } from './electron-parts.ts';

/** What every page of the shell is made with. The defaults of Electron are said again, so that a test can assert them. */
export function pagePreferences(preload: string) {
  return {
    preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    webviewTag: false,
    experimentalFeatures: false,
    navigateOnDragDrop: false,
    spellcheck: true,
  } as const;
}

/** No page may use a device, a sensor or the screen; only writing to the clipboard on a click is left. Electron says yes by default. */
export function denyPermissions(session: ShellSession): void {
  const isAllowed = (permission: string): boolean => permission === 'clipboard-sanitized-write';
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(isAllowed(permission)));
  session.setPermissionCheckHandler((_contents, permission) => isAllowed(permission));
}

export interface Guard {
  /** True for the addresses that the window may show. */
  isOwn(url: string): boolean;
  readonly shell: ElectronParts['shell'];
}

/** A page stays where it is, opens no window, and holds no other page. */
export function guardContents(contents: DesktopContents, { isOwn, shell }: Guard): void {
  const stay = (event: { preventDefault(): void }, url: string): void => {
    if (!isOwn(url)) event.preventDefault();
  };
  contents.on('will-navigate', (event) => stay(event, event.url));
  contents.on('will-redirect', (event) => stay(event, event.url));
  contents.on('will-frame-navigate', (event) => stay(event, event.url));
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    void openOutside(shell, url);
    return { action: 'deny' };
  });
}

/** Opens a page in the person's own browser: https only, parsed, never a file or a program. */
export async function openOutside(shell: ElectronParts['shell'], url: string): Promise<boolean> {
  if (!isExternalAddress(url)) return false;
  await shell.openExternal(new URL(url).href);
  return true;
}
