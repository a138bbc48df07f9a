import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { killProcessTree } from '../processes/process-tree.ts';

export interface InstallerRun {
  readonly exitCode: number | null;
  /** Standard error and output together, the last 64 KiB. */
  readonly output: string;
}

export interface InstallerRequest {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly onStarted: (pid: number) => void;
  readonly onLine: (line: string) => void;
}

const keptCharacters = 65_536;

/**
 * Runs uv or pip, line by line as it speaks (an installation takes minutes and `runTool` answers at the end). An abort kills it with
 * everything it started. Rejects only when the program cannot be started; an exit code is an answer.
 */
export function runInstaller(request: InstallerRequest): Promise<InstallerRun> {
  const { command, args, env, signal } = request;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const child = spawn(command, args, {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      detached: process.platform !== 'win32',
    });
    let output = '';
    const { pid } = child;
    if (pid !== undefined) request.onStarted(pid);
    const stop = (): void => {
      if (pid !== undefined) killProcessTree(pid);
    };
    signal.addEventListener('abort', stop, { once: true });
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        output = `${output}${line}\n`.slice(-keptCharacters);
        request.onLine(line);
      });
    }
    child.once('error', (error) => {
      signal.removeEventListener('abort', stop);
      reject(error);
    });
    child.once('close', (exitCode) => {
      signal.removeEventListener('abort', stop);
      resolve({ exitCode, output });
    });
  });
}
