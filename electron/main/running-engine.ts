import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type Electron from 'electron';
import { WebSocket } from 'ws';
import { isAliveBy, parseEngineAddress, type EngineAddress } from '#contract/engine-address.ts';

const isAlive = (pid: number): boolean => isAliveBy(() => process.kill(pid, 0));

/** The engine that the command line, or an earlier window, has left running on this home; null when there is none. */
export async function findRunningEngine(home: string): Promise<EngineAddress | null> {
  // Half written: an engine that starts right now replaces it, and our own will say that the home is in use.
  const found = parseEngineAddress(await readFile(path.join(home, 'engine.json'), 'utf8').catch(() => ''));
  return found !== null && isAlive(found.pid) ? found : null;
}

/**
 * Asks an engine to leave, as `forge stop` does for one of another version: its workers live on. False when it is still there after
 * `timeoutMs`. Only for a process that has let us in with its token: the number alone may belong to another program by now.
 */
export async function endRunningEngine(pid: number, timeoutMs = 10_000): Promise<boolean> {
  if (isAlive(pid)) process.kill(pid, 'SIGTERM');
  const deadline = Date.now() + timeoutMs;
  while (isAlive(pid)) {
    if (Date.now() > deadline) return false;
    await sleep(50);
  }
  return true;
}

export interface RelayEvents {
  /** The engine has let us in. */
  readonly onOpen?: () => void;
  /** The engine does not answer, or answers no more; not called when it was the window that left. */
  readonly onGone: () => void;
}

/**
 * Joins a window's port with the running engine's WebSocket. The only place where main passes messages on: an engine that was not started
 * here cannot be given a port.
 */
export function relayToEngine(
  port: Pick<Electron.MessagePortMain, 'close' | 'on' | 'postMessage' | 'start'>,
  { port: engine, token }: Pick<EngineAddress, 'port' | 'token'>,
  { onOpen, onGone }: RelayEvents,
): void {
  const socket = new WebSocket(`ws://127.0.0.1:${engine}/rpc`, { headers: { authorization: `Bearer ${token}` } });
  const unsent: string[] = [];
  let hasWindowLeft = false;
  socket.on('open', () => {
    onOpen?.();
    for (const message of unsent.splice(0)) socket.send(message);
  });
  socket.on('message', (data, isBinary) => {
    if (!isBinary) port.postMessage(String(data));
  });
  // The close that follows is what counts.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    if (hasWindowLeft) return;
    port.close();
    onGone();
  });
  port.on('message', ({ data }) => {
    if (typeof data !== 'string') return;
    if (socket.readyState === WebSocket.OPEN) socket.send(data);
    else unsent.push(data);
  });
  port.on('close', () => {
    hasWindowLeft = true;
    socket.close();
  });
  port.start();
}
