import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { createForgeClient, type ForgeClient } from '#contract/client.ts';
import { createMessagePortLink, createWebSocketLink } from '#contract/wire-link.ts';
import type { Logger, LogFields } from '#core/ports/logger.ts';
import { createDoorToken } from '#engine/http/door.ts';
import { createHttpServer } from '#engine/http/http-server.ts';
import type { TransportOptions } from '#engine/transports/forge-router.ts';
import { createInProcessClient } from '#engine/transports/in-process.ts';
import { serveMessagePort, type EnginePort } from '#engine/transports/message-port.ts';
import { serveWebSocket } from '#engine/transports/websocket.ts';
import { createWireServer } from '#engine/transports/wire-server.ts';

export interface WireClient {
  readonly client: ForgeClient;
  close(): void;
  /** Puts a raw message on the wire; absent where there is none. */
  readonly sendRaw?: (message: string) => void;
}

export interface OpenWire {
  connect(): Promise<WireClient>;
  /** What a crash of the engine looks like to every client. */
  dropAll(): void;
  stop(): Promise<void>;
}

export interface Wire {
  readonly name: string;
  /** False in process: nothing is serialised, so there are no messages to be too large or malformed. */
  readonly hasMessages: boolean;
  open(options: TransportOptions): Promise<OpenWire>;
}

export const wires: readonly Wire[] = [
  { name: 'in process', hasMessages: false, open: openInProcess },
  { name: 'a worker thread port', hasMessages: true, open: (options) => openPort(options, (port) => port) },
  { name: 'an Electron port', hasMessages: true, open: (options) => openPort(options, electronPort) },
  { name: 'a WebSocket', hasMessages: true, open: openWebSocket },
];

/** Keeps what was logged. */
export function recordingLogger(): { logger: Logger; lines: { fields: LogFields; message: string }[] } {
  const lines: { fields: LogFields; message: string }[] = [];
  const write = (fields: LogFields, message: string) => {
    lines.push({ fields, message });
  };
  return { logger: { debug: write, info: write, warn: write, error: write }, lines };
}

function openInProcess(options: TransportOptions): Promise<OpenWire> {
  const clients = new Set<WireClient>();
  return Promise.resolve({
    connect() {
      const client = createInProcessClient({ ...options, greeted: false });
      clients.add(client);
      return Promise.resolve(client);
    },
    dropAll: () => clients.forEach((client) => client.close()),
    stop: () => Promise.resolve(clients.forEach((client) => client.close())),
  });
}

function openPort(options: TransportOptions, shape: (port: MessagePort) => EnginePort): Promise<OpenWire> {
  const server = createWireServer(options);
  const ports = new Set<MessagePort>();
  const dropAll = () => ports.forEach((port) => port.close());
  return Promise.resolve({
    connect() {
      const { port1, port2 } = new MessageChannel();
      ports.add(port1);
      serveMessagePort(server, shape(port1));
      const client = createForgeClient(createMessagePortLink(port2));
      port2.start();
      return Promise.resolve({ client, close: () => port2.close(), sendRaw: (message) => port2.postMessage(message) });
    },
    dropAll,
    stop: () => Promise.resolve(dropAll()),
  });
}

/** Electron's MessagePortMain: `on` with an event object, no `addEventListener`, silent until `start`. */
function electronPort(port: MessagePort): EnginePort {
  return {
    postMessage: (message) => port.postMessage(message),
    on(type: string, listener: (event?: { data: unknown }) => void) {
      port.addEventListener(type, (event: Event) => listener('data' in event ? { data: event.data } : undefined));
    },
    start: () => port.start(),
    close: () => port.close(),
  };
}

async function openWebSocket(options: TransportOptions): Promise<OpenWire> {
  const token = createDoorToken();
  const http = createHttpServer({ port: 0, token, logger: options.logger });
  const transport = serveWebSocket(createWireServer(options), {
    server: http.app.server,
    judgeUpgrade: (request) => http.door.judgeUpgrade(request),
  });
  const { port } = await http.listen();
  return {
    async connect() {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/rpc`, { headers: { authorization: `Bearer ${token}` } });
      await new Promise<void>((resolve, reject) => {
        socket.addEventListener('open', () => resolve());
        socket.addEventListener('error', () => reject(new Error('the socket did not open')));
      });
      const client = createForgeClient(createWebSocketLink(socket));
      return { client, close: () => socket.close(), sendRaw: (message) => socket.send(message) };
    },
    dropAll: () => transport.disconnectAll(),
    async stop() {
      transport.close();
      await http.close();
    },
  };
}
