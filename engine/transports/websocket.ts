import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { maximumMessageLength } from '#contract/flow-control.ts';
import type { DoorRefusal } from '../http/door.ts';
import { writeRefusal } from '../http/refusal.ts';
import type { WireServer } from './wire-server.ts';

export interface WebSocketOptions {
  /** The HTTP server whose upgrades are taken. */
  readonly server: Server;
  /** The door's judgement on an upgrade (token, Host, Origin); null admits. */
  readonly judgeUpgrade: (request: IncomingMessage) => DoorRefusal | null;
  /** Default `/rpc`. Upgrades to any other path are refused with 404. */
  readonly path?: string;
}

export interface WebSocketTransport {
  /** Closes every socket ("going away"); clients may come back. */
  disconnectAll(): void;
  /** The same, and takes no more; a client that does not answer within a second is cut off. */
  close(): void;
}

/** Above this a stream waits until the kernel has taken what is buffered for the socket. */
const bufferedBytesBeforeWaiting = 1024 * 1024;
const pingEveryMs = 30_000;
const closeGraceMs = 1_000;
const goingAway = 1001;
const policyViolation = 1008;

/** Serves the router on WebSocket upgrades of `path`. */
export function serveWebSocket(wireServer: WireServer, options: WebSocketOptions): WebSocketTransport {
  // No compression: it costs memory per socket, and loopback gains nothing.
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maximumMessageLength, perMessageDeflate: false });
  const alive = new WeakSet<WebSocket>();
  const path = options.path ?? '/rpc';

  const onUpgrade = (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', () => stream.destroy());
    const refusal = options.judgeUpgrade(request);
    if (refusal !== null) return writeRefusal(stream, refusal);
    if (pathOf(request) !== path) return writeRefusal(stream, { status: 404, code: 'engine.bad-input', headers: {} });
    sockets.handleUpgrade(request, stream, head, (socket) => {
      alive.add(socket);
      socket.on('pong', () => alive.add(socket));
      serveSocket(wireServer, socket);
    });
  };
  options.server.on('upgrade', onUpgrade);

  // A machine that fell asleep never says goodbye: a socket that let a whole period pass without a pong is gone.
  const pings = setInterval(() => {
    for (const socket of sockets.clients) {
      if (!alive.delete(socket)) socket.terminate();
      else socket.ping();
    }
  }, pingEveryMs);
  pings.unref();

  const disconnectAll = () => {
    for (const socket of sockets.clients) socket.close(goingAway, 'the engine is stopping');
  };
  return {
    disconnectAll,
    close() {
      clearInterval(pings);
      options.server.off('upgrade', onUpgrade);
      disconnectAll();
      sockets.close();
      setTimeout(() => sockets.clients.forEach((socket) => socket.terminate()), closeGraceMs).unref();
    },
  };
}

function serveSocket(wireServer: WireServer, socket: WebSocket): void {
  const connection = wireServer.connect({
    wire: 'websocket',
    send: (message) => sendWithin(socket, message),
    refuse: (reason) => socket.close(policyViolation, reason),
  });
  socket.on('message', (data, isBinary) => connection.receive(isBinary ? data : String(data)));
  socket.on('close', () => connection.closed());
  // An oversized or malformed frame: ws itself closes the socket with 1009 or 1002 after this event.
  socket.on('error', () => connection.closed());
}

function sendWithin(socket: WebSocket, message: string): void | Promise<void> {
  if (socket.bufferedAmount < bufferedBytesBeforeWaiting) return socket.send(message);
  return new Promise((resolve, reject) => {
    socket.send(message, (error) => (error == null ? resolve() : reject(error)));
  });
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/';
}
