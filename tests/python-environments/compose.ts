import { copyFile, mkdir } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPythonEnvironments, type PythonEnvironments } from '#core/environments/create-python-environments.ts';
import type { PythonToolbox } from '#core/ports/python-environment.ts';
import { createTrainingProbe } from '#engine/environment/training-probe.ts';
import { systemClock } from '#native-bridge/clock/system-clock.ts';
import { createOutbound } from '#native-bridge/network/outbound.ts';
import { createPythonToolbox } from '#native-bridge/python/create-python-toolbox.ts';

const here = dirname(fileURLToPath(import.meta.url));
export const appDirectory = join(here, '..', '..');

/** The real composition over a stand-in for uv and quick probes. `mode` is what the stand-in does (see fake-uv.sh). */
export async function composeWithFakeUv(
  home: string,
  mode = '',
): Promise<{ environments: PythonEnvironments; toolbox: PythonToolbox }> {
  const tools = join(home, 'fake-tools');
  await mkdir(tools, { recursive: true });
  await copyFile(join(here, 'fake-uv.sh'), join(tools, 'uv'));
  const own = {
    ...process.env,
    ...{
      PATH: [tools, process.env['PATH'] ?? ''].join(delimiter),
      UV_FAKE_MODE: mode,
      UV_FAKE_PID_FILE: join(home, 'installer.pid'),
    },
  };
  const outbound = createOutbound({ home, isOffline: () => false });
  const real = createPythonToolbox({ home, appDirectory, outbound, own });
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const toolbox: PythonToolbox = {
    ...real,
    probeImports: async () => pause(60).then(() => ({ torch: '2.13.0' })),
    probeTensor: async (_directory, kind) => pause(60).then(() => ({ kind, name: 'fake', bfloat16: true })),
  };
  const environments = createPythonEnvironments({
    toolbox,
    probe: async () => pause(60).then(() => ({ lossFirst: 2, lossLast: 1, secondsPerStep: 0.1 })),
    clock: systemClock,
    ...{ workerVersion: '1', cuda: async () => null, reasonFor: async () => 'a test', directoriesInUse: () => [] },
    isOffline: outbound.isOffline,
  });
  return { environments, toolbox };
}

/** The whole real composition: real uv, real packages, the worker's own training probe. */
export function composeReal(
  home: string,
  isOffline = false,
): { environments: PythonEnvironments; toolbox: PythonToolbox } {
  const outbound = createOutbound({ home, isOffline: () => isOffline });
  const toolbox = createPythonToolbox({ home, appDirectory, outbound });
  const environments = createPythonEnvironments({
    toolbox,
    probe: createTrainingProbe((directory, settings) => toolbox.workerCommand(directory, settings), 2),
    clock: systemClock,
    ...{ workerVersion: '1', cuda: async () => null, reasonFor: async () => 'a test', directoriesInUse: () => [] },
    isOffline: outbound.isOffline,
  });
  return { environments, toolbox };
}
