import { spawn } from 'node:child_process';
import { access, constants, open, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemFailure, type CommandFailure } from './failure.ts';
import { makeFolders } from './make-folders.ts';

/** The engine's entry file; the command line starts it, it never imports it. */
export const engineEntry = fileURLToPath(new URL('../engine/main.headless.ts', import.meta.url));

export interface StartedProcess {
  readonly pid: number;
  /** Size of the log before the start: what comes after it is this engine's. */
  readonly logStart: number;
  /** How it ended, once it has: for the error when it ends before it listens. */
  ended(): string | null;
}

/** What a started engine said before it ended. */
export interface EngineLogTail {
  /** The last lines for a person: messages of JSON lines, no stack frames. */
  readonly lines: readonly string[];
  /** The expected error the engine ended with, when it wrote one. */
  readonly error: { readonly code: string; readonly message: string; readonly remedy: string } | null;
}

export function engineLogPath(home: string): string {
  return path.join(home, 'logs', 'engine.log');
}

/**
 * Starts the engine as a process of its own that outlives this one. Its output goes to `logs/engine.log` (appended, readable by the owner only).
 * Throws `engine.home-not-writable` when the folder can not be made.
 */
export async function startEngineProcess(
  home: string,
  environment: NodeJS.ProcessEnv,
  entry: string,
): Promise<StartedProcess> {
  const log = await openLog(home);
  try {
    const { size: logStart } = await log.stat();
    const child = spawn(process.execPath, [entry, '--home', home, '--port', '0'], {
      cwd: home,
      detached: true,
      env: withProxy(environment),
      stdio: ['ignore', log.fd, log.fd],
      windowsHide: true,
    });
    let end: string | null = null;
    child.once(
      'exit',
      (code, signal) => (end = signal === null ? `it ended with code ${String(code)}` : `it was ended by ${signal}`),
    );
    child.once('error', (error) => (end = error.message));
    child.unref();
    return { pid: child.pid ?? 0, logStart, ended: () => end };
  } finally {
    await log.close();
  }
}

async function openLog(home: string) {
  try {
    await makeFolders(path.join(home, 'logs'), 0o700);
    return await open(engineLogPath(home), 'a', 0o600);
  } catch (error) {
    throw systemFailure(await truerReason(home, error), home) ?? error;
  }
}

/** Making folders at once says "not there" where the one above may not be written; asking that one gives the reason. */
async function truerReason(home: string, error: unknown): Promise<unknown> {
  for (const folder of [home, path.dirname(home)]) {
    const refusal: unknown = await access(folder, constants.W_OK).then(
      () => null,
      (reason: unknown) => reason,
    );
    if (refusal === null) return error;
    if (!(refusal instanceof Error && 'code' in refusal && refusal.code === 'ENOENT')) return refusal;
  }
  return error;
}

/** Why the home cannot be written, found by writing a little; null when it can. */
export async function homeRefusal(home: string): Promise<CommandFailure | null> {
  const proof = path.join(home, `.write-check-${process.pid}`);
  try {
    await writeFile(proof, 'Forge\n');
    return null;
  } catch (error) {
    return systemFailure(error, home);
  } finally {
    await rm(proof, { force: true });
  }
}

interface LogLine {
  readonly message: string;
  readonly code: string | null;
  readonly remedy: string | null;
}

/** The engine writes JSON lines; Node itself writes plain ones when it cannot even start. */
function readLogLine(line: string): LogLine {
  try {
    const entry: unknown = JSON.parse(line);
    if (typeof entry !== 'object' || entry === null) return { message: line, code: null, remedy: null };
    const text = (name: string): string | null => {
      const value = (entry as Record<string, unknown>)[name];
      return typeof value === 'string' ? value : null;
    };
    return { message: text('message') ?? line, code: text('code'), remedy: text('remedy') };
  } catch (error) {
    if (error instanceof SyntaxError) return { message: line, code: null, remedy: null };
    throw error;
  }
}

const mostLines = 8;
const mostCharacters = 20_000;

/** The end of the engine's log from a position on (bytes). */
export async function engineLogTail(home: string, from: number): Promise<EngineLogTail> {
  let text: string;
  try {
    text = (await readFile(engineLogPath(home))).subarray(from).toString('utf8').slice(-mostCharacters);
  } catch (error) {
    return { lines: [`(no log: ${error instanceof Error ? error.message : String(error)})`], error: null };
  }
  const shown = text.split('\n').filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
  const entries = shown.slice(-mostLines).map(readLogLine);
  const last = entries.at(-1);
  const error =
    last?.code == null || last.remedy === null ? null : { code: last.code, message: last.message, remedy: last.remedy };
  return { lines: entries.map(({ message }) => message), error };
}

/** Node's own fetch looks at HTTPS_PROXY and its like only when it is told to at the start. */
function withProxy(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const hasProxy = Object.entries(environment).some(([name, value]) => /^https?_proxy$/i.test(name) && value);
  return hasProxy ? { ...environment, NODE_USE_ENV_PROXY: '1' } : environment;
}
