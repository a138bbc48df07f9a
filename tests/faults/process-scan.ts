import { readdirSync, readFileSync } from 'node:fs';

export interface ScannedProcess {
  readonly pid: number;
  readonly role: 'launcher' | 'worker' | 'host' | 'engine';
}

/** Living processes that belong to a home: those with the run marker, and the job hosts and engines started for it. */
export function scanProcesses(home: string, engineScript: string): readonly ScannedProcess[] {
  const found: ScannedProcess[] = [];
  const engines = new Set<number>();
  const hosts: { readonly pid: number; readonly parentPid: number }[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const words = read(`/proc/${pid}/cmdline`).split('\0');
    const stat = read(`/proc/${pid}/stat`);
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || words[0] === '') continue;
    if (read(`/proc/${pid}/environ`).includes(`FORGE_RUN_DIRECTORY=${home}/`)) {
      found.push({ pid, role: words.includes('--recipe') ? 'worker' : 'launcher' });
    } else if (words.includes(engineScript) && words.includes(home)) {
      engines.add(pid);
      found.push({ pid, role: 'engine' });
    } else if (words.some((word) => word.endsWith('job-host/main.ts'))) {
      hosts.push({ pid, parentPid: Number(fields[1]) });
    }
  }
  for (const { pid, parentPid } of hosts) if (engines.has(parentPid)) found.push({ pid, role: 'host' });
  return found;
}

/** Pids that still have an entry, a zombie's included. */
export function stillListed(pids: Iterable<number>): readonly number[] {
  return [...pids].filter((pid) => read(`/proc/${pid}/stat`) !== '');
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // Gone between the listing and the reading, or another user's: not ours.
    return '';
  }
}
