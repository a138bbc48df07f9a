import { randomBytes } from 'node:crypto';
import { createPythonEnvironments } from '#core/environments/create-python-environments.ts';
import { chooseProfile } from '#core/hardware/choose-profile.ts';
import type { Logger } from '#core/ports/logger.ts';
import { servingPolicy } from '#core/serving/serving-policy.ts';
import { systemClock } from '#native-bridge/clock/system-clock.ts';
import { countPhysicalCores } from '#native-bridge/hardware/count-physical-cores.ts';
import { createHardware } from '#native-bridge/hardware/create-hardware.ts';
import { findLlamaLibrary } from '#native-bridge/llama/find-llama-library.ts';
import { createModelServer } from '#native-bridge/llama/model-server.ts';
import { createOutbound } from '#native-bridge/network/outbound.ts';
import { createPythonToolbox } from '#native-bridge/python/create-python-toolbox.ts';
import { openDatabase } from '#native-bridge/storage/database.ts';
import { createBaseService } from './base-models/base-service.ts';
import type { Configuration } from './configuration.ts';
import { createDeploymentService } from './deployment/deployment-service.ts';
import { createEnvironmentService } from './environment/environment-service.ts';
import { createTrainingProbe } from './environment/training-probe.ts';
import type { HomeLayout } from './home-layout.ts';
import { createForkJobHostStarter } from './job-host/fork-job-host.ts';
import { createJobService } from './jobs/job-service.ts';
import { createIndexRebuild } from './jobs/index-rebuild.ts';
import { createBuildStore } from './main-job/build-store.ts';
import { createMainJobService } from './main-job/main-job-service.ts';
import { createPlanPreview } from './main-job/plan-preview.ts';
import type { MainJobServices } from './main-job/services.ts';
import { createModelRegistry } from './models/model-registry.ts';
import { askOpenAiServer } from './serving/ask-open-ai-server.ts';
import { openOpenAiServer } from './serving/open-ai-server.ts';
import { createServed } from './serving/served-models.ts';
import { createServingService } from './serving/serving-service.ts';

export interface SystemServicesOptions {
  readonly home: string;
  readonly appDirectory: string;
  readonly version: string;
  readonly layout: HomeLayout;
  readonly configuration: Configuration;
  readonly environment: NodeJS.ProcessEnv;
  readonly logger: (module: string) => Logger;
}

export type SystemServices = ReturnType<typeof createSystemServices>;

/** Devices that jobs may lease. A job asks for one by kind; what the machine lacks is never asked for, because the profile decides. */
const leasedDevices = ['cpu', 'cuda:0', 'mlx'] as const;

/** Everything behind the handlers, on this machine. Nothing is started here; `start` does. */
export function createSystemServices(options: SystemServicesOptions) {
  const { home, appDirectory, version, layout, configuration, logger } = options;
  const machine = createMachineServices(options);
  const { hardware, outbound, environments, physicalCores } = machine;
  const database = openDatabase(layout.database, { logger: logger('storage') });
  const jobs = createJobService({
    home,
    database,
    hostStarter: createForkJobHostStarter(logger('job-host')),
    python: (device) => environments.workerCommand(device),
    clock: systemClock,
    newId: () => `${systemClock.nowMs().toString(36)}-${randomBytes(4).toString('hex')}`,
    logger: logger('jobs'),
    devices: leasedDevices,
    threads: physicalCores,
  });
  const modelServer = createModelServer({
    physicalCores,
    policy: servingPolicy,
    idleUnloadMs: configuration.server.idle_unload_minutes * 60_000,
  });
  const store = createBuildStore(layout);
  const registry = createModelRegistry(store);
  const served = createServed(modelServer, registry);
  const servingDefaults = { host: configuration.server.host, port: configuration.server.port };
  const serving = createServingService({
    modelServer,
    listModels: () => registry.servable(),
    open: (address) => openOpenAiServer({ ...address, served, modelServer, logger: logger('openai') }),
    logger: logger('serving'),
  });
  const bases = createBaseService({ layout, outbound, appDirectory, version });
  const deployments = createDeploymentService({ modelServer, registry, store, ollamaHost: configuration.ollama.host, logger: logger('ollama') });
  const detectMachine = async () => chooseProfile(await hardware.detect());
  const mainJobServices: MainJobServices = {
    layout,
    appDirectory,
    clock: systemClock,
    logger: logger('main-job'),
    jobs,
    server: modelServer,
    llamaLibrary: findLlamaLibrary(appDirectory),
    detectMachine,
    ensureEnvironment: (profile, { signal, report }) => environments.ensure(profile, { signal, report }),
    obtainBase: (base, { signal, report }) => bases.obtain(base, { signal, report }),
    deployToOllama: (target, progress) => deployments.deployTarget(target, progress),
    addServedModel: (models) => served.add(models),
    startServer: async () => (await serving.start(servingDefaults)).url ?? '',
    askServer: askOpenAiServer,
    sharesMachine: () => serving.isRunning(),
  };
  const mainJobs = createMainJobService(mainJobServices);
  return {
    jobs,
    mainJobs,
    registry,
    deployments,
    environments,
    serving,
    served,
    servingDefaults,
    planPreview: createPlanPreview({ appDirectory, detectMachine, modelFacts: (base) => bases.facts(base) }),
    rebuildIndex: createIndexRebuild({ home, database, jobs }),
    async start() {
      await environments.takeUp();
      await jobs.start();
    },
    async stop() {
      await mainJobs.stop();
      await serving.stop();
      await modelServer.dispose();
      await jobs.stop();
      database.close();
    },
  };
}

/** What looks at the machine and sets it up: hardware, the one way out, Python. */
function createMachineServices({ home, appDirectory, version, configuration }: SystemServicesOptions) {
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
      workerVersion: version,
      cuda: async () => (await finding()).cuda,
      reasonFor: async (profile) => {
        const { profile: own, reason } = await finding();
        return profile === own ? reason : `this machine takes ${own}: ${reason}`;
      },
      isOffline: () => outbound.isOffline(),
      directoriesInUse: () => [],
    }),
  });
  return { hardware, outbound, environments, physicalCores };
}
