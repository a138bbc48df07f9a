import type { EnvironmentProfile, EnvironmentStage, StageStamp, TorchBuild } from '#contract/environments.ts';
import { torchBuild } from '#contract/environments.ts';
import { ForgeError } from '#contract/errors.ts';
import type {
  Interpreter,
  PythonToolbox,
  SetupStep,
  TrainingProbeRunner,
  UvTool,
} from '#core/ports/python-environment.ts';
import { chooseInterpreter, compareVersions } from './choose-interpreter.ts';
import { chooseTorchBuild, type TorchMachine } from './choose-torch-build.ts';
import { isTorchFamily, lockedVersion, parseLock, requirementsWithout } from './lock-file.ts';
import { estimateSize, inGigabytes, minimumUvVersion, profileDefinitions, pythonRange } from './profiles.ts';

/** What the stages of one set-up share. */
export interface SetupContext {
  readonly profile: EnvironmentProfile;
  readonly directory: string;
  readonly lockText: string;
  readonly lockDigest: string;
  readonly machine: TorchMachine;
  /** Changes with the worker's code, so that an update repeats the training probe. */
  readonly workerVersion: string;
  readonly toolbox: PythonToolbox;
  readonly probe: TrainingProbeRunner;
}

export type Stamps = ReadonlyMap<EnvironmentStage, StageStamp>;

export interface SetupStage {
  readonly name: EnvironmentStage;
  /** Share of the whole set-up's time, for the progress bar; all shares add up to 1. */
  readonly share: number;
  /** What the result depends on; null while a stage it builds on has no stamp. A changed value makes the stamp stale. */
  readonly inputs: (context: SetupContext, stamps: Stamps) => readonly string[] | null;
  /** True when what the stamp says is still so on the disk. Absent: nothing to look at. */
  readonly isStillThere?: (context: SetupContext, output: StageStamp['output']) => Promise<boolean>;
  readonly run: (context: SetupContext, stamps: Stamps, step: SetupStep) => Promise<StageStamp['output']>;
}

function outputOf(stamps: Stamps, stage: EnvironmentStage): StageStamp['output'] {
  const stamp = stamps.get(stage);
  if (!stamp) throw new Error(`stage ${stage} has no stamp`);
  return stamp.output;
}

/** A stamp's identity: a stage that ran again makes those that build on it stale. */
function identity(stamps: Stamps, stage: EnvironmentStage): string | null {
  const stamp = stamps.get(stage);
  return stamp ? `${stage}:${stamp.inputsDigest}:${stamp.finishedAt}` : null;
}

const text = (output: StageStamp['output'], key: string): string => String(output[key] ?? '');

/** The parts of the stamps that later stages and the status read back. */
export function readUv(stamps: Stamps): UvTool {
  const output = outputOf(stamps, 'uv');
  return {
    path: text(output, 'path'),
    version: text(output, 'version'),
    origin: text(output, 'origin') as UvTool['origin'],
  };
}

export function readInterpreter(stamps: Stamps): Interpreter {
  const output = outputOf(stamps, 'interpreter');
  return {
    path: text(output, 'path'),
    version: text(output, 'version'),
    origin: text(output, 'origin') as Interpreter['origin'],
  };
}

export function readTorchBuild(stamps: Stamps): TorchBuild {
  return torchBuild.parse(outputOf(stamps, 'lock')['torchBuild']);
}

async function findInterpreter(context: SetupContext, stamps: Stamps, step: SetupStep): Promise<Interpreter> {
  const candidates = await context.toolbox.listInterpreters(step.signal);
  const choice = chooseInterpreter(candidates, pythonRange);
  if (choice.kind === 'chosen') return choice.interpreter;
  step.report(`fetching Python ${pythonRange.recommended}, because none here fits`, null);
  try {
    return await context.toolbox.fetchInterpreter({ uv: readUv(stamps), version: pythonRange.recommended }, step);
  } catch (error) {
    if (!(error instanceof ForgeError) || step.signal.aborted) throw error;
    const detail = { ...pythonRange, reason: String(error.detail['reason'] ?? error.message) };
    if (choice.kind === 'none') throw new ForgeError('environment.python-missing', detail, { cause: error });
    const { version: found, path, problem } = choice.newest;
    const described = problem === null ? path : `${path}, ${problem}`;
    throw new ForgeError('environment.python-too-old', { ...detail, found, path: described }, { cause: error });
  }
}

