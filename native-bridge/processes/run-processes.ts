import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workerFile, type WorkerFile } from '#contract/jobs.ts';
import { identifyProcess, isProcessAlive, type ProcessIdentity } from './process-identity.ts';
import { findByEnvironment } from './process-table.ts';
import { killProcessTree, sendSignal, terminateGroup } from './process-tree.ts';

/** Set in the environment of a launcher and so inherited by all it starts: who carries it belongs to the attempt. */
export const runMarkerName = 'FORGE_RUN_DIRECTORY';

/** ps tells start times in whole seconds, Python reads its own a moment after the start. */
const startToleranceMs = 3_000;

/**
 * The living processes of an attempt. On Linux by the marker in their environment (finds orphans, and needs no clock);
 * elsewhere by worker.json: pid and start time.
 */
export function findRunProcesses(directory: string): readonly ProcessIdentity[] {
  if (process.platform === 'linux') {
    return findByEnvironment(`${runMarkerName}=${directory}`).flatMap((pid) => identifyProcess(pid) ?? []);
  }
  const file = readWorkerFile(directory);
  if (file === null) return [];
  return [
    [file.launcherPid, file.launcherStartedAtMs] as const,
    [file.workerPid, file.workerStartedAtMs] as const,
  ].flatMap(([pid, startedAtMs]) => {
    const identity = identifyProcess(pid);
    return identity !== null && startedAbout(identity, startedAtMs) ? [identity] : [];
  });
}

/** Answers "does the attempt live?" cheaply again and again: known processes first, a search only when they are gone. */
export function createRunProbe(directory: string): () => boolean {
  let known: readonly ProcessIdentity[] = [];
  return () => {
    if (known.some(isProcessAlive)) return true;
    known = findRunProcesses(directory);
    return known.length > 0;
  };
}

/** Second rung of the stop ladder: SIGTERM to the groups of the attempt. */
export function terminateRun(directory: string): void {
  for (const { pid } of findRunProcesses(directory)) if (!terminateGroup(pid)) sendSignal(pid, 'SIGTERM');
}

/** Last rung: everything that belongs to the attempt, descendants and orphans, is killed. */
export function killRun(directory: string): void {
  for (const { pid } of findRunProcesses(directory)) killProcessTree(pid);
}

/** worker.json, or null when it is not there yet or not readable as such. */
export function readWorkerFile(directory: string): WorkerFile | null {
  try {
    return workerFile.parse(JSON.parse(readFileSync(join(directory, 'worker.json'), 'utf8')));
  } catch {
    // Written by the launcher with a rename; absent means "not started", damaged means "cannot be trusted".
    return null;
  }
}

function startedAbout(identity: ProcessIdentity, startedAtMs: number): boolean {
  const read = Date.parse(identity.startedAt);
  return Number.isNaN(read) || Math.abs(read - startedAtMs) <= startToleranceMs;
}
