import { appendFile, mkdir, readdir, rm, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ForgeError } from '#contract/errors.ts';
import type { Outbound } from '#core/ports/outbound.ts';
import type { InstallRequest, Interpreter, SetupStep, UvTool } from '#core/ports/python-environment.ts';
import { writeFileAtomic } from '../files/write-file-atomic.ts';
import { classifyInstallFailure, summariseInstallFailure } from './classify-install-failure.ts';
import { environmentPython, venvProgram } from './environment-layout.ts';
import type { PythonTools } from './find-uv.ts';
import { askInterpreter, listInterpreters } from './find-interpreters.ts';
import { createInstallProgress } from './install-progress.ts';
import { installerEnvironment } from './installer-environment.ts';
import { runInstaller } from './run-installer.ts';

export interface InstallTools extends PythonTools {
  readonly outbound: Outbound;
  /** Told of each installer that starts. */
  readonly onInstaller: (pid: number) => void;
}

export interface InstallerCall {
  readonly command: string;
  readonly args: readonly string[];
  readonly activity: string;
  readonly directory: string;
  readonly diskBytes: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Enters the ledger unless the tool was told to stay offline. */
  readonly reachesOut: boolean;
}

/**
 * Builds the virtual environment from nothing: an installation that was broken off may have left half a package that looks whole, and
 * from uv's cache a new one takes seconds. Only the pinned files of the lock get in, as wheels (nothing is compiled or run).
 */
export async function installPackages(tools: InstallTools, request: InstallRequest, step: SetupStep): Promise<void> {
  const { directory, uv, interpreter, diskBytes } = request;
  const venv = join(directory, 'python');
  const call = (activity: string, args: readonly string[], reachesOut: boolean): Promise<void> =>
    callInstaller(
      tools,
      { command: uv.path, args, activity, directory, diskBytes, reachesOut: reachesOut && !step.offline },
      step,
    );
  const offline = step.offline ? ['--offline'] : [];
  await rm(venv, { recursive: true, force: true });
  await makeFolder(directory);
  const requirements = join(directory, 'requirements.txt');
  await writeFileAtomic(requirements, request.requirements);
  await call('making the virtual environment', ['venv', '--no-project', '--python', interpreter.path, venv], false);
  const target = ['--python', environmentPython(directory, tools.platform), '--only-binary', ':all:', ...offline];
  await call('installing the Python packages', ['pip', 'sync', ...target, '--require-hashes', requirements], true);
  if (request.torch !== null) {
    const { version, build } = request.torch;
    await call('installing torch', ['pip', 'install', ...target, '--torch-backend', build, `torch==${version}`], true);
  }
  await writeWorkerPath(directory, tools);
}

/**
 * Makes `forge_worker` importable: a .pth file in the environment names the application's python-env folder. Written again before each
 * use when the application has moved (an AppImage is mounted elsewhere at every start).
 */
export async function writeWorkerPath(
  directory: string,
  tools: Pick<PythonTools, 'platform' | 'appDirectory'>,
): Promise<void> {
  const venv = join(directory, 'python');
  const library = tools.platform === 'win32' ? join(venv, 'Lib') : join(venv, 'lib');
  const versions =
    tools.platform === 'win32' ? [''] : (await readdir(library)).filter((name) => name.startsWith('python3.'));
  for (const version of versions) {
    const path = join(library, version, 'site-packages', 'forge_worker.pth');
    await writeFileAtomic(path, `${join(tools.appDirectory, 'python-env')}\n`);
  }
}

/** Forge's own uv: pip, in a virtual environment made for it, installs the one pinned file. */
export async function installUv(tools: InstallTools, step: SetupStep): Promise<UvTool> {
  if (step.offline) throw new ForgeError('environment.offline', { activity: 'installing uv' });
  const [python] = (await listInterpreters(tools, step.signal)).filter(({ problem }) => problem === null);
  if (!python) throw new ForgeError('environment.python-missing', pythonAdvice('neither Python nor uv is here'));
  const venv = tools.layout.privateUv;
  const base = { directory: venv, diskBytes: 60_000_000 };
  await rm(venv, { recursive: true, force: true });
  await makeFolder(dirname(venv));
  const venvCall = {
    ...base,
    command: python.path,
    args: ['-I', '-m', 'venv', venv],
    activity: 'making a virtual environment',
  };
  await callInstaller(tools, { ...venvCall, reachesOut: false }, step);
  const lock = join(tools.appDirectory, 'python-env', 'locks', 'uv.txt');
  const args = [
    '-I',
    '-m',
    'pip',
    'install',
    '--require-hashes',
    '--no-deps',
    '--only-binary',
    ':all:',
    '--requirement',
    lock,
  ];
  const pipCall = {
    ...base,
    command: venvProgram(venv, 'python', tools.platform),
    args,
    activity: 'installing uv with pip',
  };
  await callInstaller(tools, { ...pipCall, reachesOut: true }, step);
  const path = venvProgram(venv, 'uv', tools.platform);
  const { stdout } = await tools.run(path, ['--version'], {
    timeoutMs: 10_000,
    maximumOutputBytes: 4096,
    signal: step.signal,
  });
  return { path, version: /^uv (\S+)/.exec(stdout)?.[1] ?? 'unknown', origin: 'private' };
}

