import { mapEventIterator } from '@orpc/client';
import { RPCLink as MessagePortRpcLink } from '@orpc/client/message-port';
import { RPCLink as WebSocketRpcLink } from '@orpc/client/websocket';
import type { ForgeLink } from './client.ts';
import { acknowledgeEvery, acknowledgementFrame, parseAcknowledgement, streamHeader } from './flow-control.ts';

/** The part of a WebSocket that is used: the browser's, Node's global one and `ws` all have it. */
export interface WireSocket {
  readonly readyState: number;
  send(message: string): void;
  addEventListener(type: string, listener: (event: { data?: unknown }) => void, options?: { once?: boolean }): void;
  removeEventListener(type: string, listener: (event: { data?: unknown }) => void): void;
}

type PortListener = (event?: { data: unknown }) => void;

/** The part of a message port that is used: the browser's and Node's (`addEventListener`) or Electron's `MessagePortMain` (`on`). */
export type WirePort =
  | {
      postMessage(message: string): void;
      addEventListener(type: string, listener: (event: { data?: unknown }) => void): void;
    }
  | { postMessage(message: string): void; on(type: string, listener: PortListener): unknown };

const socketConnecting = 0;
const socketOpen = 1;

/** The frame that cancels a call. */
const abortFrame = /^\{"i":"[^"]*","t":4\}$/;

/**
 * Calls over a WebSocket that is open or still connecting. Calls and streams in progress reject when it closes;
 * reconnecting is `resumableEvents` or the caller's affair: a link lives as long as its socket.
 */
export function createWebSocketLink(socket: WireSocket): ForgeLink {
  const send = (message: string) => {
    sendOrRefuse({ isOpen: socket.readyState === socketOpen, send: (text) => socket.send(text) }, message);
  };
  const facade = {
    get readyState() {
      return socket.readyState === socketConnecting ? socketConnecting : socketOpen;
    },
    send,
    addEventListener: socket.addEventListener.bind(socket),
    removeEventListener: socket.removeEventListener.bind(socket),
  };
  return new WebSocketRpcLink<StreamContext>({ websocket: facade, ...streamAcknowledger(send) });
}

/** Calls over a message port. A Node or browser port must have been started (`port.start()`). */
export function createMessagePortLink(port: WirePort): ForgeLink {
  let isOpen = true;
  const send = (message: string) => sendOrRefuse({ isOpen, send: (text) => port.postMessage(text) }, message);
  const facade = { postMessage: send, on: (type: string, listener: PortListener) => listen(port, type, listener) };
  // A closed port swallows what is posted to it: without this a call on it would wait for ever.
  facade.on('close', () => {
    isOpen = false;
  });
  return new MessagePortRpcLink<StreamContext>({ port: facade, ...streamAcknowledger(send) });
}

function listen(port: WirePort, type: string, listener: PortListener): void {
  // Node's port has both, and its `on` hands over the bare value: `addEventListener` comes first.
  if ('addEventListener' in port) port.addEventListener(type, (event) => listener({ data: event.data }));
  else port.on(type, listener);
}

/** Cancelling and reporting progress are pointless on a closed wire, where the engine has cancelled everything itself. */
function sendOrRefuse(wire: { isOpen: boolean; send(message: string): void }, message: string): void {
  if (wire.isOpen) return wire.send(message);
  // To throw here would be to throw inside an abort listener of the library, where nobody can catch it.
  if (abortFrame.test(message) || parseAcknowledgement(message) !== null) return undefined;
  throw new Error('The connection to the engine is closed.');
}

interface StreamContext {
  streamId?: string;
}

/**
 * Names each call, and when its answer is a stream reports how far this side has read it: the engine keeps at most a window
 * of messages under way (flow-control.ts), so a reader that is slow, and not only a wire that is slow, holds the producer back.
 */
function streamAcknowledger(send: (frame: string) => void) {
  let calls = 0;
  return {
    headers: (options: { context: StreamContext }) => ({ [streamHeader]: options.context.streamId }),
    interceptors: [
      async <O extends { context: StreamContext; next(options: O): Promise<unknown> }>(
        options: O,
      ): Promise<unknown> => {
        calls += 1;
        const streamId = String(calls);
        const output = await options.next({ ...options, context: { ...options.context, streamId } });
        return isEventIterator(output) ? acknowledged(output, streamId, send) : output;
      },
    ],
  };
}

function acknowledged(
  stream: AsyncIterator<unknown>,
  streamId: string,
  send: (frame: string) => void,
): AsyncIterator<unknown> {
  let read = 0;
  return mapEventIterator(stream, {
    value: (value, done) => {
      read += 1;
      if (done !== true && read % acknowledgeEvery === 0) send(acknowledgementFrame(streamId, read));
      return Promise.resolve(value);
    },
    error: (error) => Promise.resolve(error),
  });
}

/** Whether the output of a call is a stream. */
export function isEventIterator(value: unknown): value is AsyncIterator<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value && 'next' in value;
}
