import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Logger } from '#core/ports/logger.ts';
import { removeHalfUploads } from '#native-bridge/files/receive-upload.ts';
import { createSystemServices, type HelperStarters, type SystemServices } from './compose-services.ts';
import { readConfiguration } from './configuration.ts';
import { readLeftEngineFile, removeEngineFile, writeEngineFile } from './engine-file.ts';
import { baseModelHandlers } from './handlers/base-model-handlers.ts';
import { comparisonHandlers } from './handlers/comparison-handlers.ts';
import { datasetHandlers } from './handlers/dataset-handlers.ts';
import { dataDiffHandlers } from './handlers/data-diff-handlers.ts';
import { dataExportHandlers } from './handlers/data-export-handlers.ts';
import { documentHandlers } from './handlers/document-handlers.ts';
import { domainHandlers } from './handlers/domain-handlers.ts';
import { engineHandlers } from './handlers/engine-handlers.ts';
import { environmentHandlers } from './handlers/environment-handlers.ts';
import { foundryHandlers } from './handlers/foundry-handlers.ts';
import { jobHandlers } from './handlers/job-handlers.ts';
import { logHandlers } from './handlers/log-handlers.ts';
import { machineHandlers } from './handlers/machine-handlers.ts';
import { mainJobHandlers } from './handlers/main-job-handlers.ts';
import { modelHandlers } from './handlers/model-handlers.ts';
import { scriptHandlers } from './handlers/script-handlers.ts';
import { secretHandlers } from './handlers/secret-handlers.ts';
import { settingsHandlers } from './handlers/settings-handlers.ts';
import { servingHandlers } from './handlers/serving-handlers.ts';
import { acquireHomeLock } from './home-lock.ts';
import { homeLayout } from './home-layout.ts';
import { createDoorToken } from './http/door.ts';
import { createHttpServer, isPortFree, type ListeningAddress } from './http/http-server.ts';
import { servePage } from './http/static-page.ts';
import { serveUploads } from './http/upload-route.ts';
import { prepareHome } from './prepare-home.ts';
import { forgeImplementer, type ForgeRouter } from './transports/forge-router.ts';
import { serveMessagePort, type EnginePort } from './transports/message-port.ts';
import { serveWebSocket } from './transports/websocket.ts';
import { createWireServer } from './transports/wire-server.ts';

export interface EngineOptions {
  /** FORGE_HOME, absolute. */
  readonly home: string;
  /** The folder of the application. */
  readonly appDirectory: string;
  readonly version: string;
  /** Of the engine's own door; 0 takes any free port. */
  readonly port: number;
  readonly environment: NodeJS.ProcessEnv;
  readonly logger: (module: string) => Logger;
  /** Asked by `engine.stop`; called once. */
  readonly onStop: () => void;
  /** Default: forked Node processes. */
  readonly helpers?: HelperStarters;
}

export interface Engine {
  readonly address: ListeningAddress;
  readonly token: string;
  /** Serves a window of the desktop shell over its message port. */
  serveWindow(port: EnginePort): void;
  /** Lets go of running work (workers live on) and leaves the home to the next engine. Repeatable. */
  stop(): Promise<void>;
}

/**
 * Puts the engine together and opens its door. Order matters: the home is proved writable and locked before anything is read from it, the door opens
 * before slow work (looking at Python, adopting jobs) begins.
 * @throws ForgeError `engine.home-not-writable`, `engine.home-in-use`, `engine.port-taken`, `storage.*`
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const layout = homeLayout(options.home);
  await prepareHome(layout);
  const lock = acquireHomeLock(options.home);
  try {
    const configuration = await readConfiguration(layout.configuration, options.environment);
    const services = createSystemServices({ ...options, layout, configuration });
    const left = await readLeftEngineFile(layout.engineFile);
    const token = left?.token ?? createDoorToken();
    const port = options.port === 0 && left !== null && (await isPortFree(left.port)) ? left.port : options.port;
    const { http, wire, close } = openDoor({ ...options, port }, services, token);
    servePage(http.app, path.join(options.appDirectory, 'dist', 'renderer'));
    // While nobody can send one: what an engine's death cut off.
    await removeHalfUploads(services.uploads);
    const address = await http.listen();
    const startedAt = Date.now();
    await writeEngineFile(layout.engineFile, { address, token, version: options.version, startedAt });
    await services.start();
    let stopping: Promise<void> | null = null;
    const stop = async (): Promise<void> => {
      close();
      await http.close();
      await services.stop();
      await removeEngineFile(layout.engineFile);
      lock.release();
    };
    return {
      address,
      token,
      serveWindow: (port) => serveMessagePort(wire, port),
      stop: () => (stopping ??= stop()),
    };
  } catch (error) {
    // The lock is ours, so an address that stands there is ours as well, or that of an engine that is gone.
    await removeEngineFile(layout.engineFile);
    lock.release();
    throw error;
  }
}

function openDoor(options: EngineOptions, services: SystemServices, token: string) {
  const logger = options.logger('door');
  const http = createHttpServer({ port: options.port, token, logger });
  serveUploads(http.app, { folder: services.uploads, logger });
  const router = createRouter(options, services);
  const wire = createWireServer({
    router,
    logger,
    checkOutputs: false,
    newCorrelationId: () => randomBytes(4).toString('hex'),
  });
  const sockets = serveWebSocket(wire, {
    server: http.app.server,
    judgeUpgrade: (request) => http.door.judgeUpgrade(request),
  });
  return { http, wire, close: () => sockets.close() };
}

/** Every procedure over its service. */
export function createRouter(
  options: Pick<EngineOptions, 'home' | 'version' | 'onStop'>,
  services: SystemServices,
): ForgeRouter {
  const { home, version } = options;
  return forgeImplementer.router({
    ...engineHandlers({
      version,
      home,
      startedAt: Date.now(),
      stop: () => setImmediate(options.onStop),
      rebuildIndex: () => services.rebuildIndex(),
    }),
    ...jobHandlers(services.jobs),
    ...mainJobHandlers(services),
    ...modelHandlers(services.registry, services),
    ...environmentHandlers(services.environments, services.housekeeping.isWorking),
    ...machineHandlers(services.hardware, services.housekeeping.meters),
    ...baseModelHandlers(services.bases),
    ...servingHandlers(services.serving, services.served),
    ...secretHandlers(services.secrets),
    ...datasetHandlers(services.datasets, services.drafts),
    ...foundryHandlers(services.foundry, services.foundryViews, {
      hub: services.hubDatasets,
      uses: services.versionUses,
    }),
    ...scriptHandlers(services.scripts, services.sandboxPages),
    ...domainHandlers(services.domains),
    ...dataDiffHandlers(services.diffs),
    ...dataExportHandlers(services.foundry),
    ...documentHandlers(services.foundry),
    ...comparisonHandlers(services.comparisons, services.comparableModels, services.providers),
    ...settingsHandlers(services.housekeeping),
    ...logHandlers(services.housekeeping.log),
  });
}
