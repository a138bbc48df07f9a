import { randomBytes } from 'node:crypto';
import { ForgeError } from '#contract/errors.ts';
import type { JobHostStarter } from '#core/ports/job-host.ts';
import type { Logger } from '#core/ports/logger.ts';
import { servingPolicy } from '#core/serving/serving-policy.ts';
import { systemClock } from '#native-bridge/clock/system-clock.ts';
import { findLlamaLibrary } from '#native-bridge/llama/find-llama-library.ts';
import type { StartModelProcess } from '#native-bridge/llama/model-link.ts';
import { createModelServer } from '#native-bridge/llama/model-server.ts';
import { createOllama } from '#native-bridge/ollama/create-ollama.ts';
import { openDatabase } from '#native-bridge/storage/database.ts';
import { composeComparisons } from './comparisons/compose-comparisons.ts';
import { composeHousekeeping } from './compose-housekeeping.ts';
import { createMachineServices, type MachineServices } from './compose-machine.ts';
import type { Configuration } from './configuration.ts';
import { composeDatasets } from './datasets/compose-datasets.ts';
import { createImportFile } from './datasets/import-file.ts';
import { createDeploymentService } from './deployment/deployment-service.ts';
import { createExportService } from './exports/export-service.ts';
import { createVersionUses } from './foundry/version-uses.ts';
import { composeFoundry } from './foundry/compose-foundry.ts';
import type { HomeLayout } from './home-layout.ts';
import { createForkJobHostStarter } from './job-host/fork-job-host.ts';
import { createJobService, type JobService } from './jobs/job-service.ts';
import { createIndexRebuild } from './jobs/index-rebuild.ts';
import { createBuildStore, type BuildStore } from './main-job/build-store.ts';
import { createAnswerReader } from './main-job/answers.ts';
import { createMainJobService } from './main-job/main-job-service.ts';
import type { MainJobServices } from './main-job/services.ts';
import { askOpenAiServer } from './serving/ask-open-ai-server.ts';
import { composeServing } from './serving/compose-serving.ts';
import { startServices } from './start-services.ts';

export interface SystemServicesOptions {
  readonly home: string;
  readonly appDirectory: string;
  readonly version: string;
  readonly layout: HomeLayout;
  readonly configuration: Configuration;
  readonly environment: NodeJS.ProcessEnv;
  readonly logger: (module: string) => Logger;
  readonly helpers?: HelperStarters | undefined;
}

/** How processes beside the engine are started; Electron's main does it where an engine cannot fork. */
export interface HelperStarters {
  readonly jobHost: JobHostStarter;
  readonly startModelProcess: StartModelProcess;
}

export type SystemServices = ReturnType<typeof createSystemServices>;

/** Devices that jobs may lease. A job asks for one by kind; what the machine lacks is never asked for, because the profile decides. */
const leasedDevices = ['cpu', 'cuda:0', 'mlx'] as const;

/** Everything behind the handlers, on this machine. Nothing is started here; `start` does. */
export function createSystemServices(options: SystemServicesOptions) {
  const { layout, home } = options;
  const machine = createMachineServices(options);
  const { hardware, environments, bases, secrets } = machine;
  const { database, jobs } = createJobs(options, machine);
  const store = createBuildStore(layout);
  const models = createModelParts(options, { machine, store });
  const { registry } = models;
  const data = composeDatasets({ ...options, ...machine, clock: systemClock });
  const foundries = composeFoundry({ ...options, ...data, clock: systemClock });
  const compared = composeComparisons({
    ...{ ...options, ...machine, ...models, store, clock: systemClock },
    isOffline: () => machine.outbound.isOffline(),
  });
  const ending = new AbortController();
  const importFile = createImportFile(foundries.foundry);
  const forMainJobs = mainJobServices(options, { machine, jobs, models, readings: data.readings, importFile });
  const mainJobs = createMainJobService(forMainJobs, { store });
  const exports = createExportService({ services: forMainJobs, registry, startServer: models.startServer });
  return {
    hardware,
    bases,
    environments,
    jobs,
    mainJobs,
    exports,
    secrets,
    ...models,
    ...data,
    ...foundries,
    ...compared,
    providers: machine.providers,
    answers: createAnswerReader(store),
    versionUses: createVersionUses(store),
    housekeeping: composeHousekeeping({
      ...options,
      ...{
        jobs,
        mainJobs,
        foundryJobs: foundries.foundry.jobs,
        environments,
        secretStore: machine.secretStore,
        clock: systemClock,
        servers: [models.served, compared.comparedServers],
      },
    }),
    rebuildIndex: createIndexRebuild({ home, database, jobs }),
    start: () =>
      startServices({ ...options, ...machine, ...models, ...compared, ...foundries, jobs, mainJobs }, ending.signal),
    stop: () => stopServices({ ending, mainJobs, exports, compared, models, foundries, data, jobs, database }),
  };
}

