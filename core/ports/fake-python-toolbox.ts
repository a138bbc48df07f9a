import type { EnvironmentProfile, EnvironmentStage, StageStamp } from '#contract/environments.ts';
import type { DeviceKind } from '#contract/jobs.ts';
import type {
  InstallRequest,
  Interpreter,
  InterpreterCandidate,
  PythonToolbox,
  SetupStep,
  TensorProbe,
  UvTool,
  WorkerCommand,
} from './python-environment.ts';

/** A machine in memory: what is asked of it is noted in `calls`, and `failures` makes a call throw once. */
export class FakePythonToolbox implements PythonToolbox {
  platform = 'linux';
  architecture = 'x64';
  lock =
    "torch==2.13.0 \\\n    --hash=sha256:aa\nnvidia-cublas==13.1.1.3 ; sys_platform == 'linux' \\\n    --hash=sha256:bb\nnumpy==2.4.6 \\\n    --hash=sha256:cc\n";
  uv: readonly UvTool[] = [{ path: '/usr/bin/uv', version: '0.13.8', origin: 'path' }];
  interpreters: readonly InterpreterCandidate[] = [
    { path: '/usr/bin/python3', version: '3.11.7', origin: 'path', problem: null },
  ];
  free = 100_000_000_000;
  reachable = false;
  readonly calls: string[] = [];
  readonly failures = new Map<string, unknown>();
  readonly stamps = new Map<string, Map<EnvironmentStage, StageStamp>>();
  readonly installed = new Map<string, InstallRequest>();
  readonly goneFiles = new Set<string>();
  /** Runs inside every noted call, e.g. to abort in the middle of one. */
  during: (call: string) => void = () => undefined;

  #note(call: string): void {
    this.calls.push(call);
    this.during(call);
    const failure = this.failures.get(call);
    this.failures.delete(call);
    if (failure !== undefined) throw failure;
  }

  /** Not a real digest: equal for equal text, different for the texts of a test, 64 digits. */
  digest(text: string): string {
    let value = 7;
    for (let index = 0; index < text.length; index += 1) value = (value * 31 + text.charCodeAt(index)) % 0xffffffffffff;
    return value.toString(16).padStart(64, '0').split('').toReversed().join('');
  }
  async readLock(profile: EnvironmentProfile): Promise<string> {
    return `${this.lock}# ${profile}\n`;
  }
  directoryFor(profile: EnvironmentProfile, lockDigest: string): string {
    return `/home/envs/${profile}-${lockDigest.slice(0, 12)}`;
  }
  async listDirectories(): Promise<readonly { profile: EnvironmentProfile; directory: string }[]> {
    return [...this.stamps.keys()].map((directory) => ({
      profile: directory.split('/')[3]?.split('-')[0] as EnvironmentProfile,
      directory,
    }));
  }
  async claim(profile: EnvironmentProfile): Promise<() => Promise<void>> {
    this.#note(`claim ${profile}`);
    return async () => this.#note('release');
  }
  async readStamps(directory: string): Promise<readonly StageStamp[]> {
    return [...(this.stamps.get(directory)?.values() ?? [])];
  }
  async writeStamp(directory: string, stamp: StageStamp): Promise<void> {
    this.#note(`stamp ${stamp.stage}`);
    const stamps = this.stamps.get(directory) ?? new Map<EnvironmentStage, StageStamp>();
    this.stamps.set(directory, stamps.set(stamp.stage, stamp));
  }
  async fileExists(path: string): Promise<boolean> {
    return !this.goneFiles.has(path);
  }
  async environmentStarts(directory: string): Promise<boolean> {
    return this.installed.has(directory);
  }
  async listUv(): Promise<readonly UvTool[]> {
    this.#note('uv');
    return this.uv;
  }
  async installUv(): Promise<UvTool> {
    this.#note('install uv');
    return { path: '/home/tools/uv/bin/uv', version: '0.13.8', origin: 'private' };
  }
  async listInterpreters(): Promise<readonly InterpreterCandidate[]> {
    this.#note('interpreter');
    return this.interpreters;
  }
  async fetchInterpreter({ version }: { readonly version: string }): Promise<Interpreter> {
    this.#note('fetch interpreter');
    return { path: '/home/tools/python/bin/python3', version: `${version}.4`, origin: 'managed' };
  }
  async freeBytes(): Promise<number> {
    this.#note('lock');
    return this.free;
  }
  async torchBuildReachable(): Promise<boolean> {
    return this.reachable;
  }
  async install(request: InstallRequest, step: SetupStep): Promise<void> {
    step.report('downloading', 0.5);
    this.#note('install');
    this.installed.set(request.directory, request);
  }
  async probeImports(): Promise<Record<string, string>> {
    this.#note('import-probe');
    return { torch: '2.13.0' };
  }
  async probeTensor(_directory: string, kind: DeviceKind): Promise<TensorProbe> {
    this.#note('tensor-probe');
    return { kind, name: 'fake device', bfloat16: true };
  }
  async measureBytes(directory: string): Promise<number> {
    return this.installed.has(directory) ? 1000 : 0;
  }
  async remove(directory: string): Promise<void> {
    this.#note('remove');
    this.stamps.delete(directory);
    this.installed.delete(directory);
  }
  async unpackWheel({ lock }: { readonly lock: string }): Promise<void> {
    this.#note(`unpack ${lock}`);
  }
  async workerCommand(directory: string): Promise<WorkerCommand> {
    return { command: `${directory}/python/bin/python`, args: ['-m', 'forge_worker'], env: {} };
  }
}
