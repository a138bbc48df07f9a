import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** One process as the system lists it. */
export interface ProcessRow {
  readonly pid: number;
  readonly parentPid: number;
  readonly groupId: number;
  /** It ended and only waits to be reaped. */
  readonly zombie: boolean;
  /** Opaque start time: equal for the same process, different when the pid was given out again. */
  readonly startedAt: string;
}

const psTimeoutMs = 5_000;

/** Every process of the machine. Linux reads /proc, other Unix systems ask `ps`; Windows yields none. */
export function listProcesses(): readonly ProcessRow[] {
  if (process.platform === 'linux') return linuxPids().flatMap((pid) => readLinuxProcess(pid) ?? []);
  if (process.platform === 'win32') return [];
  return askPs(['-axo', 'pid=,ppid=,pgid=,stat=,lstart=']);
}

/** One process, or null when there is none (a zombie is listed as such). */
export function readProcess(pid: number): ProcessRow | null {
  if (process.platform === 'linux') return readLinuxProcess(pid);
  if (process.platform === 'win32') return readByProbe(pid);
  return askPs(['-o', 'pid=,ppid=,pgid=,stat=,lstart=', '-p', String(pid)])[0] ?? null;
}

/** Pids whose environment holds the entry `NAME=value` exactly. Linux only; elsewhere none. Own user's processes only. */
export function findByEnvironment(entry: string): readonly number[] {
  if (process.platform !== 'linux') return [];
  return linuxPids().filter((pid) => pid !== process.pid && hasEntry(readOrNull(`/proc/${pid}/environ`), entry));
}

function hasEntry(environment: string | null, entry: string): boolean {
  return environment !== null && `\0${environment}\0`.includes(`\0${entry}\0`);
}

function linuxPids(): number[] {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
}

/** /proc/<pid>/stat, see proc(5): the name is in brackets and may itself hold brackets and blanks. */
function readLinuxProcess(pid: number): ProcessRow | null {
  const stat = readOrNull(`/proc/${pid}/stat`);
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, parentPid, groupId] = fields;
  const startTicks = fields[19];
  if (state === undefined || startTicks === undefined) return null;
  // Ticks since the boot: a jump of the wall clock does not touch them.
  return {
    pid,
    parentPid: Number(parentPid),
    groupId: Number(groupId),
    zombie: state === 'Z' || state === 'X',
    startedAt: `${bootId()}:${startTicks}`,
  };
}

let knownBootId: string | undefined;

/** Tells boots apart: after a restart of the machine the same pid and ticks may come again. */
function bootId(): string {
  knownBootId ??= readOrNull('/proc/sys/kernel/random/boot_id')?.trim() ?? 'unknown';
  return knownBootId;
}

function askPs(args: readonly string[]): ProcessRow[] {
  const output = runPs(args);
  return output.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line);
    if (match === null) return [];
    const [, pid, parentPid, groupId, state, startedAt] = match;
    return [
      {
        pid: Number(pid),
        parentPid: Number(parentPid),
        groupId: Number(groupId),
        zombie: state?.startsWith('Z') ?? false,
        startedAt: startedAt ?? '',
      },
    ];
  });
}

function runPs(args: readonly string[]): string {
  try {
    return execFileSync('ps', args, { encoding: 'utf8', timeout: psTimeoutMs, maxBuffer: 16 * 1_048_576 });
  } catch (error) {
    // ps ends with 1 when the asked process does not exist.
    if ((error as { status?: unknown }).status === 1) return '';
    throw error;
  }
}

function readByProbe(pid: number): ProcessRow | null {
  try {
    process.kill(pid, 0);
    return { pid, parentPid: 0, groupId: 0, zombie: false, startedAt: '' };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPERM') {
      return { pid, parentPid: 0, groupId: 0, zombie: false, startedAt: '' };
    }
    return null;
  }
}

/** A process may end between two reads, and other users' environments are closed to us: both mean "not ours". */
function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}
