import { delimiter, dirname } from 'node:path';
import type { WorkerSettings } from '#core/ports/python-environment.ts';

export interface WorkerEnvironmentOptions extends WorkerSettings {
  readonly platform: string;
  /** The environment's interpreter; its folder leads PATH. */
  readonly python: string;
  /** Where compiled bytecode goes: never into the application's own folder, which may be signed or read-only. */
  readonly pycache: string;
  /** Where libraries may keep files of their own. */
  readonly cache: string;
  readonly own: Readonly<Record<string, string | undefined>>;
}

const kept = [
  'HOME',
  'USER',
  'USERPROFILE',
  'LOCALAPPDATA',
  'APPDATA',
  'SystemRoot',
  'SYSTEMROOT',
  'TEMP',
  'TMP',
  'TMPDIR',
  'LANG',
  'LC_ALL',
];
const systemPath = ['/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin'];

/** The same for every worker: nothing of the person's Python, nothing to the network, output as it comes (docs/worker-protocol.md). */
const fixed: Readonly<Record<string, string>> = {
  PYTHONNOUSERSITE: '1',
  PYTHONSAFEPATH: '1',
  PYTHONUNBUFFERED: '1',
  PYTHONUTF8: '1',
  HF_HUB_OFFLINE: '1',
  HF_HUB_DISABLE_TELEMETRY: '1',
  DO_NOT_TRACK: '1',
  TOKENIZERS_PARALLELISM: 'false',
};

/** What would let the person's Python, or this engine's Node, reach into a worker. */
const unwanted: ReadonlySet<string> = new Set([
  ...['PYTHONPATH', 'PYTHONHOME', 'PYTHONSTARTUP', 'NODE_OPTIONS', 'NODE_CHANNEL_FD'],
  // Decided anew for each attempt.
  ...['OMP_WAIT_POLICY', 'GOMP_SPINCOUNT'],
]);

function threadVariables({ threads, passiveWait }: Pick<WorkerSettings, 'threads' | 'passiveWait'>) {
  const count = String(threads);
  const variables = { OMP_NUM_THREADS: count, MKL_NUM_THREADS: count, OPENBLAS_NUM_THREADS: count };
  return passiveWait ? { ...variables, OMP_WAIT_POLICY: 'PASSIVE', GOMP_SPINCOUNT: '0' } : variables;
}

/** What one attempt is granted. */
export interface WorkerGrant extends Pick<WorkerSettings, 'threads' | 'passiveWait'> {
  /** Of the attempt; the value of its marker variable, by which its processes are found. */
  readonly directory: string;
}

/** The environment of one attempt: that of its interpreter with the attempt's own threads and its marker. */
export function attemptEnvironment(
  base: Readonly<Record<string, string>>,
  markerName: string,
  grant: WorkerGrant,
): Readonly<Record<string, string>> {
  const kept = Object.fromEntries(Object.entries(base).filter(([name]) => !unwanted.has(name)));
  return { ...kept, ...fixed, ...threadVariables(grant), [markerName]: grant.directory };
}

/**
 * The whole environment of a worker (N-3, N-4). Nothing of the person's Python gets in: their PYTHON* variables are not passed on, user
 * site-packages are off and the working directory is not on the module path. That is done by variables rather than by `python -I` because
 * the worker's own children must inherit it.
 */
export function workerEnvironment(options: WorkerEnvironmentOptions): Record<string, string> {
  const { own, platform, device } = options;
  const environment: Record<string, string> = {
    ...fixed,
    ...threadVariables(options),
    PATH: [dirname(options.python), ...(platform === 'win32' ? [own['Path'] ?? own['PATH'] ?? ''] : systemPath)].join(
      delimiter,
    ),
    PYTHONPYCACHEPREFIX: options.pycache,
    HF_HOME: options.cache,
  };
  for (const name of kept) {
    const value = own[name];
    if (value !== undefined) environment[name] = value;
  }
  environment['LANG'] ??= 'C.UTF-8';
  // A worker told to use the processor must not start on a card that happens to be there.
  if (device === 'cpu') environment['CUDA_VISIBLE_DEVICES'] = '';
  else if (own['CUDA_VISIBLE_DEVICES'] !== undefined) environment['CUDA_VISIBLE_DEVICES'] = own['CUDA_VISIBLE_DEVICES'];
  // macOS ends long GPU work while the display is on; this is Apple's own switch for it (peers of Forge, demand 5).
  if (device === 'mlx' && platform === 'darwin') environment['AGX_RELAX_CDM_CTXSTORE_TIMEOUT'] = '1';
  return environment;
}
