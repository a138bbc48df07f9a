// The only code of ours that stands between the page and Electron. One CommonJS file after bundling, so that it runs in the sandbox.
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { PreloadApi, ShellRequests } from '#contract/shell.ts';

const port = 'forge:engine-port';
const request = <T>(
  name: keyof ShellRequests | 'loginItem' | 'setAppearance' | 'restartEngine',
  value?: unknown,
): Promise<T> => ipcRenderer.invoke(`forge:request:${name}`, value) as Promise<T>;

/** Listens to messages of main without handing the event, and with it the sender, to the page. */
function listen(channel: string, listener: (value: string) => void): () => void {
  const receive = (_event: unknown, value: unknown): void => {
    if (typeof value === 'string') listener(value);
  };
  ipcRenderer.on(channel, receive);
  return () => ipcRenderer.off(channel, receive);
}

ipcRenderer.on(port, (event, nonce: unknown) => {
  // The one way in which a port can reach the page: a message of its own window, which it ties to its request by the nonce.
  window.postMessage({ kind: 'forge-engine-port', nonce }, window.location.origin, event.ports);
});

const argument = (name: string): string =>
  process.argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3) ?? '';

const api: PreloadApi = {
  version: argument('forge-version'),
  platform: process.platform,
  requestEnginePort: (nonce) => ipcRenderer.send(port, nonce),
  pickPath: (value) => request('pickPath', value),
  pathOfFile: (file) => (file instanceof File ? webUtils.getPathForFile(file) : ''),
  reveal: (value) => request('reveal', value),
  openExternal: (value) => request('openExternal', value),
  notify: (value) => request('notify', value),
  copy: (value) => request('copy', value),
  loginItem: () => request('loginItem'),
  setLoginItem: (value) => request('setLoginItem', value),
  setAppearance: (value) => request('setAppearance', value),
  restartEngine: () => request('restartEngine'),
  onOpen: (listener) => listen('forge:open', listener),
  onCommand: (listener) => listen('forge:command', listener),
};
contextBridge.exposeInMainWorld('forgeShell', api);
