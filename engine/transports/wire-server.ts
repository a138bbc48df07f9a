import { RPCHandler } from '@orpc/server/websocket';
import { maximumMessageLength, parseAcknowledgement, streamHeader } from '#contract/flow-control.ts';
import { ForgeError } from '#contract/errors.ts';
import { createCallGuard, type WireContext } from './call-guard.ts';
import { createErrorMapping } from './error-mapping.ts';
import type { ClientConnection, TransportOptions } from './forge-router.ts';
import { createStreamWindows, type StreamWindows } from './stream-window.ts';

/** The engine's end of one open wire. */
export interface WireChannel {
  readonly wire: ClientConnection['wire'];
  /** A promise it returns is awaited before the next message of the same stream is made. */
  send(message: string): void | Promise<void>;
  /** Ends the wire because the client broke a rule; `reason` is for the log and the close frame. */
  refuse(reason: string): void;
}

/** What the adapter of a wire calls. */
export interface WireConnection {
  receive(message: unknown): void;
  /** The wire is gone: every call and stream in progress is aborted. */
  closed(): void;
}

export interface WireServer {
  connect(channel: WireChannel): WireConnection;
  /** Wires open now. */
  readonly connections: number;
}

const maximumCallsInProgress = 256;

/** Serves the router on any wire that carries text messages; message-port.ts and websocket.ts adapt the real ones. */
export function createWireServer(options: TransportOptions): WireServer {
  const handler = createHandler(options);
  let made = 0;
  let open = 0;
  return {
    connect(channel) {
      made += 1;
      open += 1;
      const connection: ClientConnection = { id: `${channel.wire}-${made}`, wire: channel.wire, greeted: false };
      return serveConnection({ handler, channel, connection, logger: options.logger }, () => {
        open -= 1;
      });
    },
    get connections() {
      return open;
    },
  };
}

/** Until the request's headers are read, the windows of its connection travel in the context without a stream. */
interface RequestContext extends WireContext {
  readonly windows: StreamWindows;
}

function createHandler(options: TransportOptions): RPCHandler<RequestContext> {
  const mapError = createErrorMapping(options);
  const guard = createCallGuard(options);
  return new RPCHandler<RequestContext>(options.router, {
    clientInterceptors: [(call) => guard(call, (procedure) => call.next({ ...call, procedure }))],
    interceptors: [
      async (request) => {
        const id = request.request.headers[streamHeader];
        const place = { procedure: request.request.url.pathname, connection: request.context.connection.id };
        const stream = typeof id === 'string' ? { stream: { id, windows: request.context.windows } } : {};
        try {
          const result = await request.next({ ...request, context: { ...request.context, ...stream } });
          if (result.matched) return result;
        } catch (error) {
          throw mapError(error, place);
        }
        throw mapError(
          new ForgeError('engine.bad-input', { reason: `there is no procedure ${place.procedure.slice(0, 100)}` }),
          place,
        );
      },
    ],
  });
}

interface Serving {
  readonly handler: RPCHandler<RequestContext>;
  readonly channel: WireChannel;
  readonly connection: ClientConnection;
  readonly logger: TransportOptions['logger'];
}

function serveConnection(serving: Serving, onClosed: () => void): WireConnection {
  const { handler, channel, connection, logger } = serving;
  const windows = createStreamWindows();
  const peer = { send: (message: unknown) => channel.send(String(message)), addEventListener: () => undefined };
  const log = { connection: connection.id };
  let inProgress = 0;
  let isOpen = true;

  const refuse = (reason: string) => {
    logger.warn({ ...log, reason }, 'a connection was refused');
    channel.refuse(reason);
  };
  return {
    receive(message) {
      if (!isOpen) return;
      if (typeof message !== 'string') return refuse('only text messages are understood');
      if (message.length > maximumMessageLength) return refuse('a message is too large');
      const acknowledged = parseAcknowledgement(message);
      if (acknowledged === 'malformed') return refuse('a message is malformed');
      if (acknowledged !== null) return windows.acknowledge(acknowledged.stream, acknowledged.count);
      if (inProgress >= maximumCallsInProgress) return refuse('too many calls at once');
      inProgress += 1;
      handler
        .message(peer, message, { context: { connection, windows } })
        .catch((error: unknown) => {
          // A message that does not decode, or an answer that does not encode: the caller would wait for ever, so the wire ends.
          if (!isOpen) return;
          logger.warn({ ...log, error: String(error) }, 'a message could not be handled');
          refuse('a message is malformed');
        })
        .finally(() => {
          inProgress -= 1;
        });
    },
    closed() {
      if (!isOpen) return;
      isOpen = false;
      handler.close(peer);
      logger.debug(log, 'a connection closed');
      onClosed();
    },
  };
}