interface StoppedServices {
  readonly ending: AbortController;
  readonly mainJobs: { stop(): Promise<void> };
  readonly exports: { stop(): Promise<void> };
  readonly compared: ReturnType<typeof composeComparisons>;
  readonly models: ModelParts;
  readonly foundries: ReturnType<typeof composeFoundry>;
  readonly data: ReturnType<typeof composeDatasets>;
  readonly jobs: JobService;
  readonly database: { close(): void };
}

/** In order: what asks for work before what does it, and the index last. */
async function stopServices({ ending, ...parts }: StoppedServices): Promise<void> {
  const { mainJobs, exports, compared, models, foundries, data, jobs, database } = parts;
  ending.abort();
  await mainJobs.stop();
  await exports.stop();
  await compared.comparisons.dispose();
  await compared.comparedServers.dispose();
  await models.serving.dispose();
  await models.served.dispose();
  await models.modelServer.dispose();
  await foundries.foundry.stop();
  foundries.sandboxPages.close();
  await data.datasets.dispose();
  await jobs.stop();
  database.close();
}

/** The index is made of what the run folders say, so a damaged one is told with the way to a new one. */
function openIndex(file: string, logger: Logger): ReturnType<typeof openDatabase> {
  try {
    return openDatabase(file, { logger });
  } catch (error) {
    const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
    if (!/^SQLITE_(NOTADB|CORRUPT|CANTOPEN)/.test(String(code))) throw error;
    throw new ForgeError('storage.database-damaged', { path: file, reason: String(message) }, { cause: error });
  }
}

function createJobs(
  { home, layout, logger, helpers }: SystemServicesOptions,
  { environments, physicalCores }: MachineServices,
) {
  const database = openIndex(layout.database, logger('storage'));
  const jobs = createJobService({
    home,
    database,
    hostStarter: helpers?.jobHost ?? createForkJobHostStarter(logger('job-host')),
    python: (device) => environments.workerCommand(device),
    clock: systemClock,
    newId: () => `${systemClock.nowMs().toString(36)}-${randomBytes(4).toString('hex')}`,
    logger: logger('jobs'),
    devices: leasedDevices,
    threads: physicalCores,
  });
  return { database, jobs };
}

interface ModelPartsNeeds {
  readonly machine: MachineServices;
  readonly store: BuildStore;
}

type ModelParts = ReturnType<typeof createModelParts>;

/** What loads, serves and deploys models. */
function createModelParts(
  { configuration, environment, layout, logger, helpers }: SystemServicesOptions,
  { machine, store }: ModelPartsNeeds,
) {
  const { physicalCores } = machine;
  const startServer = () =>
    createModelServer({
      physicalCores,
      policy: servingPolicy,
      idleUnloadMs: configuration.server.idle_unload_minutes * 60_000,
      ...(helpers === undefined ? {} : { startProcess: helpers.startModelProcess }),
    });
  // Evaluation has a model process of its own: measuring a candidate never takes the served model out of memory.
  const modelServer = startServer();
  const { registry, served, serving } = composeServing({
    ...{ store, startServer, logger, clock: systemClock },
    settingsFile: layout.servingFile,
    secrets: machine.secretStore,
    defaults: { host: configuration.server.host, port: configuration.server.port },
  });
  const ollama = createOllama({ host: configuration.ollama.host || environment['OLLAMA_HOST'] });
  const deployments = createDeploymentService({
    ollama,
    modelServer,
    registry,
    store,
    physicalCores,
    logger: logger('ollama'),
  });
  return { startServer, modelServer, registry, served, serving, ollama, deployments };
}

interface MainJobNeeds {
  readonly machine: MachineServices;
  readonly jobs: JobService;
  readonly models: ModelParts;
  readonly readings: MainJobServices['readings'];
  readonly importFile: MainJobServices['importFile'];
}

function mainJobServices(
  { layout, appDirectory, logger }: SystemServicesOptions,
  { machine, jobs, models, readings, importFile }: MainJobNeeds,
): MainJobServices {
  const { modelServer, serving, deployments } = models;
  return {
    layout,
    appDirectory,
    clock: systemClock,
    logger: logger('main-job'),
    jobs,
    readings,
    importFile,
    server: modelServer,
    llamaLibrary: () => findLlamaLibrary(appDirectory),
    detectMachine: machine.finding,
    ensureEnvironment: (profile, { signal, report }) => machine.environments.ensure(profile, { signal, report }),
    checkBase: async (base) => {
      const { source, facts } = await machine.bases.resolve(base);
      if (facts?.hasChatTemplate === false)
        throw new ForgeError('base-model.no-chat-template', { path: source?.path ?? base });
    },
    checkServer: () => serving.checkAddress(),
    obtainBase: (base, { signal, report }) => machine.bases.obtain(base, { signal, report }),
    deployToOllama: (target, progress) => deployments.deployTarget(target, progress),
    // Its names come from its folder, by what was chosen for them.
    addServedModel: () => Promise.resolve(serving.modelsChanged()),
    startServer: async () => (await serving.start()).url ?? '',
    askServer: async (url, question) => askOpenAiServer(url, question, await serving.requiredKey()),
    sharesMachine: () => serving.isRunning(),
  };
}
