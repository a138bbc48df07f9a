import { existsSync, lstatSync, readlinkSync, realpathSync } from 'node:fs';
import type { Fitness, ScriptLimits } from '#core/foundry/scripts/sandbox.ts';
import { readDriver } from './app-files.ts';
import type { SandboxChannel } from './channel.ts';
import { findProgram } from './find-program.ts';
import { startFramedProcess } from './framed-process.ts';
import { identityOf, type KnownSandbox } from './remembered-fitness.ts';
import { awaitReady, frameShare, openSession } from './script-session.ts';
import { syscallFilter } from './syscall-filter.ts';
import { tryToEscape } from './quick-escapes.ts';

const readyMs = 15_000;
const filterDescriptor = 3;
/** Only from the folders of the system: what a person's own PATH puts first may be a wrapper that needs a home. */
const pythonPlaces = ['/usr/bin/python3', '/usr/local/bin/python3'];

interface Parts {
  readonly bubblewrap: string;
  /** Where it really lies. */
  readonly python: string;
  readonly filter: Uint8Array;
}

function partsOf(environment: NodeJS.ProcessEnv): Parts | string {
  if (process.platform !== 'linux') return 'bubblewrap is for Linux';
  const filter = syscallFilter(process.arch);
  if (filter === null) return `no filter of system calls is known for ${process.arch}`;
  const bubblewrap = findProgram(['bwrap'], environment);
  if (bubblewrap === null) return 'bubblewrap (bwrap) is not installed';
  const python = findProgram(pythonPlaces, environment);
  return python === null
    ? `there is no Python at ${pythonPlaces.join(' or ')}`
    : { bubblewrap, python: realpathSync(python), filter };
}

/** Where the libraries are; on most systems /lib is a link into /usr. */
function libraryMounts(python: string): string[] {
  const folders = ['/usr/lib', '/usr/lib64', ...(python.startsWith('/usr/local/') ? ['/usr/local/lib'] : [])];
  const mounts = folders.flatMap((folder) => ['--ro-bind-try', folder, folder]);
  for (const name of ['/lib', '/lib64']) {
    if (!existsSync(name)) continue;
    if (lstatSync(name).isSymbolicLink()) mounts.push('--symlink', readlinkSync(name), name);
    else mounts.push('--ro-bind', name, name);
  }
  return [...mounts, '--ro-bind-try', '/etc/ld.so.cache', '/etc/ld.so.cache'];
}

/**
 * New namespaces of every kind, nothing of this machine but Python and its libraries, nothing that can be written, no environment, no privileges, and the filter
 * of system calls. `-I` would throw PYTHONHASHSEED away, and with it the order of sets that two runs must share; there is no environment to keep out anyway.
 */
function argumentsOf(python: string, driver: string, memoryBytes: number): string[] {
  return [
    ...['--unshare-user', '--unshare-all', '--die-with-parent', '--new-session', '--cap-drop', 'ALL'],
    ...['--uid', '65534', '--gid', '65534', '--hostname', 'sandbox', '--clearenv'],
    ...['--setenv', 'PYTHONHASHSEED', '0', '--setenv', 'LC_ALL', 'C.UTF-8'],
    ...['--ro-bind', python, python, ...libraryMounts(python), '--remount-ro', '/', '--chdir', '/'],
    ...['--seccomp', String(filterDescriptor)],
    ...[python, '-s', '-S', '-B', '-X', 'utf8', '-c', `${driver}\nmain(${memoryBytes})\n`],
  ];
}

/** Bubblewrap on Linux: native speed, some ten milliseconds more than a plain process. Some systems refuse it (AppArmor on Ubuntu 24.04): the probe finds out. */
export function createBubblewrapSandbox(environment: NodeJS.ProcessEnv): KnownSandbox {
  const open = async (parts: Parts, limits: ScriptLimits, signal?: AbortSignal): Promise<SandboxChannel> => {
    const channel = startFramedProcess({
      program: parts.bubblewrap,
      args: argumentsOf(parts.python, await readDriver(), limits.memoryBytes),
      environment: {},
      frameBytes: limits.outputBytes * frameShare,
      signal,
      descriptors: [parts.filter],
    });
    return awaitReady(channel, readyMs);
  };
  const sandbox: KnownSandbox = {
    name: 'bubblewrap',
    label: 'Bubblewrap (Linux)',
    async probe(signal): Promise<Fitness> {
      const parts = partsOf(environment);
      return typeof parts === 'string' ? { isFit: false, detail: parts } : tryToEscape(sandbox, parts.python, signal);
    },
    async identity() {
      const parts = partsOf(environment);
      if (typeof parts === 'string') return null;
      return identityOf([parts.bubblewrap, parts.python], argumentsOf(parts.python, '', 0));
    },
    start(program, signal) {
      const parts = partsOf(environment);
      if (typeof parts === 'string') throw new Error(parts);
      return openSession((aborting) => open(parts, program.limits, aborting), program, signal);
    },
  };
  return sandbox;
}
