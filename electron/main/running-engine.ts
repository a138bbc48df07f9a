import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type Electron from 'electron';
import { WebSocket } from 'ws';
import { z } from 'zod';

/** The part of `FORGE_HOME/engine.json` that is needed to reach an engine which runs already. */
const engineFile = z.object({
  pid: z.number().int().positive(),
  port: z.number().int().min(1).max(65_535),
  token: z.string().min(1).max(200),
});
export type RunningEngine = z.infer<typeof engineFile>;

const largestFileBytes = 64 * 1024;

/** The engine that the command line, or an earlier window, has left running on this home; null when there is none. */
export async function findRunningEngine(home: string): Promise<RunningEngine | null> {
  const text = await readFile(path.join(home, 'engine.json'), 'utf8').catch(() => '');
  if (text === '' || text.length > largestFileBytes) return null;
  try {
    const found = engineFile.parse(JSON.parse(text));
    return isAlive(found.pid) ? found : null;
  } catch (error) {
    // Half written: an engine that starts right now replaces it, and our own will say that the home is in use.
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Joins a window's port with the running engine's WebSocket. The only place where main passes messages on: an engine that was not started
 * here cannot be given a port. `onGone` is called when the engine does not answer.
 */
export function relayToEngine(
  port: Pick<Electron.MessagePortMain, 'close' | 'on' | 'postMessage' | 'start'>,
  { port: engine, token }: RunningEngine,
  onGone: () => void,
): void {
  const socket = new WebSocket(`ws://127.0.0.1:${engine}/rpc`, { headers: { authorization: `Bearer ${token}` } });
  const unsent: string[] = [];
  socket.on('open', () => {
    for (const message of unsent.splice(0)) socket.send(message);
  });
  socket.on('message', (data, isBinary) => {
    if (!isBinary) port.postMessage(String(data));
  });
  // The close that follows is what counts.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    port.close();
    onGone();
  });
  port.on('message', ({ data }) => {
    if (typeof data !== 'string') return;
    if (socket.readyState === WebSocket.OPEN) socket.send(data);
    else unsent.push(data);
  });
  port.on('close', () => socket.close());
  port.start();
}
