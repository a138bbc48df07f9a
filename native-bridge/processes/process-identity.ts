import { readProcess } from './process-table.ts';

/** A process that cannot be mistaken for a later one with the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startedAt: string;
}

/** The identity of a living process, or null. */
export function identifyProcess(pid: number): ProcessIdentity | null {
  const row = readProcess(pid);
  return row === null || row.zombie ? null : { pid, startedAt: row.startedAt };
}

/** True while exactly this process lives; a zombie does not. */
export function isProcessAlive(identity: ProcessIdentity): boolean {
  return identifyProcess(identity.pid)?.startedAt === identity.startedAt;
}
