import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';
import { z } from 'zod';
import type { Fitness, Sandbox } from '#core/foundry/scripts/sandbox.ts';
import { writeFileAtomic } from '../files/write-file-atomic.ts';
import { escapeAttemptsFile, readDriver } from './app-files.ts';

/** Programs get updates and systems get settings: what held is tried again after a day, and after every start of the machine. */
const holdsMs = 24 * 3_600_000;
const key = 'forge-sandbox-memory';

const held = z.object({ identity: z.string(), detail: z.string(), triedAtMs: z.number() });
type Held = z.infer<typeof held>;

/** Where this process, and every thread it starts from now on, remembers which sandboxes held: a file each. Before that nothing is remembered. */
export function rememberSandboxesIn(folder: string): void {
  setEnvironmentData(key, folder);
}

function memoryFile(name: string): string | null {
  const folder = getEnvironmentData(key);
  return typeof folder === 'string' ? path.join(folder, `${name}.json`) : null;
}

/** A file that is not there or not understood remembers nothing: then the sandbox is tried. */
async function recall(file: string): Promise<Held | null> {
  const text = await readFile(file, 'utf8').catch(() => 'null');
  try {
    return held.safeParse(JSON.parse(text)).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** A disk that is full or a folder that cannot be written only costs the next try. */
async function keep(file: string, outcome: Held | null): Promise<void> {
  try {
    if (outcome === null) return await rm(file, { force: true });
    await mkdir(path.dirname(file), { recursive: true });
    await writeFileAtomic(file, JSON.stringify(outcome));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}

async function startOfMachine(): Promise<string> {
  const id = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => null);
  // Elsewhere the minute it started in; a clock that is set right only costs a try.
  return id?.trim() ?? String(Math.round((Date.now() / 1000 - os.uptime()) / 60));
}

async function fileMark(file: string): Promise<string> {
  const { size, mtimeMs } = await stat(file);
  return `${file} ${size} ${mtimeMs}`;
}

/** Everything that decides whether a sandbox holds: its programs and settings, the system, and what Forge runs and tries in it. */
export async function identityOf(files: readonly string[], settings: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  const system = [process.platform, process.arch, os.release(), process.version, await startOfMachine()];
  for (const part of [...system, ...settings, await readDriver(), await readFile(escapeAttemptsFile(), 'utf8')])
    hash.update(part).update('\0');
  for (const file of files) hash.update(await fileMark(file)).update('\0');
  return hash.digest('hex');
}

/** A sandbox that knows what it is made of; null where nobody outside can tell, or something is missing. */
export interface KnownSandbox extends Sandbox {
  identity(): Promise<string | null>;
}

/**
 * The same sandbox, whose probe is believed for a day as long as its identity stays. Only what held is remembered; what did not is tried each time, because a
 * person may have mended it. `isTriedAnew` tries always and remembers the outcome.
 */
export function remembering(sandbox: KnownSandbox, isTriedAnew: boolean): Sandbox {
  return {
    ...sandbox,
    async probe(signal): Promise<Fitness> {
      const file = memoryFile(sandbox.name);
      const identity = file === null ? null : await sandbox.identity();
      if (file === null || identity === null) return sandbox.probe(signal);
      const known = isTriedAnew ? null : await recall(file);
      const ageMs = Date.now() - (known?.triedAtMs ?? 0);
      if (known?.identity === identity && ageMs >= 0 && ageMs < holdsMs) return { isFit: true, detail: known.detail };
      const fitness = await sandbox.probe(signal);
      await keep(file, fitness.isFit ? { identity, detail: fitness.detail, triedAtMs: Date.now() } : null);
      return fitness;
    },
  };
}
