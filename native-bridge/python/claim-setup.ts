import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import type { EnvironmentProfile } from '#contract/environments.ts';
import { ForgeError } from '#contract/errors.ts';
import { writeJsonAtomic } from '../files/write-file-atomic.ts';
import { identifyProcess, isProcessAlive } from '../processes/process-identity.ts';
import { killProcessTree } from '../processes/process-tree.ts';

const identity = z.object({ pid: z.number().int(), startedAt: z.string() });
const claimFile = z.object({ owner: identity, installer: identity.nullable() });
type ClaimFile = z.infer<typeof claimFile>;

/** A set-up's hold on one environment folder. */
export interface SetupClaim {
  /** Notes the installer now running, so that a later set-up can end it if this process is killed. */
  noteInstaller(pid: number): void;
  /** Throws when the claim file could not be written meanwhile. */
  release(): Promise<void>;
}

/**
 * Claims an environment folder for one set-up at a time. The claim of a process that is gone is taken over, and an installer it left
 * running is killed first: it would write into the folder that is about to be built anew.
 * @throws ForgeError environment.busy while another living process holds the claim.
 */
export async function claimSetup(profile: EnvironmentProfile, directory: string): Promise<SetupClaim> {
  const path = join(dirname(directory), `.setup-${basename(directory)}.json`);
  await mkdir(dirname(directory), { recursive: true });
  await endForeignClaim(path, profile);
  const owner = identifyProcess(process.pid);
  if (owner === null) throw new Error('this process has no identity');
  await createClaim(path, profile, { owner, installer: null });
  // One write after the other, and none after the release.
  let written: Promise<void> = Promise.resolve();
  return {
    noteInstaller: (pid) => {
      const installer = identifyProcess(pid);
      written = written.then(() => writeJsonAtomic(path, { owner, installer }));
      // The rejection is reported by release; until then nobody waits for it.
      written.catch(() => undefined);
    },
    release: async () => {
      await written.finally(() => rm(path, { force: true }));
    },
  };
}

async function endForeignClaim(path: string, profile: EnvironmentProfile): Promise<void> {
  const claim = await readClaim(path);
  if (claim === null) return;
  if (isProcessAlive(claim.owner)) throw new ForgeError('environment.busy', { profile, pid: claim.owner.pid });
  if (claim.installer !== null && isProcessAlive(claim.installer)) killProcessTree(claim.installer.pid);
  await rm(path, { force: true });
}

async function readClaim(path: string): Promise<ClaimFile | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    return claimFile.parse(JSON.parse(text));
  } catch {
    // Torn by a crash while it was first written: nobody can hold it.
    await rm(path, { force: true });
    return null;
  }
}

async function createClaim(path: string, profile: EnvironmentProfile, claim: ClaimFile): Promise<void> {
  try {
    const file = await open(path, 'wx');
    try {
      await file.writeFile(JSON.stringify(claim));
    } finally {
      await file.close();
    }
  } catch (error) {
    // Another set-up was faster by a moment.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new ForgeError(
      'environment.busy',
      { profile, pid: (await readClaim(path))?.owner.pid ?? 0 },
      { cause: error },
    );
  }
}
