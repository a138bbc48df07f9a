import { createHash } from 'node:crypto';
import { access, mkdir, readdir, readFile, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { ForgeError } from '#contract/errors.ts';
import type { Outbound } from '#core/ports/outbound.ts';
import type { PythonToolbox } from '#core/ports/python-environment.ts';
import { runTool } from '../processes/run-tool.ts';
import { claimSetup, type SetupClaim } from './claim-setup.ts';
import { environmentLayout, environmentName, environmentPython, profileOfName } from './environment-layout.ts';
import { listInterpreters } from './find-interpreters.ts';
import { listUv, type RunTool } from './find-uv.ts';
import {
  fetchInterpreter,
  folderError,
  installPackages,
  installUv,
  writeWorkerPath,
  type InstallTools,
} from './install-packages.ts';
import { installerEnvironment } from './installer-environment.ts';
import { measureBytes } from './measure-bytes.ts';
import { readStamps, writeStamp } from './stage-stamps.ts';
import { unpackWheel } from './unpack-wheel.ts';
import { probeImports, probeTensor } from './run-probes.ts';
import { workerEnvironment } from './worker-environment.ts';

export interface PythonToolboxOptions {
  /** FORGE_HOME. */
  readonly home: string;
  /** The folder that holds python-env/ and resources/. */
  readonly appDirectory: string;
  readonly outbound: Outbound;
  readonly run?: RunTool;
  readonly platform?: string;
  readonly architecture?: string;
  /** The engine's own environment variables. */
  readonly own?: Readonly<Record<string, string | undefined>>;
}

const startTimeoutMs = 20_000;
const indexTimeoutMs = 5_000;

/** The toolbox over this machine. */
export function createPythonToolbox(options: PythonToolboxOptions): PythonToolbox {
  const { home, appDirectory, outbound } = options;
  const { run = runTool, platform = process.platform, architecture = process.arch, own = process.env } = options;
  const layout = environmentLayout(home);
  const claims = new Set<SetupClaim>();
  const onInstaller = (pid: number): void => claims.forEach((claim) => claim.noteInstaller(pid));
  const tools: InstallTools = { run, platform, appDirectory, layout, own, outbound, onInstaller };
  const locks = join(appDirectory, 'python-env', 'locks');

  return {
    platform,
    architecture,
    digest: (text) => createHash('sha256').update(text).digest('hex'),
    readLock: (profile) => readFile(join(locks, `${profile}.txt`), 'utf8'),
    directoryFor: (profile, lockDigest) => join(layout.environments, environmentName(profile, lockDigest)),
    listDirectories: () => listDirectories(layout.environments),
    claim: async (profile, directory) => {
      const claim = await claimSetup(profile, directory).catch((error: unknown) => {
        throw folderError(error, layout.environments);
      });
      claims.add(claim);
      return async () => {
        claims.delete(claim);
        await claim.release();
      };
    },
    readStamps: (directory) => readStamps(directory),
    writeStamp: (directory, stamp) => writeStamp(directory, stamp),
    fileExists: (path) => fileExists(path),
    environmentStarts: (directory) => environmentStarts(tools, directory),
    listUv: (signal) => listUv(tools, signal),
    installUv: (step) => installUv(tools, step),
    listInterpreters: (signal) => listInterpreters(tools, signal),
    fetchInterpreter: (request, step) => fetchInterpreter(tools, request, step),
    freeBytes: async () => {
      await mkdir(home, { recursive: true });
      const { bavail, bsize } = await statfs(home);
      return bavail * bsize;
    },
    torchBuildReachable: ({ uv, interpreter, version, build }, step) =>
      torchBuildReachable(tools, [uv.path, interpreter.path, version, build], step),
    install: (request, step) => installPackages(tools, request, step),
    probeImports: (directory, modules, step) => probeImports(tools, { directory, modules }, step),
    probeTensor: (directory, device, step) => probeTensor(tools, { directory, device }, step),
    measureBytes: (directory) => measureBytes(directory),
    remove: (directory) => rm(directory, { recursive: true, force: true }),
    unpackWheel: (request, step) => unpackWheel(tools, request, step),
    workerCommand: async (directory, settings) => {
      await writeWorkerPath(directory, tools);
      const python = environmentPython(directory, platform);
      const cache = join(home, 'cache', 'huggingface');
      const env = workerEnvironment({ ...settings, platform, python, pycache: layout.pycache, cache, own });
      return { command: python, args: ['-m', 'forge_worker'], env };
    },
  };
}

async function environmentStarts(tools: InstallTools, directory: string): Promise<boolean> {
  const python = environmentPython(directory, tools.platform);
  try {
    const options = { timeoutMs: startTimeoutMs, maximumOutputBytes: 4096, env: installerEnvironment(tools.own) };
    await tools.run(python, ['-I', '-S', '-c', 'pass'], options);
    return true;
  } catch (error) {
    if (error instanceof ForgeError && error.code.startsWith('tool.')) return false;
    throw error;
  }
}

/** Asks uv to resolve, not to install: it knows where torch's builds are. Its own patience is 3 s, without another try. */
async function torchBuildReachable(
  tools: InstallTools,
  [uv, python, version, build]: readonly [string, string, string, string],
  step: { readonly signal: AbortSignal; readonly offline: boolean },
): Promise<boolean> {
  const quick = { UV_HTTP_TIMEOUT: '3', UV_HTTP_CONNECT_TIMEOUT: '3', UV_HTTP_RETRIES: '0' };
  const args = ['pip', 'install', '--dry-run', '--no-deps', '--system', '--python', python, '--torch-backend', build];
  const env = { ...installerEnvironment(tools.own), ...quick };
  const ask = async (): Promise<{ status: number | null; bytes: number }> => {
    const options = { timeoutMs: indexTimeoutMs, maximumOutputBytes: 65_536, env, signal: step.signal };
    const last = [...(step.offline ? ['--offline'] : []), '--reinstall', `torch==${version}`];
    const { exitCode } = await tools.run(uv, [...args, ...last], { ...options, expectedExitCodes: [0, 1, 2] });
    return { status: exitCode, bytes: 0 };
  };
  try {
    const purpose = `asking for the ${build} build of torch`;
    const { status } = await (step.offline ? ask() : tools.outbound.throughTool({ name: 'uv', purpose }, ask));
    return status === 0;
  } catch (error) {
    if (error instanceof ForgeError && error.code === 'tool.timed-out') return false;
    throw error;
  }
}

async function listDirectories(environments: string): ReturnType<PythonToolbox['listDirectories']> {
  const names = await listFolder(environments);
  return names.flatMap((name) => {
    const profile = profileOfName(name);
    return profile === null ? [] : [{ profile, directory: join(environments, name) }];
  });
}

async function fileExists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function listFolder(path: string): Promise<readonly string[]> {
  return readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}
