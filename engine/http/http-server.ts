import { randomUUID } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { ForgeError, type ErrorCode } from '#contract/errors.ts';
import type { Logger } from '#core/ports/logger.ts';
import { createDoor, type Door, type DoorRefusal } from './door.ts';
import { errorBody, errorPage } from './refusal.ts';
import { browserSecurityHeaders } from '#contract/page-policy.ts';

export interface HttpServerOptions {
  /** Loopback unless the person said otherwise. Default 127.0.0.1. */
  readonly host?: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** 48 hexadecimal digits (`createDoorToken`). */
  readonly token: string;
  readonly allowedHosts?: readonly string[];
  readonly logger: Logger;
}

/** The engine's own HTTP server: everything on it is behind the token door. */
export interface HttpServer {
  /** For routes; add them before `listen`. */
  readonly app: FastifyInstance;
  readonly door: Door;
  /** Throws `engine.port-taken`. */
  listen(): Promise<ListeningAddress>;
  /** Ends within two seconds, also when a client keeps its connection open. */
  close(): Promise<void>;
}

export interface ListeningAddress {
  readonly host: string;
  readonly port: number;
  /** For programs. */
  readonly url: string;
  /** For a person's browser: it carries the token once. */
  readonly urlWithToken: string;
}

const bodyLimitBytes = 1024 * 1024;
const headersTimeoutMs = 30_000;

export function createHttpServer(options: HttpServerOptions): HttpServer {
  const host = options.host ?? '127.0.0.1';
  const app = createPlainServer(options.logger);
  // An upload may take its time (its route gives up a silent sender); headers have to come at once, and other bodies are small.
  app.server.requestTimeout = 0;
  app.server.headersTimeout = headersTimeoutMs;
  let port = options.port;
  const door = createDoor({
    token: options.token,
    host,
    port: () => port,
    now: () => performance.now(),
    ...(options.allowedHosts === undefined ? {} : { allowedHosts: options.allowedHosts }),
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(browserSecurityHeaders);
    const verdict = door.judge(request.raw);
    if (verdict.kind === 'admitted') return;
    if (verdict.kind === 'refused') return sendRefusal(request, reply, verdict.refusal);
    return reply
      .header('set-cookie', verdict.cookie)
      .header('cache-control', 'no-store')
      .redirect(verdict.location, 303);
  });
  return {
    app,
    door,
    async listen() {
      port = await listenOn(app, host, port);
      const url = urlOf(host, port);
      return { host, port, url, urlWithToken: `${url}/?token=${options.token}` };
    },
    close: () => closeServer(app),
  };
}

/**
 * A Fastify server with Forge's habits and no door: bounded bodies, errors as `{ error: { code, message, remedy } }`, no banner.
 * The OpenAI server starts from this one too and brings its own keys and its own error shape.
 */
export function createPlainServer(logger: Logger): FastifyInstance {
  const app = Fastify({
    bodyLimit: bodyLimitBytes,
    forceCloseConnections: true,
    logger: false,
    requestTimeout: 30_000,
  });
  app.setNotFoundHandler((request, reply) =>
    sendError(request, reply, { status: 404, code: 'engine.bad-input', reason: 'there is nothing at this address' }),
  );
  app.setErrorHandler((error: Error & { statusCode?: number; code?: string }, request, reply) => {
    if (error instanceof ForgeError) return reply.code(500).send(errorBody(error.code, error.detail));
    const status = error.statusCode ?? 500;
    if (status < 500) {
      const reason = `${error.message} (${error.code ?? status})`;
      return sendError(request, reply, { status, code: 'engine.bad-input', reason });
    }
    const correlationId = randomUUID().slice(0, 8);
    logger.error(
      { correlationId, url: request.url.split('?', 1)[0], error: error.stack },
      'an HTTP request failed with a bug',
    );
    return reply.code(500).send(errorBody('engine.bug', { correlationId }));
  });
  return app;
}

/** Whether nobody listens on a port of loopback now; somebody may a moment later. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ host: '127.0.0.1', port }, () => probe.close(() => resolve(true)));
  });
}

/** Listens and returns the port in use. Throws `engine.port-taken`. */
export async function listenOn(app: FastifyInstance, host: string, port: number): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    if (!isPortTaken(error)) throw error;
    throw new ForgeError('engine.port-taken', { port, host }, { cause: error });
  }
  const address = app.server.address() as AddressInfo;
  return address.port;
}

/** `http://127.0.0.1:1234`; an address that means "every interface" is shown as loopback, which is where it can be opened here. */
export function urlOf(host: string, port: number): string {
  const shown = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}`;
}

async function closeServer(app: FastifyInstance): Promise<void> {
  app.server.closeAllConnections();
  await app.close();
}

function sendRefusal(request: FastifyRequest, reply: FastifyReply, refusal: DoorRefusal): FastifyReply {
  reply.headers(refusal.headers);
  return sendError(request, reply, { status: refusal.status, code: refusal.code, reason: '' });
}

function sendError(
  request: FastifyRequest,
  reply: FastifyReply,
  problem: { status: number; code: ErrorCode; reason: string },
): FastifyReply {
  const body = errorBody(problem.code, { reason: problem.reason });
  reply.code(problem.status).header('cache-control', 'no-store');
  const wantsPage = request.headers.accept?.includes('text/html') ?? false;
  return wantsPage ? reply.type('text/html; charset=utf-8').send(errorPage(body)) : reply.send(body);
}

function isPortTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
