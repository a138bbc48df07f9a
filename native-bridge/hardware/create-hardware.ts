import { mkdir, statfs } from 'node:fs/promises';
import os from 'node:os';
import { ForgeError } from '#contract/errors.ts';
import type { Machine } from '#contract/hardware.ts';
import type { Hardware } from '#core/ports/hardware.ts';
import { runTool } from '../processes/run-tool.ts';
import { assembleMachine, type MachineReadings } from './assemble-machine.ts';
import { sysctlKeys } from './parse-apple.ts';
import { isUnknownColumn, nvidiaColumns, type ToolReading } from './parse-nvidia.ts';
import type { SystemAnswers } from './parse-system.ts';

export interface HardwareOptions {
  /** FORGE_HOME, whose disk is measured. */
  readonly home: string;
  readonly run?: typeof runTool;
  readonly platform?: string;
  readonly nowMs?: () => number;
  /** Longest wait for any part; 2 s unless a test is in a hurry. */
  readonly readerTimeoutMs?: number;
  /** systeminformation's answers; a parameter so that a test can make it hang. */
  readonly readSystem?: () => { readonly [Name in keyof SystemAnswers]: Promise<unknown> };
}

const usualTimeoutMs = 2_000;
const keptMs = 30_000;
const maximumOutputBytes = 262_144;
/** Where the driver's tool is when it is not on PATH. */
const nvidiaPlaces: Readonly<Record<string, readonly string[]>> = {
  linux: ['nvidia-smi', '/usr/lib/wsl/lib/nvidia-smi'],
  win32: ['nvidia-smi.exe', 'C:\\Windows\\System32\\nvidia-smi.exe'],
};

/** Reads this machine, all parts at once; none is waited for longer than 2 s. */
export function createHardware(options: HardwareOptions): Hardware {
  const {
    home,
    run = runTool,
    platform = process.platform,
    nowMs = Date.now,
    readerTimeoutMs = usualTimeoutMs,
  } = options;
  const reader: Reader = { run, platform, timeoutMs: readerTimeoutMs };
  let kept: { readonly until: number; readonly machine: Promise<Machine> } | null = null;

  async function read(): Promise<Machine> {
    const [answers, [nvidiaQuery, nvidiaHead], sysctl, disk] = await Promise.all([
      readAnswers(options.readSystem, readerTimeoutMs),
      // One limit for all its calls together: a driver that refuses a column is asked twice.
      withinTime<readonly [ToolReading, ToolReading]>(
        readNvidia(reader),
        [{ state: 'hanging' }, { state: 'hanging' }],
        readerTimeoutMs,
      ),
      platform === 'darwin' ? readTool(reader, 'sysctl', sysctlKeys) : ({ state: 'absent' } as const),
      readDisk(home),
    ]);
    const limit = process.constrainedMemory();
    const readings: MachineReadings = {
      ...{
        detectedAt: nowMs(),
        platform,
        architecture: process.arch,
        kernel: os.release(),
        answers,
        nvidiaQuery,
        nvidiaHead,
        sysctl,
        disk,
      },
      parallelism: os.availableParallelism(),
      memoryLimitBytes: limit > 0 && limit < os.totalmem() ? limit : null,
      runtimeMemory: { totalBytes: os.totalmem(), freeBytes: os.freemem() },
    };
    return assembleMachine(readings);
  }

  return {
    detect: ({ fresh = false } = {}) => {
      if (kept === null || fresh || nowMs() >= kept.until || nowMs() < kept.until - keptMs) {
        kept = { until: nowMs() + keptMs, machine: read() };
        // A failed reading is not kept.
        kept.machine.catch(() => (kept = null));
      }
      return kept.machine;
    },
  };
}

interface Reader {
  readonly run: typeof runTool;
  readonly platform: string;
  readonly timeoutMs: number;
}

async function readAnswers(readSystem: HardwareOptions['readSystem'], timeoutMs: number): Promise<SystemAnswers> {
  const pending = readSystem?.() ?? (await askSystemInformation());
  const [processor, memory, system, graphics] = await Promise.all(
    [pending.processor, pending.memory, pending.system, pending.graphics].map((answer) =>
      withinTime(
        answer.catch(() => null),
        null,
        timeoutMs,
      ),
    ),
  );
  return { processor, memory, system, graphics };
}

/** Loaded when it is first needed: it costs 50 ms that the engine's start does not have. */
async function askSystemInformation(): Promise<{ readonly [Name in keyof SystemAnswers]: Promise<unknown> }> {
  const { default: information } = await import('systeminformation');
  return {
    processor: information.cpu(),
    memory: information.mem(),
    system: information.osInfo(),
    graphics: information.graphics(),
  };
}

async function readNvidia(reader: Reader): Promise<readonly [ToolReading, ToolReading]> {
  for (const place of nvidiaPlaces[reader.platform] ?? []) {
    const ask = (columns: readonly string[]): Promise<ToolReading> =>
      readTool(reader, place, [`--query-gpu=${columns.join(',')}`, '--format=csv,noheader,nounits']);
    const [first, head] = await Promise.all([ask(nvidiaColumns), readTool(reader, place, [])]);
    if (first.state === 'absent') continue;
    return [isUnknownColumn(first) ? await ask(nvidiaColumns.slice(0, -1)) : first, head];
  }
  return [{ state: 'absent' }, { state: 'absent' }];
}

/** Runs a tool whose every exit code is an answer. A tool stuck in the kernel cannot be killed, so its end is not waited for. */
async function readTool({ run, timeoutMs }: Reader, command: string, args: readonly string[]): Promise<ToolReading> {
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

async function readDisk(home: string): Promise<{ path: string; freeBytes: number }> {
  await mkdir(home, { recursive: true });
  const { bavail, bsize } = await statfs(home);
  return { path: home, freeBytes: bavail * bsize };
}

async function withinTime<T>(answer: Promise<T>, otherwise: T, timeoutMs: number): Promise<T> {
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
