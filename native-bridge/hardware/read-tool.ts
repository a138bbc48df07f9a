import { ForgeError } from '#contract/errors.ts';
import type { runTool } from '../processes/run-tool.ts';
import type { ToolReading } from './parse-nvidia.ts';

const maximumOutputBytes = 262_144;
/** Where the driver's tool is when it is not on PATH. */
export const nvidiaPlaces: Readonly<Record<string, readonly string[]>> = {
  linux: ['nvidia-smi', '/usr/lib/wsl/lib/nvidia-smi'],
  win32: ['nvidia-smi.exe', 'C:\\Windows\\System32\\nvidia-smi.exe'],
};

/** How a tool is asked: by what, where, and for how long at most. */
export interface Reader {
  readonly run: typeof runTool;
  readonly platform: string;
  readonly timeoutMs: number;
}

/** Runs a tool whose every exit code is an answer. A tool stuck in the kernel cannot be killed, so its end is not waited for. */
export async function readTool(
  { run, timeoutMs }: Reader,
  command: string,
  args: readonly string[],
): Promise<ToolReading> {
  const expectedExitCodes = Array.from({ length: 256 }, (_, code) => code);
  const env = { PATH: process.env['PATH'] ?? process.env['Path'] ?? '', LC_ALL: 'C' };
  const answer = run(command, args, { timeoutMs, maximumOutputBytes, expectedExitCodes, env })
    .then(({ exitCode, stdout, stderr }) => ({ state: 'answered', exitCode, stdout, stderr }) as const)
    .catch((error: unknown) => {
      if (!(error instanceof ForgeError)) throw error;
      if (error.code === 'tool.not-found') return { state: 'absent' } as const;
      if (error.code === 'tool.timed-out') return { state: 'hanging' } as const;
      return { state: 'answered', exitCode: 255, stdout: '', stderr: error.message } as const;
    });
  return withinTime<ToolReading>(answer, { state: 'hanging' }, timeoutMs);
}

/** The answer, or `otherwise` when it does not come in time. The work itself is not ended by it. */
export async function withinTime<T>(answer: Promise<T>, otherwise: T, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), timeoutMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
