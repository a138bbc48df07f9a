import { spawn } from 'node:child_process';
import { mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandFailure, exitCode } from './failure.ts';

/** The engine's entry file; the command line starts it, it never imports it. */
export const engineEntry = fileURLToPath(new URL('../engine/main.headless.ts', import.meta.url));

export interface StartedProcess {
  readonly pid: number;
  /** How it ended, once it has: for the error when it ends before it listens. */
  ended(): string | null;
}

export function engineLogPath(home: string): string {
  return path.join(home, 'logs', 'engine.log');
}

/**
 * Starts the engine as a process of its own that outlives this one. Its output goes to `logs/engine.log` (appended, readable by the owner only).
 * Throws `engine.home-not-writable` when the folder can not be made.
 */
export async function startEngineProcess(home: string, environment: NodeJS.ProcessEnv, entry: string): Promise<StartedProcess> {
  const log = await openLog(home);
  try {
    const child = spawn(process.execPath, [entry, '--home', home, '--port', '0'], {
      cwd: home,
      detached: true,
      env: environment,
      stdio: ['ignore', log.fd, log.fd],
      windowsHide: true,
    });
    let end: string | null = null;
    child.once('exit', (code, signal) => (end = signal === null ? `it ended with code ${String(code)}` : `it was ended by ${signal}`));
    child.once('error', (error) => (end = error.message));
    child.unref();
    return { pid: child.pid ?? 0, ended: () => end };
  } finally {
    await log.close();
  }
}

async function openLog(home: string) {
  try {
    await mkdir(path.join(home, 'logs'), { recursive: true, mode: 0o700 });
    return await open(engineLogPath(home), 'a', 0o600);
  } catch (error) {
    throw new CommandFailure(
      {
        code: 'engine.home-not-writable',
        message: `Forge may not write in ${home}: ${error instanceof Error ? error.message : String(error)}.`,
        remedy: 'Give yourself write permission there, or choose another folder with --home or FORGE_HOME.',
        exitCode: exitCode.machine,
      },
      { cause: error },
    );
  }
}

/** The last lines of the engine's log, or an empty list when there is none. */
export async function engineLogTail(home: string, lines = 8): Promise<string[]> {
  try {
    const text = await readFile(engineLogPath(home), 'utf8');
    return text.slice(-20_000).trimEnd().split('\n').slice(-lines);
  } catch (error) {
    return [`(no log: ${error instanceof Error ? error.message : String(error)})`];
  }
}
