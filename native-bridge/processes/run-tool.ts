import { spawn, type ChildProcess } from 'node:child_process';
import { ForgeError } from '#contract/errors.ts';
import { killProcessTree } from './process-tree.ts';

/** How a program is run. Bounds have no defaults that could surprise: say what you expect of it. */
export interface RunToolOptions {
  readonly timeoutMs: number;
  /** Largest size of standard output and standard error together. */
  readonly maximumOutputBytes: number;
  /** Exit codes that are an answer, not a failure. Default [0]. */
  readonly expectedExitCodes?: readonly number[];
  /** The whole environment; default: this process's own. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Written to standard input, which is then closed. */
  readonly input?: string | Uint8Array;
  readonly signal?: AbortSignal;
}

export interface ToolOutput {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

type Ending = 'timed-out' | 'output-too-large' | 'aborted';
/** The end of a failed tool's message that goes into the error, in characters. */
const tailCharacters = 400;

/**
 * Runs a program to its end, without a shell. The caller names the exit codes it expects (GitHub Desktop's habit).
 * @throws ForgeError tool.not-found | tool.failed | tool.timed-out | tool.output-too-large | tool.aborted; in the last three
 * the program and everything it started is killed first.
 */
export async function runTool(command: string, args: readonly string[], options: RunToolOptions): Promise<ToolOutput> {
  if (options.signal?.aborted) throw new ForgeError('tool.aborted', { command });
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
    // Its own group, so that what it starts can be killed with it.
    detached: process.platform !== 'win32',
  });
  const watch = watchLimits(child, options);
  try {
    const { exitCode, signal } = await endOf(child, command, options.input);
    const { stdout, stderr, ending } = watch.read();
    if (ending !== null) throw endingError(ending, command, options);
    if (exitCode === null || !(options.expectedExitCodes ?? [0]).includes(exitCode)) {
      const tail = (stderr.trim() || stdout.trim()).slice(-tailCharacters);
      throw new ForgeError('tool.failed', { command, exitCode, signal, tail: tail || 'it said nothing' });
    }
    return { exitCode, stdout, stderr };
  } finally {
    watch.dispose();
  }
}

function endOf(child: ChildProcess, command: string, input: string | Uint8Array | undefined) {
  return new Promise<{ exitCode: number | null; signal: string | null }>((resolve, reject) => {
    child.once('error', (cause) => reject(new ForgeError('tool.not-found', { command }, { cause })));
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal }));
    // A program that does not read its input closes the pipe: its exit code is the answer, not EPIPE.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input ?? '');
  });
}

function watchLimits(child: ChildProcess, options: RunToolOptions) {
  const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  let sizeBytes = 0;
  let ending: Ending | null = null;
  const end = (reason: Ending): void => {
    ending ??= reason;
    if (child.pid !== undefined) killProcessTree(child.pid);
    child.stdout?.destroy();
    child.stderr?.destroy();
  };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.length;
      if (sizeBytes > options.maximumOutputBytes) end('output-too-large');
      else chunks[name].push(chunk);
    });
  }
  const timer = setTimeout(() => end('timed-out'), options.timeoutMs);
  const onAbort = (): void => end('aborted');
  options.signal?.addEventListener('abort', onAbort, { once: true });
  return {
    read: () => ({
      stdout: Buffer.concat(chunks.stdout).toString('utf8'),
      stderr: Buffer.concat(chunks.stderr).toString('utf8'),
      ending,
    }),
    dispose: (): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', onAbort);
    },
  };
}

function endingError(ending: Ending, command: string, options: RunToolOptions): ForgeError {
  const { timeoutMs, maximumOutputBytes } = options;
  if (ending === 'timed-out') return new ForgeError('tool.timed-out', { command, timeoutMs });
  if (ending === 'aborted') return new ForgeError('tool.aborted', { command });
  return new ForgeError('tool.output-too-large', { command, maximumOutputBytes });
}
