import type { EnvironmentProfile, StageStamp, TorchBuild } from '#contract/environments.ts';
import type { DeviceKind } from '#contract/jobs.ts';

/** The program that makes environments and installs packages. */
export interface UvTool {
  readonly path: string;
  readonly version: string;
  readonly origin: 'bundled' | 'path' | 'private';
}

export interface Interpreter {
  /** The real executable, never a launcher script or another environment's link. */
  readonly path: string;
  /** e.g. "3.11.7" */
  readonly version: string;
  readonly origin: 'path' | 'managed';
}

/** A Python that was found. `problem` is null when it runs and is a usable 64-bit CPython, whatever its version. */
export interface InterpreterCandidate extends Interpreter {
  readonly problem: string | null;
}

/** What a long step gets: it stops when `signal` aborts and says how far it is. */
export interface SetupStep {
  readonly signal: AbortSignal;
  /** Never touch the network: only what is already on this machine may be used. */
  readonly offline: boolean;
  /** `fraction` is 0..1 of this step, null while it cannot be told. */
  readonly report: (text: string, fraction: number | null) => void;
}

export interface InstallRequest {
  readonly profile: EnvironmentProfile;
  readonly directory: string;
  readonly uv: UvTool;
  readonly interpreter: Interpreter;
  /** Hashed requirements; nothing else is installed with them. */
  readonly requirements: string;
  /** For a build of torch that is not in the ordinary index: the exact version, e.g. "2.13.0"; else null. */
  readonly torch: { readonly version: string; readonly build: TorchBuild } | null;
  /** What the whole is expected to take on the disk; for the error that says it did not fit. */
  readonly diskBytes: number;
}

export interface TensorProbe {
  readonly kind: DeviceKind;
  readonly name: string;
  readonly bfloat16: boolean;
}

/** Figures of the 10-step training run that ends a set-up. */
export interface TrainingProbe {
  readonly lossFirst: number;
  readonly lossLast: number;
  readonly secondsPerStep: number;
}

/** Runs the worker's `probe` kind in an environment and returns its figures; throws a ForgeError when it fails. */
export type TrainingProbeRunner = (
  request: { readonly profile: EnvironmentProfile; readonly directory: string; readonly device: DeviceKind },
  step: SetupStep,
) => Promise<TrainingProbe>;

/** What a worker process is started with; the attempt directory is appended to `args`. */
export interface WorkerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface WorkerSettings {
  /** Compute threads the lease grants. */
  readonly threads: number;
  /** True: waiting threads sleep, for a machine shared with a server or another worker. */
  readonly passiveWait: boolean;
  readonly device: DeviceKind;
}

/** Everything about Python that touches the machine. Expected failures are ForgeErrors (`environment.*`). */
export interface PythonToolbox {
  readonly platform: string;
  readonly architecture: string;
  digest(text: string): string;
  readLock(profile: EnvironmentProfile): Promise<string>;
  directoryFor(profile: EnvironmentProfile, lockDigest: string): string;
  /** All environment folders of this home with the profile they belong to. */
  listDirectories(): Promise<readonly { readonly profile: EnvironmentProfile; readonly directory: string }[]>;
  /** Claims the folder for one set-up; ends an installer that a killed set-up left running. Returns the release. */
  claim(profile: EnvironmentProfile, directory: string): Promise<() => Promise<void>>;
  readStamps(directory: string): Promise<readonly StageStamp[]>;
  writeStamp(directory: string, stamp: StageStamp): Promise<void>;
  fileExists(path: string): Promise<boolean>;
  /** True when the environment's own interpreter starts. */
  environmentStarts(directory: string): Promise<boolean>;
  /** Every uv that runs, by preference: bundled, on PATH, Forge's own. */
  listUv(signal: AbortSignal): Promise<readonly UvTool[]>;
  /** Installs Forge's own uv with pip, into a virtual environment of its own. */
  installUv(step: SetupStep): Promise<UvTool>;
  listInterpreters(signal: AbortSignal): Promise<readonly InterpreterCandidate[]>;
  /** Has uv fetch a Python of its own into the home. */
  fetchInterpreter(request: { readonly uv: UvTool; readonly version: string }, step: SetupStep): Promise<Interpreter>;
  freeBytes(): Promise<number>;
  /** True when the index that holds this build answers within 3 s (or, offline, the build is in uv's cache). */
  torchBuildReachable(
    request: { uv: UvTool; interpreter: Interpreter; version: string; build: TorchBuild },
    step: SetupStep,
  ): Promise<boolean>;
  install(request: InstallRequest, step: SetupStep): Promise<void>;
  /** Imports the modules in the environment and returns package versions by module name. */
  probeImports(directory: string, modules: readonly string[], step: SetupStep): Promise<Record<string, string>>;
  probeTensor(directory: string, device: DeviceKind, step: SetupStep): Promise<TensorProbe>;
  /** Size of everything below the folder in bytes; 0 when it is not there. */
  measureBytes(directory: string): Promise<number>;
  remove(directory: string): Promise<void>;
  /** Unpacks the one package of python-env/locks/<lock>.txt into `target`, digest checked, without dependencies; nothing of it is run. */
  unpackWheel(request: { readonly lock: string; readonly target: string }, step: SetupStep): Promise<void>;
  workerCommand(directory: string, settings: WorkerSettings): Promise<WorkerCommand>;
}
