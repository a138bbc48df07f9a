import { spawn } from 'node:child_process';
import { repositoryRoot } from './places.ts';

export interface ProcessSettings {
  readonly cwd?: string;
  /** Laid over this process's own environment; undefined takes a name out. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
  /** Each line of standard error as it comes. */
  readonly onErrorLine?: (line: string) => void;
}

export interface ProcessEnd {
  readonly code: number | null;
  /** What ended it from outside. */
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

const mostKept = 4 * 1024 * 1024;

/** Runs a program without a shell until it ends. Throws when it can not be started or takes longer than `timeoutMs`. */
export function runProcess(command: string, args: readonly string[], settings: ProcessSettings): Promise<ProcessEnd> {
  const { cwd = repositoryRoot, environment = {}, timeoutMs, onErrorLine } = settings;
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr, timedOut] = ['', '', false];
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout = (stdout + text).slice(-mostKept)));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-mostKept);
      if (onErrorLine) for (const line of text.split('\n')) if (line.trim() !== '') onErrorLine(line);
    });
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (timedOut)
        reject(new Error(`${command} ${args.join(' ')} did not end within ${timeoutMs / 1000} s.\n${tail(stderr)}`));
      else resolve({ code, signal, stdout, stderr, seconds: (performance.now() - began) / 1000 });
    });
  });
}

/** `runProcess` for a program that must end with 0; throws with the end of what it said otherwise. */
export async function runToSuccess(
  command: string,
  args: readonly string[],
  settings: ProcessSettings,
): Promise<ProcessEnd> {
  const end = await runProcess(command, args, settings);
  if (end.code === 0) return end;
  throw new Error(
    `${command} ${args.join(' ')} ended with ${end.code ?? end.signal}:\n${tail(end.stdout)}\n${tail(end.stderr)}`,
  );
}

function tail(text: string): string {
  return text.trim().split('\n').slice(-12).join('\n');
}
