import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { ForgeError } from '#contract/errors.ts';
import { createBaseModelStore } from '#core/base-models/create-base-model-store.ts';
import { createPythonEnvironments } from '#core/environments/create-python-environments.ts';
import { chooseProfile } from '#core/hardware/choose-profile.ts';
import type { JobHostStarter } from '#core/ports/job-host.ts';
import type { Logger } from '#core/ports/logger.ts';
import { servingPolicy } from '#core/serving/serving-policy.ts';
import { createBaseModelFilesystem } from '#native-bridge/base-models/create-base-model-filesystem.ts';
import { systemClock } from '#native-bridge/clock/system-clock.ts';
import { countPhysicalCores } from '#native-bridge/hardware/count-physical-cores.ts';
import { createHardware } from '#native-bridge/hardware/create-hardware.ts';
import { findLlamaLibrary } from '#native-bridge/llama/find-llama-library.ts';
import type { StartModelProcess } from '#native-bridge/llama/model-link.ts';
import { createModelServer } from '#native-bridge/llama/model-server.ts';
import { createOllama } from '#native-bridge/ollama/create-ollama.ts';
import { createOutbound } from '#native-bridge/network/outbound.ts';
import { createPythonToolbox } from '#native-bridge/python/create-python-toolbox.ts';
import { createSecretStore } from '#native-bridge/secrets/create-secret-store.ts';
import { openDatabase } from '#native-bridge/storage/database.ts';
import { composeComparisons } from './comparisons/compose-comparisons.ts';
import { composeHousekeeping } from './compose-housekeeping.ts';
import type { Configuration } from './configuration.ts';
import { composeDatasets } from './datasets/compose-datasets.ts';
import { createDeploymentService } from './deployment/deployment-service.ts';
import { createDomainService } from './domains/domain-service.ts';
import { createEnvironmentService } from './environment/environment-service.ts';
import { createTrainingProbe } from './environment/training-probe.ts';
import { workerVersion } from './environment/worker-version.ts';
import { createExportService } from './exports/export-service.ts';
import { composeFoundry } from './foundry/compose-foundry.ts';
import type { HomeLayout } from './home-layout.ts';
import { createForkJobHostStarter } from './job-host/fork-job-host.ts';
import { createJobService, type JobService } from './jobs/job-service.ts';
import { createIndexRebuild } from './jobs/index-rebuild.ts';
import { createBuildStore, type BuildStore } from './main-job/build-store.ts';
import { createAnswerReader } from './main-job/answers.ts';
import { createMainJobService } from './main-job/main-job-service.ts';
import type { MainJobServices } from './main-job/services.ts';
import { composeProviders } from './providers/compose-providers.ts';
import { createSecretService } from './secrets/secret-service.ts';
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
  const forMainJobs = mainJobServices(options, { machine, jobs, models, readings: data.readings });
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
    domains: createDomainService({ shipped: path.join(options.appDirectory, 'domains'), own: layout.domains }),
    ...compared,
    providers: machine.providers,
    answers: createAnswerReader(store),
    housekeeping: composeHousekeeping({
      ...options,
      ...{
        jobs,
        mainJobs,
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
}

function mainJobServices(
  { layout, appDirectory, logger }: SystemServicesOptions,
  { machine, jobs, models, readings }: MainJobNeeds,
): MainJobServices {
  const { modelServer, serving, deployments } = models;
  return {
    layout,
    appDirectory,
    clock: systemClock,
    logger: logger('main-job'),
    jobs,
    readings,
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

type MachineServices = ReturnType<typeof createMachineServices>;

/** What looks at the machine and sets it up: hardware, the one way out, Python. */
function createMachineServices({ home, appDirectory, configuration, layout }: SystemServicesOptions) {
  const hardware = createHardware({ home });
  const outbound = createOutbound({ home, isOffline: () => configuration.network.offline });
  const toolbox = createPythonToolbox({ home, appDirectory, outbound });
  const physicalCores = countPhysicalCores();
  const finding = async () => chooseProfile(await hardware.detect());
  const environments = createEnvironmentService({
    threads: physicalCores,
    profileOfMachine: async () => (await finding()).profile,
    environments: createPythonEnvironments({
      toolbox,
      probe: createTrainingProbe((directory, settings) => toolbox.workerCommand(directory, settings), physicalCores),
      clock: systemClock,
      workerVersion: workerVersion(appDirectory),
      cuda: async () => (await finding()).cuda,
      reasonFor: async (profile) => {
        const { profile: own, reason } = await finding();
        return profile === own ? reason : `this machine takes ${own}: ${reason}`;
      },
      isOffline: () => outbound.isOffline(),
      directoriesInUse: () => [],
    }),
  });
  const secretStore = createSecretStore({ home });
  const { providers, cloud } = composeProviders({
    ...{ home, appDirectory, outbound, secrets: secretStore },
    monotonicMs: () => systemClock.monotonicMs(),
  });
  const bases = createBaseModelStore({
    filesystem: createBaseModelFilesystem({
      directory: layout.baseModels,
      appDirectory,
      outbound,
      secrets: secretStore,
      unpackWheel: (request, { signal, report }) =>
        toolbox.unpackWheel(request, {
          signal,
          offline: outbound.isOffline(),
          report: (text, fraction) => report({ text, fraction }),
        }),
    }),
    nowMs: () => systemClock.nowMs(),
    device: async () => (await finding()).device,
  });
  return {
    ...{ hardware, environments, bases, physicalCores, finding, outbound, secretStore, providers, cloud },
    secrets: createSecretService(secretStore, () => providers.ownSecrets()),
  };
}
