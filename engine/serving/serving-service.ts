import { ForgeError } from '#contract/errors.ts';
import type { ModelServerStatus, ServedModel } from '#contract/serving.ts';
import type { Logger } from '#core/ports/logger.ts';
import type { ModelServer } from '#core/ports/model-server.ts';

/** What a running OpenAI server is to the rest of the engine. */
export interface OpenAiServer {
  /** Base address for clients, ending in /v1. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

export interface ServingStatus {
  readonly running: boolean;
  readonly url: string | null;
  readonly models: ServedModel[];
  readonly server: ModelServerStatus;
}

export interface ServingService {
  status(): Promise<ServingStatus>;
  /** Repeating it with the same address changes nothing; with another one it moves the server there. */
  start(address: { host: string; port: number }): Promise<ServingStatus>;
  stop(): Promise<ServingStatus>;
  isRunning(): boolean;
}

export interface ServingServiceOptions {
  readonly modelServer: ModelServer;
  readonly listModels: () => Promise<ServedModel[]>;
  readonly open: (address: { host: string; port: number }) => Promise<OpenAiServer>;
  readonly logger: Logger;
}

/** The one state machine behind the command line, the page and (next) the tray: stopped or serving at an address. */
export function createServingService({ modelServer, listModels, open, logger }: ServingServiceOptions): ServingService {
  let server: OpenAiServer | null = null;
  let turn: Promise<unknown> = Promise.resolve();
  const status = async (): Promise<ServingStatus> => ({
    running: server !== null,
    url: server?.url ?? null,
    models: await listModels(),
    server: modelServer.status(),
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
        if (!isLoopback(address.host)) {
          throw new ForgeError('engine.not-loopback', { host: address.host });
        }
        const same = server?.host === address.host && (address.port === 0 || server.port === address.port);
        if (!same) {
          await close();
          server = await open(address);
          logger.info({ url: server.url }, 'OpenAI-compatible server listens');
        }
        return status();
      }),
    stop: () =>
      inTurn(async () => {
        await close();
        await modelServer.unload();
        return status();
      }),
  };
}

/** Keys for callers from the network come with the gateway; until then nothing but this machine may reach the server. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
