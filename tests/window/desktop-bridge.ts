// What the preload of the desktop shell puts on the page, over the wire that a browser has: the window believes itself on the desktop.
import type { Page } from '@playwright/test';
import type { PreloadApi } from '#contract/shell.ts';

export interface DesktopAnswers {
  /** What the system's own dialogs give, one after the other; null when they are closed. */
  readonly picks: readonly (string | null)[];
  /** Paths of dropped files and folders by their names. */
  readonly paths: Readonly<Record<string, string>>;
}

/** What of the page the bridge needs; tests are not compiled for a browser. */
interface PageGlobals {
  readonly location: { readonly href: string };
  postMessage(message: unknown, target: string, transfer: readonly unknown[]): void;
  forgeShell?: PreloadApi;
  askedPaths?: readonly unknown[];
}

/** Before the page is opened. The requests of the dialogs are kept in `window.askedPaths`. */
export async function putDesktopBridge(opened: Page, answers: DesktopAnswers): Promise<void> {
  await opened.addInitScript(({ picks, paths }: DesktopAnswers) => {
    const page = globalThis as unknown as PageGlobals;
    const waiting = [...picks];
    const asked: unknown[] = [];
    const bridge: PreloadApi = {
      version: 'page',
      platform: 'linux',
      requestEnginePort(nonce) {
        const { port1, port2 } = new MessageChannel();
        const socket = new WebSocket(new URL('/rpc', page.location.href.replace(/^http/, 'ws')));
        const early: string[] = [];
        port1.addEventListener('message', (event) => {
          const text = String((event as MessageEvent).data);
          if (socket.readyState === socket.OPEN) socket.send(text);
          else early.push(text);
        });
        socket.addEventListener('open', () => early.forEach((text) => socket.send(text)));
        socket.addEventListener('message', ({ data }) => port1.postMessage(data));
        socket.addEventListener('close', () => port1.close());
        port1.start();
        page.postMessage({ kind: 'forge-engine-port', nonce }, '*', [port2]);
      },
      pickPath(request) {
        asked.push(request);
        return Promise.resolve(waiting.shift() ?? null);
      },
      pathOfFile: (file) => (file instanceof File ? (paths[file.name] ?? '') : ''),
      reveal: () => Promise.resolve(true),
      openExternal: () => Promise.resolve(true),
      notify: () => Promise.resolve(),
      copy: () => Promise.resolve(),
      loginItem: () => Promise.resolve({ openAtLogin: false, canChange: false, reason: 'test' }),
      setLoginItem: () => Promise.resolve({ openAtLogin: false, canChange: false, reason: 'test' }),
      setAppearance: () => Promise.resolve(),
      restartEngine: () => Promise.resolve(false),
      onOpen: () => () => undefined,
      onCommand: () => () => undefined,
    };
    Object.assign(page, { forgeShell: bridge, askedPaths: asked });
  }, answers);
}
