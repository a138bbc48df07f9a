import { readdirSync, readFileSync } from 'node:fs';

export interface ScannedProcess {
  readonly pid: number;
  /** Clock ticks since the machine started: tells a process from a later one that was given its number. */
  readonly startTicks: string;
  readonly role: 'launcher' | 'worker' | 'host' | 'engine';
}

/** Living processes that belong to a home: those with the run marker, and the job hosts and engines started for it. */
export function scanProcesses(home: string, engineScript: string): readonly ScannedProcess[] {
  const found: ScannedProcess[] = [];
  const engines = new Set<number>();
  const hosts: { readonly pid: number; readonly startTicks: string; readonly parentPid: number }[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const words = read(`/proc/${pid}/cmdline`).split('\0');
    const fields = statFields(pid);
    const startTicks = fields[startTicksField] ?? '';
    if (fields[0] === 'Z' || words[0] === '') continue;
    if (read(`/proc/${pid}/environ`).includes(`FORGE_RUN_DIRECTORY=${home}/`)) {
      found.push({ pid, startTicks, role: words.includes('--recipe') ? 'worker' : 'launcher' });
    } else if (words.includes(engineScript) && words.includes(home)) {
      engines.add(pid);
      found.push({ pid, startTicks, role: 'engine' });
    } else if (words.some((word) => word.endsWith('job-host/main.ts'))) {
      hosts.push({ pid, startTicks, parentPid: Number(fields[1]) });
    }
  }
  for (const { pid, startTicks, parentPid } of hosts)
    if (engines.has(parentPid)) found.push({ pid, startTicks, role: 'host' });
  return found;
}

/** Those that still have an entry, a zombie's included; a later process with the same number is another one. */
export function stillListed(processes: Iterable<ScannedProcess>): readonly ScannedProcess[] {
  return [...processes].filter(({ pid, startTicks }) => statFields(pid)[startTicksField] === startTicks);
}

/** proc_pid_stat(5), field 22, counted from the state (field 3). */
const startTicksField = 19;

/** The fields of `/proc/<pid>/stat` from the state on; the name before it may hold anything. */
function statFields(pid: number): readonly string[] {
  const stat = read(`/proc/${pid}/stat`);
  return stat === '' ? [] : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // Gone between the listing and the reading, or another user's: not ours.
    return '';
  }
}
