import type { Configuration } from './configuration.ts';
import type { HomeLayout } from './home-layout.ts';
import { createBaseModelStore } from '#core/base-models/create-base-model-store.ts';
import { createPythonEnvironments } from '#core/environments/create-python-environments.ts';
import { chooseProfile } from '#core/hardware/choose-profile.ts';
import { createBaseModelFilesystem } from '#native-bridge/base-models/create-base-model-filesystem.ts';
import { systemClock } from '#native-bridge/clock/system-clock.ts';
import { countPhysicalCores } from '#native-bridge/hardware/count-physical-cores.ts';
import { createHardware } from '#native-bridge/hardware/create-hardware.ts';
import { createOutbound } from '#native-bridge/network/outbound.ts';
import { createPythonToolbox } from '#native-bridge/python/create-python-toolbox.ts';
import { createSecretStore } from '#native-bridge/secrets/create-secret-store.ts';
import { createEnvironmentService } from './environment/environment-service.ts';
import { createTrainingProbe } from './environment/training-probe.ts';
import { workerVersion } from './environment/worker-version.ts';
import { composeProviders } from './providers/compose-providers.ts';
import { createSecretService } from './secrets/secret-service.ts';

export interface MachineParts {
  readonly home: string;
  readonly appDirectory: string;
  readonly layout: HomeLayout;
  readonly configuration: Configuration;
}

export type MachineServices = ReturnType<typeof createMachineServices>;

/** What looks at the machine and sets it up: hardware, the one way out, Python. */
export function createMachineServices({ home, appDirectory, configuration, layout }: MachineParts) {
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
