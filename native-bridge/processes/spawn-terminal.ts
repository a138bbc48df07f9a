import { spawn } from 'node-pty';
import type { AttemptCommand } from '#core/ports/job-host.ts';

/** A program on its own pseudo terminal. */
export interface Terminal {
  readonly pid: number;
  onBytes(listener: (bytes: Uint8Array) => void): void;
  onExit(listener: (exit: { exitCode: number; signal: number }) => void): void;
}

const columns = 120;
const rows = 40;

/**
 * Starts a program on a terminal: argument array, whole environment, raw bytes out.
 * The terminal is never paused: a worker that prints into a paused terminal blocks (measured), and no input is ever sent.
 */
export function spawnTerminal(start: AttemptCommand, workingDirectory: string): Terminal {
  const terminal = spawn(start.command, [...start.args], {
    name: 'xterm-256color',
    cols: columns,
    rows,
    cwd: workingDirectory,
    env: { ...start.env },
    // Raw bytes: console.log keeps what was printed, and offsets count bytes.
    encoding: null,
  });
  return {
    pid: terminal.pid,
    onBytes: (listener) => {
      // With encoding null node-pty hands out Buffers; its types only know strings.
      terminal.onData((data: unknown) => listener(data instanceof Uint8Array ? data : Buffer.from(String(data))));
    },
    onExit: (listener) => {
      terminal.onExit(({ exitCode, signal }) => listener({ exitCode, signal: signal ?? 0 }));
    },
  };
}
