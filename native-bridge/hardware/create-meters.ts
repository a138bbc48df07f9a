import { statfs } from 'node:fs/promises';
import os from 'node:os';
import type { MeterReading } from '#contract/hardware.ts';
import type { Meters } from '#core/ports/meters.ts';
import { runTool } from '../processes/run-tool.ts';
import { treeMemoryBytes } from '../processes/tree-memory.ts';
import { meterColumns, parseNvidiaMeters } from './parse-nvidia-meters.ts';
import { nvidiaPlaces, readTool, withinTime, type Reader } from './read-tool.ts';

export interface MetersOptions {
  /** FORGE_HOME, whose disk is measured. */
  readonly home: string;
  readonly run?: typeof runTool;
  readonly platform?: string;
  readonly nowMs?: () => number;
  /** Longest wait for any part; below 1 s in all. */
  readonly readerTimeoutMs?: number;
  /** systeminformation's answers; a parameter so that a test can make it hang. */
  readonly readSystem?: () => SystemLoad;
}

/** What systeminformation is asked: `load` in percent, `memory` in bytes. */
export interface SystemLoad {
  readonly load: Promise<{ readonly currentLoad: number }>;
  readonly memory: Promise<{ readonly total: number; readonly available: number }>;
}

const usualTimeoutMs = 900;
/** A driver that did not answer is not asked again for this long: each try holds a process. */
const silenceMs = 30_000;

/** The meters of this machine. Keeps the last load, because a processor's share is measured between two readings. */
export function createMeters(options: MetersOptions): Meters {
  const { home, run = runTool, platform = process.platform, nowMs = Date.now } = options;
  const timeoutMs = options.readerTimeoutMs ?? usualTimeoutMs;
  const readGraphics = graphicsReader({ run, platform, timeoutMs }, nowMs);
  let processor = 0;
  let freeBytes = 0;
  let workerBytes: number | null = null;
  return {
    async read(workerPids) {
      const pending = options.readSystem?.() ?? (await askSystemInformation());
      const orNull = <T>(answer: Promise<T>): Promise<T | null> =>
        withinTime<T | null>(
          answer.catch(() => null),
          null,
          timeoutMs,
        );
      const [load, memory, disk, worker, graphics] = await Promise.all([
        orNull(pending.load),
        orNull(pending.memory),
        orNull(statfs(home)),
        withinTime(
          treeMemoryBytes(workerPids, timeoutMs).catch(() => workerBytes),
          workerBytes,
          timeoutMs,
        ),
        readGraphics(),
      ]);
      if (load !== null && Number.isFinite(load.currentLoad)) processor = shareOf(load.currentLoad);
      if (disk !== null) freeBytes = disk.bavail * disk.bsize;
      workerBytes = worker;
      return {
        t: nowMs(),
        processor,
        ...memoryOf(memory),
        diskFreeBytes: freeBytes,
        workerMemoryBytes: workerBytes,
        graphics,
      };
    },
  };
}

function shareOf(percent: number): number {
  return Math.min(1, Math.max(0, percent / 100));
}

function memoryOf(
  memory: Awaited<SystemLoad['memory']> | null,
): Pick<MeterReading, 'memoryUsedBytes' | 'memoryTotalBytes'> {
  const total = memory?.total ?? os.totalmem();
  const available = memory?.available ?? os.freemem();
  return { memoryTotalBytes: total, memoryUsedBytes: Math.max(0, total - available) };
}

/** Asks the driver's tool; for good no more where there is none, and not for a while where it hung. */
function graphicsReader(reader: Reader, nowMs: () => number): () => Promise<MeterReading['graphics']> {
  let places = nvidiaPlaces[reader.platform] ?? [];
  let silentUntil = 0;
  return async () => {
    if (nowMs() < silentUntil) return null;
    for (const place of places) {
      const reading = await readTool(reader, place, [
        `--query-gpu=${meterColumns.join(',')}`,
        '--format=csv,noheader,nounits',
      ]);
      if (reading.state === 'absent') {
        places = places.filter((other) => other !== place);
        continue;
      }
      const graphics = parseNvidiaMeters(reading);
      if (graphics === null) silentUntil = nowMs() + silenceMs;
      return graphics;
    }
    return null;
  };
}

/** Loaded when somebody first reads: it costs 50 ms that the engine's start does not have. */
async function askSystemInformation(): Promise<SystemLoad> {
  const { default: information } = await import('systeminformation');
  return { load: information.currentLoad(), memory: information.mem() };
}
