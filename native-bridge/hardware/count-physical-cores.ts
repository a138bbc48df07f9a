import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Cores in `/proc/cpuinfo`: distinct pairs of socket and core; null when the file does not tell (ARM, containers). */
export function parseProcessorCores(text: string): number | null {
  const pairs = new Set<string>();
  for (const block of text.split(/\n\s*\n/)) {
    const socket = /^physical id\s*:\s*(\d+)/m.exec(block)?.[1];
    const core = /^core id\s*:\s*(\d+)/m.exec(block)?.[1];
    if (socket !== undefined && core !== undefined) pairs.add(`${socket}:${core}`);
  }
  return pairs.size === 0 ? null : pairs.size;
}

/**
 * Physical cores this process may use, in a few milliseconds: the engine needs the number before it looks at the machine in full. Too low costs a
 * little speed, too high costs nearly all of it (llama.cpp with spinning threads), so what is not known is rounded down.
 */
export function countPhysicalCores(): number {
  const usable = availableParallelism();
  return Math.max(1, Math.min(usable, readPhysicalCores() ?? Math.ceil(usable / 2)));
}

function readPhysicalCores(): number | null {
  try {
    if (process.platform === 'linux')
      return parseProcessorCores(readFileSync('/proc/cpuinfo', 'utf8')) ?? availableParallelism();
    if (process.platform === 'darwin')
      return Number(execFileSync('sysctl', ['-n', 'hw.physicalcpu'], { encoding: 'utf8', timeout: 1000 })) || null;
    return null;
  } catch {
    // Without /proc or sysctl the careful guess of the caller holds.
    return null;
  }
}
