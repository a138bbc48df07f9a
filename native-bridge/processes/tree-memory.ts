import { readFile } from 'node:fs/promises';
import { runTool } from './run-tool.ts';
import { listProcesses, type ProcessRow } from './process-table.ts';
import { processTree } from './process-tree.ts';

const maximumOutputBytes = 4 * 1_048_576;

/**
 * Resident memory of processes with all their descendants, in bytes; null where the system does not say (Windows) or none of them lives.
 * Pages that processes share are counted for each.
 */
export async function treeMemoryBytes(rootPids: readonly number[], timeoutMs: number): Promise<number | null> {
  if (rootPids.length === 0 || process.platform === 'win32') return null;
  const sizes = process.platform === 'linux' ? await linuxSizes(rootPids) : await psSizes(rootPids, timeoutMs);
  return sizes.length === 0 ? null : sizes.reduce((sum, size) => sum + size, 0);
}

async function linuxSizes(rootPids: readonly number[]): Promise<number[]> {
  const sizes = await Promise.all(membersOf(rootPids, listProcesses()).map(residentBytes));
  return sizes.filter((size) => size !== null);
}

/** /proc/<pid>/status, in kB; null for a process that ended meanwhile. */
async function residentBytes(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'latin1').catch(() => '');
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}

async function psSizes(rootPids: readonly number[], timeoutMs: number): Promise<number[]> {
  const { stdout } = await runTool('ps', ['-axo', 'pid=,ppid=,pgid=,rss='], { timeoutMs, maximumOutputBytes });
  const sizeOf = new Map<number, number>();
  const rows = stdout.split('\n').flatMap((line): ProcessRow[] => {
    const [pid, parentPid, groupId, kilobytes] = line.trim().split(/\s+/).map(Number);
    if (pid === undefined || parentPid === undefined || groupId === undefined || kilobytes === undefined) return [];
    sizeOf.set(pid, kilobytes * 1024);
    return [{ pid, parentPid, groupId, zombie: false, startedAt: '' }];
  });
  return membersOf(rootPids, rows).flatMap((pid) => sizeOf.get(pid) ?? []);
}

function membersOf(rootPids: readonly number[], rows: readonly ProcessRow[]): readonly number[] {
  return [...new Set(rootPids.flatMap((pid) => processTree(pid, rows)))];
}
