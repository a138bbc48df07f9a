import { ForgeError } from '#contract/errors.ts';
import type { ModelServerStatus, ServedModel } from '#contract/serving.ts';
import type { Logger } from '#core/ports/logger.ts';
import type { OpenAiServer } from '../http/openai-server.ts';
import type { ServedModels } from '../http/openai-served-models.ts';

export interface ServingStatus {
  readonly running: boolean;
  readonly url: string | null;
  readonly models: ServedModel[];
  readonly servers: ModelServerStatus[];
}

export interface ServingService {
  status(): Promise<ServingStatus>;
  /** Repeating it with the same address changes nothing; with another one it moves the server there. */
  start(address: { host: string; port: number }): Promise<ServingStatus>;
  /** Proves that the server could be started there, unless it runs already. @throws ForgeError `engine.port-taken`, `engine.not-loopback` */
  checkAddress(address: { host: string; port: number }): Promise<void>;
  stop(): Promise<ServingStatus>;
  isRunning(): boolean;
}

export interface ServingServiceOptions {
  readonly served: ServedModels;
  readonly open: (address: { host: string; port: number }) => Promise<OpenAiServer>;
  readonly logger: Logger;
}

/** The one state machine behind the command line, the page and (next) the tray: stopped or serving at an address. */
export function createServingService({ served, open, logger }: ServingServiceOptions): ServingService {
  let server: OpenAiServer | null = null;
  let turn: Promise<unknown> = Promise.resolve();
  const status = async (): Promise<ServingStatus> => ({
    running: server !== null,
    url: server?.baseUrl ?? null,
    models: await served.list(),
    servers: served.status().map(({ path: _path, ...status }) => status),
  });
  /** Starts and stops one behind the other, so two callers never open two servers. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = turn.then(work, work);
    turn = next.catch(() => undefined);
    return next;
  };
  const close = async (): Promise<void> => {
    await server?.close();
    server = null;
  };
  return {
    status,
    isRunning: () => server !== null,
    start: (address) =>
      inTurn(async () => {
        requireLoopback(address.host);
        const same = server?.host === address.host && (address.port === 0 || server.port === address.port);
        if (!same) {
          await close();
          server = await open(address);
          logger.info({ url: server.baseUrl }, 'OpenAI-compatible server listens');
        }
        return status();
      }),
    checkAddress: (address) =>
      inTurn(async () => {
        if (server !== null) return;
        requireLoopback(address.host);
        await (await open(address)).close();
      }),
    stop: () =>
      inTurn(async () => {
        await close();
        await served.unload();
        return status();
      }),
  };
}

/** Keys for callers from the network come with the gateway; until then nothing but this machine may reach the server. */
function requireLoopback(host: string): void {
  if (!isLoopback(host)) throw new ForgeError('engine.not-loopback', { host });
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
