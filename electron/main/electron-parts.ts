import type Electron from 'electron';

/**
 * The part of Electron that the desktop shell uses, by Electron's own typings: a change of its API is a compile error here. `main.ts`
 * passes the real module, tests pass a recording fake, so no test ever loads the package (which would download a runtime).
 */
export interface ElectronParts {
  readonly app: Pick<
    typeof Electron.app,
    | 'enableSandbox'
    | 'exit'
    | 'getLoginItemSettings'
    | 'getPath'
    | 'getVersion'
    | 'on'
    | 'quit'
    | 'requestSingleInstanceLock'
    | 'setAsDefaultProtocolClient'
    | 'setLoginItemSettings'
    | 'whenReady'
    | 'isPackaged'
  >;
  readonly BrowserWindow: new (options: Electron.BrowserWindowConstructorOptions) => DesktopWindow;
  readonly clipboard: Pick<typeof Electron.clipboard, 'writeText'>;
  readonly dialog: Pick<typeof Electron.dialog, 'showMessageBox' | 'showOpenDialog' | 'showSaveDialog'>;
  readonly ipcMain: Pick<typeof Electron.ipcMain, 'handle' | 'on'>;
  readonly Menu: Pick<typeof Electron.Menu, 'buildFromTemplate' | 'setApplicationMenu'>;
  readonly MessageChannelMain: new () => Pick<Electron.MessageChannelMain, 'port1' | 'port2'>;
  readonly nativeTheme: Pick<typeof Electron.nativeTheme, 'themeSource' | 'shouldUseDarkColors'>;
  readonly Notification: {
    new (options: Electron.NotificationConstructorOptions): Pick<Electron.Notification, 'show' | 'on'>;
    isSupported(): boolean;
  };
  readonly protocol: Pick<typeof Electron.protocol, 'handle' | 'registerSchemesAsPrivileged'>;
  readonly screen: Pick<typeof Electron.screen, 'getAllDisplays'>;
  readonly session: {
    readonly defaultSession: ShellSession;
    /** A name without `persist:` is a session in memory. */
    fromPartition(name: string, options: Electron.FromPartitionOptions): Electron.Session;
  };
  readonly shell: Pick<typeof Electron.shell, 'openExternal' | 'showItemInFolder'>;
  readonly Tray: new (image: string) => DesktopTray;
  readonly utilityProcess: { fork(modulePath: string, args?: string[], options?: Electron.ForkOptions): UtilityChild };
}

export type ShellSession = Pick<Electron.Session, 'setPermissionCheckHandler' | 'setPermissionRequestHandler'>;

export type DesktopTray = Pick<Electron.Tray, 'destroy' | 'on' | 'setContextMenu' | 'setImage' | 'setToolTip'>;

export type UtilityChild = Pick<Electron.UtilityProcess, 'kill' | 'on' | 'once' | 'pid' | 'postMessage' | 'stderr'>;

export type DesktopContents = Pick<
  Electron.WebContents,
  'executeJavaScript' | 'getURL' | 'mainFrame' | 'on' | 'postMessage' | 'send' | 'setWindowOpenHandler'
>;

export interface DesktopWindow
  extends
    Pick<
      Electron.BrowserWindow,
      | 'close'
      | 'destroy'
      | 'focus'
      | 'getNormalBounds'
      | 'hide'
      | 'isDestroyed'
      | 'isMaximized'
      | 'isMinimized'
      | 'isVisible'
    >,
    Pick<Electron.BrowserWindow, 'loadURL' | 'maximize' | 'on' | 'once' | 'restore' | 'show'> {
  readonly webContents: DesktopContents;
}
