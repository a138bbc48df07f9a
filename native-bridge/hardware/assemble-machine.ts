import type { Machine } from '#contract/hardware.ts';
import { parseSysctl } from './parse-apple.ts';
import { parseNvidia, type ToolReading } from './parse-nvidia.ts';
import { parseSystem, type SystemAnswers } from './parse-system.ts';

/** Everything that was read, raw. A recording of these is a test case (recorded/). */
export interface MachineReadings {
  readonly detectedAt: number;
  readonly platform: string;
  /** Of this process. */
  readonly architecture: string;
  readonly kernel: string;
  readonly answers: SystemAnswers;
  readonly nvidiaQuery: ToolReading;
  readonly nvidiaHead: ToolReading;
  /** Absent anywhere but on macOS. */
  readonly sysctl: ToolReading;
  /** Logical processors this process may use (affinity and container quota considered). */
  readonly parallelism: number;
  /** A container's limit in bytes, or null. */
  readonly memoryLimitBytes: number | null;
  /** What the runtime itself says, for when systeminformation fails. */
  readonly runtimeMemory: { readonly totalBytes: number; readonly freeBytes: number };
  readonly disk: { readonly path: string; readonly freeBytes: number };
}

/** Makes one picture of the readings; pure. */
export function assembleMachine(readings: MachineReadings): Machine {
  const facts = parseSystem(readings.answers);
  const sysctl = parseSysctl(readings.sysctl);
  const chip = sysctl?.chip ?? null;
  const limit = readings.memoryLimitBytes ?? Number.POSITIVE_INFINITY;
  const memory = facts.memory ?? {
    totalBytes: readings.runtimeMemory.totalBytes,
    availableBytes: readings.runtimeMemory.freeBytes,
  };
  const counted = sysctl?.physicalCores ?? (facts.processor.physicalCores || readings.parallelism);
  const cores = facts.graphics.find(({ vendor }) => /apple/i.test(vendor))?.cores ?? null;
  return {
    detectedAt: readings.detectedAt,
    platform: readings.platform,
    architecture: chip === null ? readings.architecture : 'arm64',
    system: facts.system,
    isWsl: /microsoft/i.test(readings.kernel),
    processor: {
      name: sysctl?.brand ?? facts.processor.name,
      physicalCores: Math.max(1, Math.min(counted, readings.parallelism)),
      logicalCores: readings.parallelism,
      bfloat16:
        sysctl?.bfloat16 ?? facts.processor.flags.some((flag) => ['avx512_bf16', 'amx_bf16', 'bf16'].includes(flag)),
      avx2: facts.processor.flags.includes('avx2'),
    },
    memory: { totalBytes: Math.min(memory.totalBytes, limit), availableBytes: Math.min(memory.availableBytes, limit) },
    disk: readings.disk,
    apple: chip === null ? null : { ...chip, gpuCores: cores },
    nvidia: parseNvidia(readings.nvidiaQuery, readings.nvidiaHead),
    otherGraphics: otherGraphics(facts.graphics),
    missing: [...facts.missing],
  };
}

/** Cards that could be taken for ones to train on; virtual and server display chips are left out. */
function otherGraphics(graphics: readonly { readonly vendor: string; readonly model: string }[]): string[] {
  return graphics
    .filter(
      ({ vendor, model }) =>
        /amd|advanced micro|ati\b|radeon|intel/i.test(`${vendor} ${model}`) && !/nvidia/i.test(vendor),
    )
    .map(({ vendor, model }) => (/radeon|intel/i.test(model) ? model : `${vendor} ${model}`.trim()).slice(0, 100));
}
