import { isExternalAddress } from '#contract/external-address.ts';
import { createWebSocketLink } from '#contract/wire-link.ts';
import type { EngineWires } from '../connection/keep-connected.ts';
import type { ShellApi } from './shell-api.ts';

/** The window in a browser: the engine that served this page is at its own address. */
export function createBrowserShell(): ShellApi {
  return {
    kind: 'browser',
    platform: platformOf(navigator.userAgent),
    version: 'page',
    wires: webSocketWires(),
    canPickPath: false,
    pickPath: async () => null,
    pathOfFile: () => null,
    reveal: async () => false,
    async openExternal(url) {
      if (!isExternalAddress(url)) return false;
      window.open(url, '_blank', 'noopener,noreferrer');
      return true;
    },
    async notify({ title, body, link }) {
      if (!document.hidden || !('Notification' in window)) return;
      // Asked for when there is first something to tell, and never again after a no.
      if (Notification.permission === 'default') await Notification.requestPermission();
      if (Notification.permission !== 'granted') return;
      const shown = new Notification(title, { body });
      shown.addEventListener('click', () => {
        window.focus();
        if (link !== null) location.hash = link;
      });
    },
    copy: (text) => navigator.clipboard.writeText(text),
    loginItem: async () => noLoginItem,
    setLoginItem: async () => noLoginItem,
    setAppearance: async () => undefined,
    restartEngine: null,
    onOpen: () => () => undefined,
    onCommand: () => () => undefined,
  };
}

const noLoginItem = { openAtLogin: false, canChange: false, reason: 'browser' };

function platformOf(userAgent: string): string {
  if (/Mac OS X|Macintosh/.test(userAgent)) return 'darwin';
  return /Windows/.test(userAgent) ? 'win32' : 'linux';
}

function webSocketWires(): EngineWires {
  return {
    async open() {
      const socket = new WebSocket(new URL('/rpc', location.href.replace(/^http/, 'ws')));
      const closed = new Promise<void>((resolve) => socket.addEventListener('close', () => resolve()));
      return { link: createWebSocketLink(socket), closed, close: () => socket.close() };
    },
    /** A refused upgrade says nothing to a page, so the page asks for itself over HTTP. */
    async isRefused() {
      const answer = await fetch('/', { method: 'HEAD' }).catch(() => null);
      return answer !== null && (answer.status === 401 || answer.status === 403);
    },
  };
}
