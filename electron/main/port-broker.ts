import type Electron from 'electron';
import type { DesktopWindow, ElectronParts } from './electron-parts.ts';
import type { EngineProcess } from './engine-process.ts';
import type { Guard } from './security.ts';

/** Channel names between preload and main. Each is one named function of the preload, never the channel itself. */
export const channels = {
  port: 'forge:engine-port',
  open: 'forge:open',
  command: 'forge:command',
  request: 'forge:request',
} as const;

const noncePattern = /^[0-9a-f-]{36}$/;

/** True when a message comes from the main frame of our own window, showing one of our own pages. */
export function isTrusted(
  event: Pick<Electron.IpcMainEvent, 'sender' | 'senderFrame'>,
  window: DesktopWindow | null,
  { isOwn }: Pick<Guard, 'isOwn'>,
): boolean {
  const { sender, senderFrame } = event;
  return (
    window !== null &&
    !window.isDestroyed() &&
    Object.is(sender, window.webContents) &&
    senderFrame !== null &&
    Object.is(senderFrame, window.webContents.mainFrame) &&
    isOwn(senderFrame.url)
  );
}

export interface PortBroker {
  readonly electron: Pick<ElectronParts, 'ipcMain' | 'MessageChannelMain'>;
  readonly engine: Pick<EngineProcess, 'connect'>;
  readonly guard: Pick<Guard, 'isOwn'>;
  window(): DesktopWindow | null;
}

/** Gives the window a wire of its own to the engine, as often as it asks: after a reload, after the engine was started anew. */
export function brokerPorts({ electron, engine, guard, window }: PortBroker): void {
  electron.ipcMain.on(channels.port, (event, nonce: unknown) => {
    if (!isTrusted(event, window(), guard) || typeof nonce !== 'string' || !noncePattern.test(nonce)) return;
    const { port1, port2 } = new electron.MessageChannelMain();
    engine.connect(port1);
    event.senderFrame?.postMessage(channels.port, nonce, [port2]);
  });
}
