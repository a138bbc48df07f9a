import type Electron from 'electron';
import { randomUUID } from 'node:crypto';
import type { ForgeClient } from '#contract/client.ts';
import { holdSandboxPages, type ShowSandboxPage } from '#contract/hold-sandbox-pages.ts';
import type { DesktopContents, ElectronParts } from './electron-parts.ts';
import { pagePreferences } from './security.ts';

/** The engine serves each sandbox at a port of its own, and nothing else is ever shown here. */
const ownAddress = /^http:\/\/127\.0\.0\.1:\d{1,5}\/\?memory=\d+$/;

/**
 * The wire into the page, put there by main: no preload and no channel of Electron comes near it. The page waits for a port; what its worker says is kept until
 * main takes it. Python lives in the worker and reaches none of this.
 */
const wire = `(() => {
  const { port1: own, port2: given } = new MessageChannel();
  const texts = [];
  let wake = () => undefined;
  own.onmessage = ({ data }) => {
    if (typeof data === 'string') texts.push(data);
    wake();
  };
  globalThis.forgeSandbox = {
    send: (text) => own.postMessage(text),
    take: async () => {
      while (texts.length === 0) await new Promise((resolve) => { wake = resolve; });
      return texts.shift();
    },
  };
  postMessage('begin', location.origin, [given]);
})()`;

/** Texts into a page through main's own hand. */
async function converse(
  contents: DesktopContents,
  take: (text: string) => void,
  isClosed: () => boolean,
): Promise<void> {
  await contents.executeJavaScript(wire);
  while (!isClosed()) {
    const text: unknown = await contents.executeJavaScript('forgeSandbox.take()');
    if (typeof text !== 'string') throw new Error('the page gave something else than a text');
    if (!isClosed()) take(text);
  }
}

/** What every sandbox page is made with: the preferences of the window without its preload, in a session that is kept nowhere. */
function sandboxPreferences(session: Electron.Session): Electron.WebPreferences {
  const { preload: _none, ...shared } = pagePreferences('');
  // Unseen pages are slowed down otherwise, and nobody looks into one.
  return { ...shared, session, backgroundThrottling: false, devTools: false, disableDialogs: true, spellcheck: false };
}

interface ClosedSession {
  readonly session: Electron.Session;
  seal(): void;
}

/** A session in memory that takes nothing but the page's own files, and nothing at all once it is sealed. */
function closedSession({ session }: Pick<ElectronParts, 'session'>, origin: string): ClosedSession {
  const own = session.fromPartition(`sandbox-${randomUUID()}`, { cache: false });
  let isSealed = false;
  own.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  own.setPermissionCheckHandler(() => false);
  own.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: isSealed || !url.startsWith(`${origin}/`) }));
  own.on('will-download', (event) => event.preventDefault());
  return { session: own, seal: () => void (isSealed = true) };
}

/** It stays where it is, opens no window and holds no other page. */
function keepInPlace(contents: DesktopContents): void {
  for (const event of ['will-navigate', 'will-redirect', 'will-frame-navigate', 'will-attach-webview'] as const)
    contents.on(event as 'will-navigate', (given) => given.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** Shows pages of sandboxes on the desktop: each in a window that is never seen, in a process and a session of its own. */
export function showSandboxPages(electron: Pick<ElectronParts, 'BrowserWindow' | 'session'>): ShowSandboxPage {
  return (address, take) => {
    if (!ownAddress.test(address)) throw new Error(`no sandbox lies at ${address}`);
    const { session, seal } = closedSession(electron, new URL(address).origin);
    const webPreferences = sandboxPreferences(session);
    const window = new electron.BrowserWindow({
      show: false,
      width: 200,
      height: 200,
      skipTaskbar: true,
      webPreferences,
    });
    const contents = window.webContents;
    let isClosed = false;
    keepInPlace(contents);
    const lose = (reason: string): void => {
      if (isClosed) return;
      take(JSON.stringify({ kind: 'gone', reason }));
    };
    contents.on('render-process-gone', (_event, { reason }) => lose(`the page's process ended: ${reason}`));
    void window
      .loadURL(address)
      .then(() => converse(contents, take, () => isClosed))
      .catch((error: unknown) => lose(String(error)));
    return {
      send(text) {
        // Python is up when the first question comes: from here on it needs nothing any more.
        seal();
        const code = `forgeSandbox.send(${JSON.stringify(text)})`;
        contents.executeJavaScript(code).catch((error: unknown) => lose(String(error)));
      },
      close() {
        if (isClosed) return;
        isClosed = true;
        seal();
        // At once, and its process with it: asking it to close would wait for a script that loops.
        window.destroy();
      },
    };
  };
}

export interface HeldSandboxPages {
  readonly electron: Pick<ElectronParts, 'BrowserWindow' | 'session'>;
  readonly client: ForgeClient;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/** Main holds the pages of scripts for its engine, whether a window is open or not. An engine that asks for none loses nothing else by it. */
export async function holdPages({ electron, client, signal, log }: HeldSandboxPages): Promise<void> {
  try {
    await holdSandboxPages(client, showSandboxPages(electron), signal);
  } catch (error) {
    if (!signal.aborted) log(`no pages of sandboxes are held: ${String(error)}`);
  }
}
