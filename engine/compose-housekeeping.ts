import path from 'node:path';
import { finalJobStates } from '#contract/jobs.ts';
import { isOver } from '#contract/foundry-job-over.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Logger } from '#core/ports/logger.ts';
import type { SecretStore } from '#core/ports/secret-store.ts';
import { createMeters } from '#native-bridge/hardware/create-meters.ts';
import { createEngineLogReader } from '#native-bridge/log/read-engine-log.ts';
import { createNetworkLedgerReader } from '#native-bridge/network/read-network-ledger.ts';
import { readWorkerFile } from '#native-bridge/processes/run-processes.ts';
import { readLicences } from './about/read-licences.ts';
import type { Configuration } from './configuration.ts';
import type { EnvironmentService } from './environment/environment-service.ts';
import type { FoundryJobs } from './foundry/foundry-jobs.ts';
import type { HomeLayout } from './home-layout.ts';
import type { ServedModels } from './http/openai-served-models.ts';
import type { JobService } from './jobs/job-service.ts';
import { createMeterFeed } from './machine/meter-feed.ts';
import type { MainJobService } from './main-job/main-job-service.ts';
import { createSettingsService } from './settings/settings-service.ts';
import type { StorageUse } from './storage-usage/disk-parts.ts';
import { createStorageService } from './storage-usage/storage-service.ts';

export interface HousekeepingNeeds {
  readonly layout: HomeLayout;
  readonly appDirectory: string;
  readonly configuration: Configuration;
  readonly environment: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly logger: (module: string) => Logger;
  readonly secretStore: Pick<SecretStore, 'redact'>;
  readonly jobs: JobService;
  readonly mainJobs: Pick<MainJobService, 'isBusy'>;
  readonly foundryJobs: Pick<FoundryJobs, 'list'>;
  readonly environments: Pick<EnvironmentService, 'workerCommand'>;
  /** All that may hold models in memory. */
  readonly servers: readonly Pick<ServedModels, 'status'>[];
}

/** Settings, meters, disk, ledger, licences: what a person sees of the installation itself. */
export function composeHousekeeping(needs: HousekeepingNeeds) {
  const { layout, appDirectory, configuration, environment, clock, logger, jobs } = needs;
  return {
    settings: createSettingsService({ file: layout.configuration, environment, running: configuration }),
    meters: createMeterFeed({
      meters: createMeters({ home: layout.home }),
      workerPids: () => Promise.resolve(workerPids(jobs)),
      clock,
      logger: logger('meters'),
    }),
    storage: createStorageService({ layout, clock, logger: logger('storage'), use: storageUse(needs) }),
    ledger: createNetworkLedgerReader(layout.home),
    log: createEngineLogReader({ file: layout.engineLog, redact: (text) => needs.secretStore.redact(text) }),
    licences: () => readLicences(appDirectory),
    isOffline: () => configuration.network.offline,
    isWorking: () => isWorking(needs),
  };
}

export type Housekeeping = ReturnType<typeof composeHousekeeping>;

function workerPids(jobs: JobService): readonly number[] {
  return jobs.running().flatMap(({ directory }) => readWorkerFile(directory)?.launcherPid ?? []);
}

/** A main job waits or runs, or a worker has a process. */
function isWorking({ mainJobs, jobs }: Pick<HousekeepingNeeds, 'mainJobs' | 'jobs'>): boolean {
  return mainJobs.isBusy() || jobs.running().length > 0;
}

function storageUse({ layout, jobs, mainJobs, foundryJobs, environments, servers }: HousekeepingNeeds): StorageUse {
  return {
    isWorking: () => isWorking({ mainJobs, jobs }),
    isPreparingData: () => foundryJobs.list().some((job) => !isOver(job)),
    modelFiles: () => servers.flatMap((server) => server.status().map(({ path: file }) => file)),
    environment: () => environmentFolder(layout, environments),
    jobsOver: () => {
      const over: ReadonlySet<string> = new Set(finalJobStates);
      return new Set(jobs.list().flatMap(({ id, state }) => (over.has(state) ? [id] : [])));
    },
  };
}

/** The folder under envs/ that a worker's interpreter lies in; null when no environment is ready. */
function environmentFolder(
  { environments: folder }: HomeLayout,
  environments: HousekeepingNeeds['environments'],
): string | null {
  try {
    const [name = ''] = path.relative(folder, environments.workerCommand('cpu').command).split(path.sep);
    return name === '' || name === '..' ? null : path.join(folder, name);
  } catch {
    // Not set up: nothing can run in one.
    return null;
  }
}
