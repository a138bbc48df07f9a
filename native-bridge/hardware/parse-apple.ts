import type { AppleChip } from '#contract/hardware.ts';
import type { ToolReading } from './parse-nvidia.ts';

/** The keys asked of `sysctl`; unknown ones (older macOS) are left out of its answer with a message and exit code 1. */
export const sysctlKeys = [
  'machdep.cpu.brand_string',
  'hw.memsize',
  'hw.physicalcpu',
  'hw.logicalcpu',
  'hw.optional.arm64',
  'hw.optional.arm.FEAT_BF16',
  'sysctl.proc_translated',
] as const;

export interface SysctlFacts {
  readonly chip: AppleChip | null;
  readonly brand: string;
  readonly memoryBytes: number | null;
  readonly physicalCores: number | null;
  readonly bfloat16: boolean;
}

/** Reads `key: value` lines. Null when there is no answer to read. */
export function parseSysctl(reading: ToolReading): SysctlFacts | null {
  if (reading.state !== 'answered') return null;
  const values = new Map<string, string>();
  for (const line of reading.stdout.split('\n').slice(0, 100)) {
    const match = /^([\w.]+):\s*(.*)$/.exec(line);
    if (match) values.set(match[1] ?? '', (match[2] ?? '').trim());
  }
  const brand = values.get('machdep.cpu.brand_string');
  if (brand === undefined) return null;
  const number = (key: string): number | null => (/^\d+$/.test(values.get(key) ?? '') ? Number(values.get(key)) : null);
  const isArm = number('hw.optional.arm64') === 1 || /^Apple M\d/.test(brand);
  return {
    chip: isArm ? parseChip(brand, number('sysctl.proc_translated') === 1) : null,
    brand: brand.slice(0, 100),
    memoryBytes: number('hw.memsize'),
    physicalCores: number('hw.physicalcpu'),
    bfloat16: number('hw.optional.arm.FEAT_BF16') === 1,
  };
}

/** "Apple M3 Max" and its like; a translated process sees "VirtualApple @ 2.50GHz". */
function parseChip(brand: string, translated: boolean): AppleChip {
  const match = /^Apple M(\d+)(?: (Pro|Max|Ultra))?/.exec(brand);
  return {
    name: match ? brand : 'Apple Silicon',
    generation: match ? Number(match[1]) : null,
    variant: (match?.[2] as 'Pro' | 'Max' | 'Ultra' | undefined) ?? 'base',
    gpuCores: null,
    translated,
  };
}