/** A Python that uv fetches into the home, for machines whose own is missing or too old. */
export async function fetchInterpreter(
  tools: InstallTools,
  { uv, version }: { readonly uv: UvTool; readonly version: string },
  step: SetupStep,
): Promise<Interpreter> {
  const activity = `fetching Python ${version}`;
  if (step.offline) throw new ForgeError('environment.offline', { activity });
  const directory = tools.layout.privatePython;
  await makeFolder(directory);
  const env = { UV_PYTHON_INSTALL_DIR: directory, UV_HTTP_CONNECT_TIMEOUT: '10' };
  const call = { command: uv.path, activity, directory, diskBytes: 150_000_000, env };
  await callInstaller(tools, { ...call, args: ['python', 'install', '--no-bin', version], reachesOut: true }, step);
  const find = ['python', 'find', '--no-project', '--managed-python', version];
  const options = { timeoutMs: 10_000, maximumOutputBytes: 8192, signal: step.signal };
  const { stdout } = await tools.run(uv.path, find, {
    ...options,
    env: { ...installerEnvironment(tools.own), ...env },
  });
  const found = await askInterpreter(tools, stdout.trim(), step.signal);
  if (found === null || found.problem !== null)
    throw new ForgeError('environment.install-failed', {
      detail: 'the fetched Python does not run',
      log: logPath(tools),
    });
  return { path: found.path, version: found.version, origin: 'managed' };
}

/** Runs uv or pip with progress, ledger and log; a failure becomes the ForgeError that names its one fix. */
export async function callInstaller(tools: InstallTools, call: InstallerCall, step: SetupStep): Promise<void> {
  const progress = createInstallProgress(call.diskBytes / 2);
  let downloadedBytes = 0;
  const onLine = (line: string): void => {
    const news = progress(line);
    if (news === null) return;
    downloadedBytes = news.downloadedBytes;
    step.report(news.text, news.fraction);
  };
  step.report(call.activity, null);
  const env = { ...installerEnvironment(tools.own), ...call.env };
  const run = async () => {
    const { command, args } = call;
    const ended = await runInstaller({
      command,
      args,
      env,
      signal: step.signal,
      onStarted: tools.onInstaller,
      onLine,
    }).catch((error: NodeJS.ErrnoException) => {
      if (step.signal.aborted || error.syscall === undefined) throw error;
      throw new ForgeError(
        'environment.uv-unusable',
        { path: command, reason: error.code ?? error.message },
        { cause: error },
      );
    });
    return { ...ended, status: ended.exitCode, bytes: downloadedBytes };
  };
  const name = call.args[0] === '-I' ? 'pip' : 'uv';
  const ended = await (call.reachesOut ? tools.outbound.throughTool({ name, purpose: call.activity }, run) : run());
  await writeLog(tools, `$ ${[call.command, ...call.args].join(' ')}\n${ended.output}exit ${ended.exitCode}\n`);
  step.signal.throwIfAborted();
  if (ended.exitCode !== 0) throw await installError(tools, call, ended.output);
}

async function installError(tools: InstallTools, call: InstallerCall, output: string): Promise<ForgeError> {
  const reason = summariseInstallFailure(output);
  const { bavail, bsize } = await statfs(dirname(call.directory));
  const said = classifyInstallFailure(output);
  // A full disk is one reason why pip does not get into a virtual environment, and `venv` keeps it to itself.
  const isFull = said === 'environment.venv-broken' && bavail * bsize < call.diskBytes;
  const code = isFull ? 'environment.disk-full' : said;
  return new ForgeError(code, {
    activity: call.activity,
    detail: reason,
    path: code === 'environment.venv-broken' ? call.command : call.directory,
    needed: inGigabytes(call.diskBytes),
    free: inGigabytes(bavail * bsize),
    log: logPath(tools),
    ...pythonAdvice(reason),
  });
}

const inGigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
/** Named in errors raised here; the range itself is decided in core/environments/profiles.ts. */
const pythonAdvice = (reason: string) => ({ minimum: '3.11', maximum: '3.14', recommended: '3.12', reason });
const logPath = (tools: PythonTools): string => join(tools.layout.logs, 'environment.log');

async function writeLog(tools: PythonTools, text: string): Promise<void> {
  await makeFolder(tools.layout.logs);
  await appendFile(logPath(tools), text);
}

/** @throws ForgeError environment.not-writable or environment.disk-full */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw folderError(error, path);
  }
}

/** The expected error behind a failed write, or the error itself when it is none of them. */
export function folderError(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new ForgeError('environment.not-writable', { path, reason: 'permission denied' }, { cause: error });
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new ForgeError('environment.disk-full', { path, needed: 'more', free: '0 GB' }, { cause: error });
  return error;
}
