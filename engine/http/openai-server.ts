import Fastify, { type FastifyInstance } from 'fastify';
import { ForgeError } from '#contract/errors.ts';
import { defaultServingHost, defaultServingPort, servingLimits } from '#contract/serving.ts';
import { urlOf } from './http-server.ts';
import { registerOpenAiRoutes, type OpenAiRoutesOptions } from './openai-routes.ts';

export interface OpenAiServerOptions extends OpenAiRoutesOptions {
  readonly host?: string;
  /** 0 takes any free port. */
  readonly port?: number;
  /** Called once when it stops listening without having been closed. */
  readonly onDied?: (reason: string) => void;
}

export interface OpenAiServer {
  readonly host: string;
  readonly port: number;
  /** The base address for OpenAI clients, with `/v1`. */
  readonly baseUrl: string;
  /** Stops listening and ends open answers. */
  close(): Promise<void>;
}

/** A Fastify server with the OpenAI surface that does not listen yet. */
export function createOpenAiApp(options: OpenAiRoutesOptions): FastifyInstance {
  const app = Fastify({
    bodyLimit: servingLimits.bodyBytes,
    logger: false,
    forceCloseConnections: true,
    // A dropped `__proto__` would change a message silently; refusing it is the library's default and meant here.
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    requestTimeout: 60_000,
  });
  registerOpenAiRoutes(app, options);
  return app;
}

/**
 * Starts the OpenAI-compatible server.
 * @throws ForgeError `engine.port-taken` when another program listens there, `serving.address-not-usable` when this machine has no such address.
 */
export async function startOpenAiServer(options: OpenAiServerOptions): Promise<OpenAiServer> {
  const { host = defaultServingHost, port = defaultServingPort } = options;
  const app = createOpenAiApp(options);
  try {
    await app.listen({ host, port });
  } catch (cause) {
    await app.close();
    throw listenFailure(cause, host, port);
  }
  const isClosing = reportDeath(app, options.onDied);
  const address = app.server.address();
  const actualPort = typeof address === 'object' && address !== null ? address.port : port;
  const close = async (): Promise<void> => {
    isClosing();
    await app.close();
  };
  return { host, port: actualPort, baseUrl: `${urlOf(host, actualPort)}/v1`, close };
}

function listenFailure(cause: unknown, host: string, port: number): unknown {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE' || code === 'EACCES') return new ForgeError('engine.port-taken', { host, port }, { cause });
  const isUnknown = code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EINVAL';
  return isUnknown ? new ForgeError('serving.address-not-usable', { host }, { cause }) : cause;
}

/** The function it returns says that the end is meant. */
function reportDeath(app: FastifyInstance, onDied: ((reason: string) => void) | undefined): () => void {
  let isMeant = false;
  const die = (reason: string): void => {
    if (isMeant) return;
    isMeant = true;
    onDied?.(reason);
  };
  app.server.on('error', (error) => die(error.message));
  app.server.once('close', () => die('the socket was closed'));
  return () => {
    isMeant = true;
  };
}
