import type Electron from 'electron';
import type { ElectronParts } from '../main/electron-parts.ts';
import { Emitter, FakeChild, FakePort, FakeSession, FakeTray, FakeWindow, type Listener } from './fake-parts.ts';

/** An event whose default can be prevented. */
export function preventable<T extends object>(more: T): T & { preventDefault(): void; isPrevented: boolean } {
  const event = {
    ...more,
    isPrevented: false,
    preventDefault() {
      event.isPrevented = true;
    },
  };
  return event;
}

export interface FakeElectron extends ElectronParts {
  readonly seen: {
    /** Names of what was done, in order. */
    readonly order: string[];
    readonly windows: FakeWindow[];
    readonly sessions: FakeSession[];
    readonly children: FakeChild[];
    readonly trays: FakeTray[];
    readonly opened: string[];
    readonly revealed: string[];
    readonly copied: string[];
    /** Texts of the message boxes: message, detail, buttons. */
    readonly boxes: Electron.MessageBoxOptions[];
    /** The menu of the application, as it was set last. */
    menu: readonly Electron.MenuItemConstructorOptions[];
    readonly notices: { readonly title: string; readonly events: Emitter }[];
    readonly appEvents: Emitter;
    readonly ipcEvents: Emitter;
    readonly ipcHandlers: Map<string, (event: unknown, value: unknown) => unknown>;
    readonly schemes: unknown[];
    protocolHandler: ((request: Request) => Promise<Response>) | null;
    permissionRequest: ((contents: unknown, permission: string, answer: (allowed: boolean) => void) => void) | null;
    permissionCheck: ((contents: unknown, permission: string) => boolean) | null;
    loginItem: unknown;
    exitCode: number | null;
  };
}

export interface FakeAnswers {
  readonly isFirst?: boolean;
  /** Index of the button that is clicked in a message box. */
  readonly button?: number;
  readonly userData?: string;
}

/** Electron as far as the shell uses it, recorded. Typed by Electron's own typings through `ElectronParts`. */
export function createFakeElectron(answers: FakeAnswers = {}): FakeElectron {
  const appEvents = new Emitter();
  const ipcEvents = new Emitter();
  const seen: FakeElectron['seen'] = {
    order: [],
    windows: [],
    sessions: [],
    children: [],
    trays: [],
    opened: [],
    revealed: [],
    copied: [],
    boxes: [],
    menu: [],
    notices: [],
    appEvents,
    ipcEvents,
    ipcHandlers: new Map(),
    schemes: [],
    protocolHandler: null,
    permissionRequest: null,
    permissionCheck: null,
    loginItem: null,
    exitCode: null,
  };
  const fake = {
    seen,
    app: fakeApp(seen, answers),
    BrowserWindow: class extends FakeWindow {
      constructor(options: Electron.BrowserWindowConstructorOptions) {
        super(options);
        seen.windows.push(this);
      }
    },
    Tray: class extends FakeTray {
      constructor(image: string) {
        super(image);
        seen.trays.push(this);
      }
    },
    Notification: fakeNotification(seen),
    Menu: {
      buildFromTemplate: (template: readonly Electron.MenuItemConstructorOptions[]) => ({ template }),
      setApplicationMenu: ({ template }: { readonly template: readonly Electron.MenuItemConstructorOptions[] }) => {
        seen.order.push('menu');
        seen.menu = template;
      },
    },
    MessageChannelMain: class {
      readonly port1 = new FakePort();
      readonly port2 = new FakePort();
    },
    ...fakeServices(seen, answers),
  };
  // The fake has what is used of each class; Electron's classes have private members that nobody can fake.
  return fake as unknown as FakeElectron;
}

function fakeApp(seen: FakeElectron['seen'], { isFirst = true, userData = '' }: FakeAnswers) {
  return {
    isPackaged: false,
    enableSandbox: () => void seen.order.push('sandbox'),
    requestSingleInstanceLock: () => isFirst,
    setAsDefaultProtocolClient: () => true,
    whenReady: async () => void seen.order.push('ready'),
    on: (event: string, listener: Listener) => seen.appEvents.on(event, listener),
    quit: () => void seen.order.push('quit'),
    exit: (code: number) => void (seen.exitCode = code),
    getPath: () => userData,
    getVersion: () => '1.2.3',
    getLoginItemSettings: () => ({ openAtLogin: seen.loginItem !== null }),
    setLoginItemSettings: (settings: unknown) => void (seen.loginItem = settings),
  };
}

function fakeNotification(seen: FakeElectron['seen']) {
  return class {
    readonly #events = new Emitter();
    static isSupported(): boolean {
      return true;
    }
    constructor({ title = '' }: Electron.NotificationConstructorOptions) {
      seen.notices.push({ title, events: this.#events });
    }
    on(event: string, listener: Listener): void {
      this.#events.on(event, listener);
    }
    show(): void {
      seen.order.push('notification');
    }
  };
}

function fakeServices(seen: FakeElectron['seen'], { button = 0 }: FakeAnswers) {
  return {
    clipboard: { writeText: (text: string) => void seen.copied.push(text) },
    dialog: {
      showMessageBox: async (options: Electron.MessageBoxOptions) => {
        seen.boxes.push(options);
        return { response: button };
      },
      showOpenDialog: async () => ({ canceled: false, filePaths: ['/data/rows.csv'] }),
      showSaveDialog: async () => ({ canceled: true, filePath: '' }),
    },
    ipcMain: {
      on: (channel: string, listener: Listener) => seen.ipcEvents.on(channel, listener),
      handle: (channel: string, handler: (event: unknown, value: unknown) => unknown) =>
        void seen.ipcHandlers.set(channel, handler),
    },
    nativeTheme: { themeSource: 'system', shouldUseDarkColors: true },
    protocol: {
      registerSchemesAsPrivileged: (schemes: unknown[]) => {
        seen.order.push('scheme');
        seen.schemes.push(...schemes);
      },
      handle: (_scheme: string, handler: (request: Request) => Promise<Response>) =>
        void (seen.protocolHandler = handler),
    },
    screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] },
    session: {
      fromPartition(name: string) {
        const session = new FakeSession(name);
        seen.sessions.push(session);
        return session;
      },
      defaultSession: {
        setPermissionRequestHandler: (handler: never) => void (seen.permissionRequest = handler),
        setPermissionCheckHandler: (handler: never) => void (seen.permissionCheck = handler),
      },
    },
    shell: {
      openExternal: async (url: string) => void seen.opened.push(url),
      showItemInFolder: (file: string) => void seen.revealed.push(file),
    },
    utilityProcess: {
      fork: (modulePath: string, args: readonly string[] = []) => {
        const child = new FakeChild(modulePath, args);
        seen.children.push(child);
        return child;
      },
    },
  };
}