async function prepareLock(context: SetupContext, stamps: Stamps, step: SetupStep): Promise<StageStamp['output']> {
  const { toolbox, profile, machine } = context;
  const packages = parseLock(context.lockText);
  const version = lockedVersion(packages, 'torch');
  const choice = chooseTorchBuild(profile, machine);
  let build: TorchBuild = choice.build;
  let reason = choice.reason;
  if (build !== 'default' && version !== null) {
    const request = { uv: readUv(stamps), interpreter: readInterpreter(stamps), version, build };
    const isReachable = await toolbox.torchBuildReachable(request, step);
    if (!isReachable && choice.required)
      throw new ForgeError('environment.network-lost', {
        activity: `looking for the ${build} build of torch (${reason})`,
        reason: 'its package index did not answer',
      });
    if (!isReachable) [build, reason] = ['default', 'the index with the small build did not answer within 3 s'];
  }
  const hasCudaLibraries = build === 'default' ? machine.platform === 'linux' : build !== 'cpu';
  const estimate = estimateSize(profile, hasCudaLibraries);
  const freeBytes = await toolbox.freeBytes();
  // Downloads are kept beside the unpacked files until they are linked: both must fit for a moment.
  const neededBytes = estimate.diskBytes + Math.round(estimate.downloadBytes / 4);
  if (freeBytes < neededBytes)
    throw new ForgeError('environment.disk-full', {
      path: context.directory,
      needed: inGigabytes(neededBytes),
      free: inGigabytes(freeBytes),
    });
  step.report(
    `about ${inGigabytes(estimate.downloadBytes)} to download, ${inGigabytes(estimate.diskBytes)} on the disk`,
    1,
  );
  const requirements = requirementsWithout(packages, build === 'default' ? () => false : isTorchFamily);
  return {
    torchBuild: build,
    torchReason: reason,
    torchVersion: version,
    requirements,
    estimate,
    packages: packages.length,
  };
}

async function install(context: SetupContext, stamps: Stamps, step: SetupStep): Promise<StageStamp['output']> {
  const lock = outputOf(stamps, 'lock');
  const build = readTorchBuild(stamps);
  await context.toolbox.install(
    {
      profile: context.profile,
      directory: context.directory,
      uv: readUv(stamps),
      interpreter: readInterpreter(stamps),
      requirements: text(lock, 'requirements'),
      torch: build === 'default' ? null : { version: text(lock, 'torchVersion'), build },
      diskBytes: estimateSize(context.profile, build !== 'cpu').diskBytes,
    },
    step,
  );
  return { sizeBytes: await context.toolbox.measureBytes(context.directory) };
}

const device = (context: SetupContext) => profileDefinitions[context.profile].device;

/** The stages of a set-up in order (N-1). */
export const setupStages: readonly SetupStage[] = [
  {
    name: 'uv',
    share: 0.02,
    inputs: () => [minimumUvVersion],
    isStillThere: ({ toolbox }, output) => toolbox.fileExists(text(output, 'path')),
    run: async ({ toolbox }, _stamps, step) => {
      const found = await toolbox.listUv(step.signal);
      const usable = found.find(({ version }) => compareVersions(version, minimumUvVersion) >= 0);
      return { ...(usable ?? (await toolbox.installUv(step))) };
    },
  },
  {
    name: 'interpreter',
    share: 0.02,
    inputs: () => [pythonRange.minimum, pythonRange.maximum],
    isStillThere: ({ toolbox }, output) => toolbox.fileExists(text(output, 'path')),
    run: async (context, stamps, step) => ({ ...(await findInterpreter(context, stamps, step)) }),
  },
  {
    name: 'lock',
    share: 0.02,
    inputs: (context) => [context.lockDigest, JSON.stringify(context.machine)],
    run: prepareLock,
  },
  {
    name: 'install',
    share: 0.74,
    inputs: (context, stamps) => {
      const [lock, interpreter] = [stamps.get('lock'), stamps.get('interpreter')];
      if (!lock || !interpreter) return null;
      return [
        text(lock.output, 'requirements'),
        readTorchBuild(stamps),
        text(interpreter.output, 'path'),
        text(interpreter.output, 'version'),
      ];
    },
    isStillThere: ({ toolbox, directory }) => toolbox.environmentStarts(directory),
    run: install,
  },
  {
    name: 'import-probe',
    share: 0.08,
    inputs: (context, stamps) => afterInstall(stamps, profileDefinitions[context.profile].modules),
    run: async ({ toolbox, profile, directory }, _stamps, step) => ({
      versions: await toolbox.probeImports(directory, profileDefinitions[profile].modules, step),
    }),
  },
  {
    name: 'tensor-probe',
    share: 0.04,
    inputs: (context, stamps) => afterInstall(stamps, [device(context)]),
    run: async (context, _stamps, step) => ({
      ...(await context.toolbox.probeTensor(context.directory, device(context), step)),
    }),
  },
  {
    name: 'training-probe',
    share: 0.08,
    inputs: (context, stamps) => afterInstall(stamps, [device(context), context.workerVersion]),
    run: async (context, _stamps, step) => ({
      ...(await context.probe(
        { profile: context.profile, directory: context.directory, device: device(context) },
        step,
      )),
    }),
  },
];

function afterInstall(stamps: Stamps, inputs: readonly string[]): readonly string[] | null {
  const installed = identity(stamps, 'install');
  return installed === null ? null : [installed, ...inputs];
}
