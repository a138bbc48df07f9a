import type { EnvironmentProfile, EnvironmentStatus } from '#contract/environments.ts';
import { ForgeError } from '#contract/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import type {
  PythonToolbox,
  TrainingProbeRunner,
  WorkerCommand,
  WorkerSettings,
} from '#core/ports/python-environment.ts';
import { runStages, type SetupRequest } from './run-stages.ts';
import type { TorchMachine } from './choose-torch-build.ts';
import { describeEnvironment } from './describe-environment.ts';
import type { SetupContext } from './setup-stages.ts';
import { judgeStages } from './stage-validity.ts';

export interface PythonEnvironmentsOptions {
  readonly toolbox: PythonToolbox;
  readonly probe: TrainingProbeRunner;
  readonly clock: Clock;
  /** Changes with the worker's code: an update repeats the training probe only. */
  readonly workerVersion: string;
  /** What is known of the graphics card when a set-up starts. */
  readonly cuda: () => Promise<TorchMachine['cuda']>;
  /** Why this profile, for the status. */
  readonly reasonFor: (profile: EnvironmentProfile) => Promise<string>;
  readonly isOffline: () => boolean;
  /** Environments something runs in now; they are not removed as left over. */
  readonly directoriesInUse: () => readonly string[];
}

export type { SetupRequest } from './run-stages.ts';

export interface PythonEnvironments {
  /** Runs every stage that has no valid stamp. Throws ForgeError `environment.*`; running it again goes on where it stopped. */
  setUp(profile: EnvironmentProfile, request: SetupRequest): Promise<EnvironmentStatus>;
  /** What is there now. Starts no download; takes a few milliseconds. */
  status(profile: EnvironmentProfile): Promise<EnvironmentStatus>;
  /** Builds the environment anew, from the files already downloaded where they are. */
  repair(profile: EnvironmentProfile, request: SetupRequest): Promise<EnvironmentStatus>;
  /** Removes this profile's environments, old ones included. Returns the bytes freed. Throws `environment.busy` while a set-up runs. */
  remove(profile: EnvironmentProfile): Promise<number>;
  /** Removes environments of earlier locks that nothing runs in. Returns their folders. */
  removeOutdated(profile: EnvironmentProfile): Promise<readonly string[]>;
  /** How to start a worker (N-3, N-4); throws `environment.not-ready` when the set-up is not complete. */
  workerCommand(profile: EnvironmentProfile, settings: WorkerSettings): Promise<WorkerCommand>;
}

/** Python environments over a toolbox that does the touching. One lock makes one folder; a changed lock makes a new one (N-2). */
export function createPythonEnvironments(options: PythonEnvironmentsOptions): PythonEnvironments {
  const { toolbox } = options;

  const contextFor = (profile: EnvironmentProfile): Promise<SetupContext> => readContext(options, profile);

  async function status(profile: EnvironmentProfile): Promise<EnvironmentStatus> {
    const context = await contextFor(profile);
    return describeEnvironment(context, await judgeStages(context), await options.reasonFor(profile));
  }

  async function setUp(profile: EnvironmentProfile, request: SetupRequest, anew: boolean): Promise<EnvironmentStatus> {
    const context = await contextFor(profile);
    const release = await toolbox.claim(profile, context.directory);
    try {
      if (anew) await toolbox.remove(context.directory);
      await runStages(context, options, request);
    } finally {
      await release();
    }
    return status(profile);
  }

  async function removeDirectories(
    profile: EnvironmentProfile,
    keep: (directory: string) => boolean,
  ): Promise<readonly string[]> {
    const mine = (await toolbox.listDirectories()).filter(
      (entry) => entry.profile === profile && !keep(entry.directory),
    );
    for (const { directory } of mine) await toolbox.remove(directory);
    return mine.map(({ directory }) => directory);
  }

  return {
    setUp: (profile, request) => setUp(profile, request, false),
    repair: (profile, request) => setUp(profile, request, true),
    status,
    remove: async (profile) => {
      // Not under the feet of a set-up that runs.
      const release = await toolbox.claim(profile, (await contextFor(profile)).directory);
      try {
        const mine = (await toolbox.listDirectories()).filter((entry) => entry.profile === profile);
        let freedBytes = 0;
        for (const { directory } of mine) freedBytes += await toolbox.measureBytes(directory);
        await removeDirectories(profile, () => false);
        return freedBytes;
      } finally {
        await release();
      }
    },
    removeOutdated: async (profile) => {
      const { directory: current } = await contextFor(profile);
      const inUse = options.directoriesInUse();
      return removeDirectories(profile, (directory) => directory === current || inUse.includes(directory));
    },
    workerCommand: async (profile, settings) => {
      const context = await contextFor(profile);
      const missing = (await judgeStages(context)).find(({ state, needed }) => needed && state !== 'valid');
      if (missing) throw new ForgeError('environment.not-ready', { profile, stage: missing.stage });
      return toolbox.workerCommand(context.directory, settings);
    },
  };
}

async function readContext(options: PythonEnvironmentsOptions, profile: EnvironmentProfile): Promise<SetupContext> {
  const { toolbox, probe, workerVersion } = options;
  const lockText = await toolbox.readLock(profile);
  const lockDigest = toolbox.digest(lockText);
  const machine = {
    platform: toolbox.platform,
    architecture: toolbox.architecture,
    cuda: profile === 'cuda' ? await options.cuda() : null,
  };
  const directory = toolbox.directoryFor(profile, lockDigest);
  return { profile, directory, lockText, lockDigest, machine, workerVersion, toolbox, probe };
}
