import type {
  EnvironmentProfile,
  EnvironmentProgress,
  EnvironmentStage,
  EnvironmentStatus,
} from '#contract/environments.ts';
import { ForgeError } from '#contract/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import type {
  PythonToolbox,
  TrainingProbeRunner,
  WorkerCommand,
  WorkerSettings,
} from '#core/ports/python-environment.ts';
import type { TorchMachine } from './choose-torch-build.ts';
import { describeEnvironment } from './describe-environment.ts';
import { setupStages, type SetupContext, type SetupStage, type Stamps } from './setup-stages.ts';
import { judgeStages, readValidStamps } from './stage-validity.ts';

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

export interface SetupRequest {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: EnvironmentProgress) => void;
}

export interface PythonEnvironments {
  /** Runs every stage that has no valid stamp. Throws ForgeError `environment.*`; running it again goes on where it stopped. */
  setUp(profile: EnvironmentProfile, request: SetupRequest): Promise<EnvironmentStatus>;
  /** What is there now. Starts no download; takes a few milliseconds. */
  status(profile: EnvironmentProfile): Promise<EnvironmentStatus>;
  /** Builds the environment anew, from the files already downloaded where they are. */
  repair(profile: EnvironmentProfile, request: SetupRequest): Promise<EnvironmentStatus>;
  /** Removes this profile's environments, old ones included. Returns the bytes freed. */
  remove(profile: EnvironmentProfile): Promise<number>;
  /** Removes environments of earlier locks that nothing runs in. Returns their folders. */
  removeOutdated(profile: EnvironmentProfile): Promise<readonly string[]>;
  /** How to start a worker (N-3, N-4); throws `environment.not-ready` when the set-up is not complete. */
  workerCommand(profile: EnvironmentProfile, settings: WorkerSettings): Promise<WorkerCommand>;
}

/** Python environments over a toolbox that does the touching. One lock makes one folder; a changed lock makes a new one (N-2). */
export function createPythonEnvironments(options: PythonEnvironmentsOptions): PythonEnvironments {
  const { toolbox } = options;

  async function contextFor(profile: EnvironmentProfile): Promise<SetupContext> {
    const lockText = await toolbox.readLock(profile);
    const lockDigest = toolbox.digest(lockText);
    const machine = {
      platform: toolbox.platform,
      architecture: toolbox.architecture,
      cuda: profile === 'cuda' ? await options.cuda() : null,
    };
    const { probe, workerVersion } = options;
    return {
      profile,
      directory: toolbox.directoryFor(profile, lockDigest),
      lockText,
      lockDigest,
      machine,
      workerVersion,
      toolbox,
      probe,
    };
  }

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
      const mine = (await toolbox.listDirectories()).filter((entry) => entry.profile === profile);
      let freedBytes = 0;
      for (const { directory } of mine) freedBytes += await toolbox.measureBytes(directory);
      await removeDirectories(profile, () => false);
      return freedBytes;
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

async function runStages(
  context: SetupContext,
  options: PythonEnvironmentsOptions,
  request: SetupRequest,
): Promise<void> {
  const { profile } = context;
  const judged = await judgeStages(context);
  const isReady = judged.every(({ state, needed }) => !needed || state === 'valid');
  let before = 0;
  for (const stage of setupStages) {
    const stamps = await readValidStamps(context);
    const tell = (state: EnvironmentProgress['state'], text: string, fraction: number | null): void =>
      request.onProgress({
        profile,
        stage: stage.name,
        state,
        fraction: fraction === null ? null : Math.min(1, before + stage.share * fraction),
        text,
      });
    if (isReady || stamps.has(stage.name)) tell('skipped', 'already done', 1);
    else await runStage({ context, options, request, stage, stamps, tell });
    before += stage.share;
  }
}

interface StageRun {
  readonly context: SetupContext;
  readonly options: PythonEnvironmentsOptions;
  readonly request: SetupRequest;
  readonly stage: SetupStage;
  readonly stamps: Stamps;
  readonly tell: (state: EnvironmentProgress['state'], text: string, fraction: number | null) => void;
}

async function runStage({ context, options, request, stage, stamps, tell }: StageRun): Promise<void> {
  const { profile, toolbox, directory } = context;
  const inputs = stage.inputs(context, stamps);
  if (inputs === null) throw new Error(`stage ${stage.name} was reached before what it builds on`);
  const startedMs = options.clock.monotonicMs();
  const refuseIfCancelled = (): void => {
    if (request.signal.aborted) throw new ForgeError('environment.cancelled', { profile, stage: stage.name });
  };
  refuseIfCancelled();
  tell('running', stageTexts[stage.name], 0);
  try {
    const report = (text: string, fraction: number | null): void => tell('running', text, fraction);
    const output = await stage.run(context, stamps, { signal: request.signal, offline: options.isOffline(), report });
    refuseIfCancelled();
    const seconds = (options.clock.monotonicMs() - startedMs) / 1000;
    const inputsDigest = toolbox.digest(JSON.stringify(inputs));
    await toolbox.writeStamp(directory, {
      v: 1,
      stage: stage.name,
      inputsDigest,
      finishedAt: options.clock.nowMs(),
      seconds,
      output,
    });
    tell('done', `${stageTexts[stage.name]}: done in ${seconds.toFixed(1)} s`, 1);
  } catch (error) {
    refuseIfCancelled();
    tell(
      'failed',
      error instanceof ForgeError ? `${error.message} ${error.remedy}` : `${stageTexts[stage.name]} failed`,
      null,
    );
    throw error;
  }
}

const stageTexts: Readonly<Record<EnvironmentStage, string>> = {
  uv: 'finding the package installer (uv)',
  interpreter: 'finding Python',
  lock: 'reading the list of packages and their sizes',
  install: 'downloading and installing packages',
  'import-probe': 'starting Python with all packages',
  'tensor-probe': 'calculating on the device',
  'training-probe': 'training for ten steps',
};
