import Fastify, { type FastifyInstance } from 'fastify';
import { ForgeError } from '#contract/errors.ts';
import { defaultServingHost, defaultServingPort, servingLimits } from '#contract/serving.ts';
import { registerOpenAiRoutes, type OpenAiRoutesOptions } from './openai-routes.ts';

export interface OpenAiServerOptions extends OpenAiRoutesOptions {
  readonly host?: string;
  /** 0 takes any free port. */
  readonly port?: number;
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
 * @throws ForgeError `engine.port-taken` when another program listens there.
 */
export async function startOpenAiServer(options: OpenAiServerOptions): Promise<OpenAiServer> {
  const { host = defaultServingHost, port = defaultServingPort } = options;
  const app = createOpenAiApp(options);
  try {
    await app.listen({ host, port });
  } catch (cause) {
    await app.close();
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE' || code === 'EACCES')
      throw new ForgeError('engine.port-taken', { host, port }, { cause });
    throw cause;
  }
  const address = app.server.address();
  const actualPort = typeof address === 'object' && address !== null ? address.port : port;
  const shownHost = host.includes(':') ? `[${host}]` : host;
  return { host, port: actualPort, baseUrl: `http://${shownHost}:${actualPort}/v1`, close: () => app.close() };
}
