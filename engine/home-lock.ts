import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { ForgeError } from '#contract/errors.ts';
import { homeError } from './error-data.ts';
import { identifyProcess, isProcessAlive, type ProcessIdentity } from '#native-bridge/processes/process-identity.ts';

/** Held by the one engine that works in a home. */
export interface HomeLock {
  /** Gives the home back. Repeatable; a lock that is no longer ours is left alone. */
  release(): void;
}

/**
 * Takes `engine.lock` in the home: pid and start time of this process. A lock whose process is gone (also when its pid was
 * given out again) is taken over.
 * @throws ForgeError engine.home-in-use | engine.home-not-writable
 */
export function acquireHomeLock(home: string, pid: number = process.pid): HomeLock {
  const identity = identifyProcess(pid);
  if (identity === null) throw new Error(`process ${pid} does not live`);
  const path = join(home, 'engine.lock');
  const words = `${JSON.stringify(identity)}\n`;
  const own = writeOwnFile(home, words);
  try {
    while (!linkIfFree(own, path)) {
      const holder = readHolder(path);
      if (holder !== null && isProcessAlive(holder)) {
        throw new ForgeError('engine.home-in-use', { pid: holder.pid, home });
      }
      takeAway(path, holder);
    }
  } finally {
    rmSync(own, { force: true });
  }
  return {
    release: () => {
      if (readText(path) === words) rmSync(path, { force: true });
    },
  };
}

/** The lock appears with its content or not at all: a hard link of a file that is complete. */
function writeOwnFile(home: string, words: string): string {
  const path = join(home, `engine.lock.${process.pid}-${randomBytes(4).toString('hex')}`);
  try {
    mkdirSync(home, { recursive: true });
    const file = openSync(path, 'wx');
    try {
      writeSync(file, words);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw homeError(error, home);
  }
  return path;
}

function linkIfFree(own: string, path: string): boolean {
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Removes a stale lock. Two engines that start together may both come here; a guard link makes one of them do it, and it
 * looks again whether the lock is still the stale one.
 */
function takeAway(path: string, stale: ProcessIdentity | null): void {
  const guard = `${path}.takeover`;
  const own = openGuard(guard);
  if (!own) return;
  try {
    const holder = readHolder(path);
    if (holder?.pid === stale?.pid && holder?.startedAt === stale?.startedAt) rmSync(path, { force: true });
  } finally {
    rmSync(guard, { force: true });
  }
}

const guardWaitMs = 20;
const guardAttempts = 50;

/** False when another engine is taking over right now: wait a little and look at the lock again. */
function openGuard(guard: string): boolean {
  for (let attempt = 0; attempt < guardAttempts; attempt += 1) {
    try {
      closeSync(openSync(guard, 'wx'));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, guardWaitMs);
  }
  // Left by an engine that was killed in these few microseconds.
  rmSync(guard, { force: true });
  return false;
}

function readHolder(path: string): ProcessIdentity | null {
  try {
    const value = JSON.parse(readText(path) ?? 'null') as Partial<ProcessIdentity> | null;
    if (typeof value?.pid !== 'number' || typeof value.startedAt !== 'string') return null;
    return { pid: value.pid, startedAt: value.startedAt };
  } catch {
    // A damaged lock names nobody: it is stale.
    return null;
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
