import type { Logger } from '#core/ports/logger.ts';
import type { Configuration } from './configuration.ts';
import type { DeploymentService } from './deployment/deployment-service.ts';
import type { EnvironmentService } from './environment/environment-service.ts';
import type { FoundryService } from './foundry/foundry-service.ts';
import type { ServedModels } from './http/openai-served-models.ts';
import type { JobService } from './jobs/job-service.ts';
import type { MainJobService } from './main-job/main-job-service.ts';
import type { ServingService } from './serving/serving-service.ts';
import { shareProcessor } from './serving/share-processor.ts';
import { startByItself } from './serving/start-by-itself.ts';

export interface StartedServices {
  readonly configuration: Configuration;
  readonly logger: (module: string) => Logger;
  readonly physicalCores: number;
  readonly environments: Pick<EnvironmentService, 'takeUp'>;
  readonly jobs: JobService;
  readonly mainJobs: Pick<MainJobService, 'begin'>;
  readonly foundry: Pick<FoundryService, 'begin'>;
  readonly serving: Pick<ServingService, 'start'>;
  readonly deployments: Pick<DeploymentService, 'clean'>;
  readonly served: Pick<ServedModels, 'setThreads'>;
  readonly comparedServers: Pick<ServedModels, 'setThreads'>;
}

/** Takes up what the last engine left; what may wait is not waited for. */
export async function startServices(services: StartedServices, signal: AbortSignal): Promise<void> {
  const { configuration, logger, physicalCores, environments, jobs, mainJobs, serving, deployments } = services;
  await environments.takeUp();
  await jobs.start();
  // Before the main jobs: an import that one of them waits for goes on where it was.
  await services.foundry.begin();
  await mainJobs.begin();
  if (configuration.server.start_with_engine) void startByItself(serving, logger('serving'));
  // An Ollama that hangs must not hold the start up; what an interrupted deployment left there can wait two seconds.
  void deployments.clean();
  const served = allServers(services.served, services.comparedServers);
  void shareProcessor({ jobs, served, physicalCores, logger: logger('serving') }, signal);
}

/** Model processes that give way to a training together. */
function allServers(...servers: readonly Pick<ServedModels, 'setThreads'>[]): Pick<ServedModels, 'setThreads'> {
  return { setThreads: async (threads) => void (await Promise.all(servers.map((one) => one.setThreads(threads)))) };
}
