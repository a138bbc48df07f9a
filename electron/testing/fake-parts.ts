import type Electron from 'electron';

export type Listener = (...values: never[]) => unknown;

/** Listeners by event, and a way to raise one. */
export class Emitter {
  readonly listeners = new Map<string, Listener[]>();

  on(event: string, listener: Listener): this {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener]);
    return this;
  }

  once(event: string, listener: Listener): this {
    return this.on(event, listener);
  }

  /** Calls every listener of an event; the answers in order. */
  raise(event: string, ...values: readonly unknown[]): unknown[] {
    return (this.listeners.get(event) ?? []).map((listener) => listener(...(values as never[])));
  }
}

export class FakeContents extends Emitter {
  readonly mainFrame = { url: 'forge-app://window/', posted: [] as unknown[][], postMessage: this.#post.bind(this) };
  readonly sent: unknown[][] = [];
  windowOpenHandler: ((details: { url: string }) => { action: string }) | null = null;
  /** What main ran in the page, and what each gives. */
  readonly executed: string[] = [];
  answerTo: (code: string) => Promise<unknown> = () => Promise.withResolvers().promise;

  #post(...values: unknown[]): void {
    this.mainFrame.posted.push(values);
  }
  executeJavaScript(code: string): Promise<unknown> {
    this.executed.push(code);
    return this.answerTo(code);
  }
  getURL(): string {
    return this.mainFrame.url;
  }
  send(...values: unknown[]): void {
    this.sent.push(values);
  }
  postMessage(): void {
    throw new Error('Ports go to a frame, not to whatever the window shows.');
  }
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.windowOpenHandler = handler;
  }
}

export class FakeWindow extends Emitter {
  readonly webContents = new FakeContents();
  readonly options: Electron.BrowserWindowConstructorOptions;
  readonly loaded: string[] = [];
  readonly calls: string[] = [];
  isShown = false;

  constructor(options: Electron.BrowserWindowConstructorOptions) {
    super();
    this.options = options;
  }
  async loadURL(url: string): Promise<void> {
    this.loaded.push(url);
  }
  show(): void {
    this.isShown = true;
    this.calls.push('show');
  }
  hide(): void {
    this.isShown = false;
    this.calls.push('hide');
  }
  close(): void {
    this.calls.push('close');
  }
  destroy(): void {
    this.calls.push('destroy');
  }
  focus(): void {
    this.calls.push('focus');
  }
  maximize(): void {
    this.calls.push('maximize');
  }
  restore(): void {
    this.calls.push('restore');
  }
  isVisible(): boolean {
    return this.isShown;
  }
  isMinimized(): boolean {
    return false;
  }
  isMaximized(): boolean {
    return false;
  }
  isDestroyed(): boolean {
    return false;
  }
  getNormalBounds(): Electron.Rectangle {
    return { x: 10, y: 20, width: 1200, height: 800 };
  }
}

type RequestAnswer = (answer: { readonly cancel?: boolean }) => void;

/** A session of a partition: what its pages may do. */
export class FakeSession extends Emitter {
  readonly partition: string;
  permissionRequest: ((contents: unknown, permission: string, answer: (allowed: boolean) => void) => void) | null =
    null;
  permissionCheck: ((contents: unknown, permission: string) => boolean) | null = null;
  beforeRequest: ((details: { readonly url: string }, answer: RequestAnswer) => void) | null = null;
  readonly webRequest = {
    onBeforeRequest: (listener: FakeSession['beforeRequest']) => void (this.beforeRequest = listener),
  };

  constructor(partition: string) {
    super();
    this.partition = partition;
  }
  setPermissionRequestHandler(handler: FakeSession['permissionRequest']): void {
    this.permissionRequest = handler;
  }
  setPermissionCheckHandler(handler: FakeSession['permissionCheck']): void {
    this.permissionCheck = handler;
  }
  /** Whether a request of one of its pages goes through. */
  lets(url: string): boolean {
    let isLet = true;
    this.beforeRequest?.({ url }, ({ cancel }) => void (isLet = cancel !== true));
    return isLet;
  }
}

export class FakeChild extends Emitter {
  readonly posted: { readonly message: unknown; readonly ports: number }[] = [];
  readonly stderr = null;
  readonly modulePath: string;
  readonly args: readonly string[];
  pid: number | undefined = 4711;
  isKilled = false;

  constructor(modulePath: string, args: readonly string[]) {
    super();
    this.modulePath = modulePath;
    this.args = args;
  }
  postMessage(message: unknown, ports: readonly unknown[] = []): void {
    this.posted.push({ message, ports: ports.length });
  }
  kill(): boolean {
    this.isKilled = true;
    return true;
  }
}

export class FakeTray extends Emitter {
  image: string;
  tooltip = '';
  template: readonly Electron.MenuItemConstructorOptions[] = [];
  isDestroyed = false;

  constructor(image: string) {
    super();
    this.image = image;
  }
  setImage(image: string): void {
    this.image = image;
  }
  setToolTip(tooltip: string): void {
    this.tooltip = tooltip;
  }
  setContextMenu(menu: { readonly template: readonly Electron.MenuItemConstructorOptions[] }): void {
    this.template = menu.template;
  }
  destroy(): void {
    this.isDestroyed = true;
  }
}

export class FakePort extends Emitter {
  postMessage(): void {
    return undefined;
  }
  start(): void {
    return undefined;
  }
  close(): void {
    return undefined;
  }
}
