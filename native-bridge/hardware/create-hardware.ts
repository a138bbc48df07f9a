import { mkdir, statfs } from 'node:fs/promises';
import os from 'node:os';
import type { Machine } from '#contract/hardware.ts';
import type { Hardware } from '#core/ports/hardware.ts';
import { runTool } from '../processes/run-tool.ts';
import { assembleMachine, type MachineReadings } from './assemble-machine.ts';
import { sysctlKeys } from './parse-apple.ts';
import { isUnknownColumn, nvidiaColumns, type ToolReading } from './parse-nvidia.ts';
import type { SystemAnswers } from './parse-system.ts';
import { nvidiaPlaces, readTool, withinTime, type Reader } from './read-tool.ts';

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

async function readDisk(home: string): Promise<{ path: string; freeBytes: number }> {
  await mkdir(home, { recursive: true });
  const { bavail, bsize } = await statfs(home);
  return { path: home, freeBytes: bavail * bsize };
}
