import type { WirePort } from '#contract/wire-link.ts';
import type { WireServer } from './wire-server.ts';

/** Node's `MessagePort` (events with `data`, through `addEventListener`) or Electron's `MessagePortMain` (the same events, through `on`). */
export type EnginePort = WirePort & { start?(): void; close(): void };

/**
 * Serves one window over its port until either end closes it. Anyone who holds the other end of a port was given it by the
 * main process, so there is no token; the greeting is still required.
 */
export function serveMessagePort(server: WireServer, port: EnginePort): void {
  const connection = server.connect({
    wire: 'message-port',
    send: (message) => port.postMessage(message),
    refuse: () => {
      port.close();
      // Electron reports the closing only to the other end.
      connection.closed();
    },
  });
  listen(port, 'message', (event) => connection.receive(event?.data));
  listen(port, 'close', () => connection.closed());
  port.start?.();
}

function listen(port: EnginePort, type: string, listener: (event?: { data?: unknown }) => void): void {
  // Node's port has both, and its `on` hands over the bare value: `addEventListener` comes first.
  if ('addEventListener' in port) port.addEventListener(type, listener);
  else port.on(type, listener);
}
