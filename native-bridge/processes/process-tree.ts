import { execFileSync } from 'node:child_process';
import { listProcesses, type ProcessRow } from './process-table.ts';

const taskkillTimeoutMs = 10_000;

/**
 * Kills a process, everything that descends from it and everything in its group, at once (SIGKILL).
 * Processes that are gone already are no error.
 */
export function killProcessTree(pid: number): void {
  if (process.platform === 'win32') {
    killWindowsTree(pid);
    return;
  }
  // Stop first: a parent that cannot run cannot start another child while the list is made.
  for (let round = 0; round < 3; round += 1) {
    const tree = processTree(pid, listProcesses());
    for (const member of tree) sendSignal(member, 'SIGSTOP');
    if (tree.length === 0) break;
  }
  for (const member of processTree(pid, listProcesses())) sendSignal(member, 'SIGKILL');
  sendSignal(pid, 'SIGKILL');
}

/** Asks a process group to end. False when there is no such group. */
export function terminateGroup(groupId: number): boolean {
  if (process.platform === 'win32') return sendSignal(groupId, 'SIGTERM');
  return sendSignal(-groupId, 'SIGTERM');
}

/** Sends a signal; false when the process is gone. Throws for anything but "gone" and "not ours". */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ESRCH' || code === 'EPERM') return false;
    throw error;
  }
}

/** The pids of a process, its descendants and the members of its group; zombies and this process are left out. */
export function processTree(rootPid: number, rows: readonly ProcessRow[]): readonly number[] {
  const wanted = new Set([rootPid]);
  for (let grown = true; grown;) {
    const before = wanted.size;
    for (const row of rows) if (wanted.has(row.parentPid) || row.groupId === rootPid) wanted.add(row.pid);
    grown = wanted.size > before;
  }
  return rows.filter((row) => wanted.has(row.pid) && !row.zombie && row.pid !== process.pid).map((row) => row.pid);
}

function killWindowsTree(pid: number): void {
  try {
    execFileSync('taskkill', ['/pid', String(pid), '/T', '/F'], { timeout: taskkillTimeoutMs, stdio: 'ignore' });
  } catch (error) {
    // 128: no such process.
    if ((error as { status?: unknown }).status !== 128) throw error;
  }
}
