import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { forge, type AtTheEnd } from './forge-command.ts';

/** A small file system of its own, in memory, with a home in it. */
export interface MemoryDisk {
  readonly home: string;
  /** Changes what it allows: `ro`, `rw`, `size=4m`. */
  remount(option: string): void;
}

/** Lays one of this size over an empty folder; what it gives changes what is allowed (`size=4m`), or is null where that cannot be done. */
export function mountOver(folder: string, size: string): ((option: string) => void) | null {
  const mount = (options: string): void =>
    void execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'forge-test', folder], { stdio: 'pipe' });
  try {
    mount(`size=${size}`);
  } catch (error) {
    // No such program, or not this user's right: the callers say loudly what they leave out.
    if (error instanceof Error) return null;
    throw error;
  }
  return (option) => mount(`remount,${option}`);
}

export const unmount = (folder: string): void => void execFileSync('umount', [folder]);

/** Mounts one of this size (`4m`); null where this user or system does not allow it. */
export async function mountMemoryDisk(t: AtTheEnd, size: string): Promise<MemoryDisk | null> {
  const folder = await mkdtemp(path.join(tmpdir(), 'forge-disk-'));
  const remount = mountOver(folder, size);
  if (remount === null) {
    await rm(folder, { recursive: true });
    return null;
  }
  const home = path.join(folder, 'home');
  mkdirSync(home);
  t.after(async () => {
    if (existsSync(path.join(home, 'engine.json'))) await forge(['stop', '--home', home]);
    unmount(folder);
    await rm(folder, { recursive: true });
  });
  return { home, remount };
}
