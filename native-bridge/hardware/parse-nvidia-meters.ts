import type { MeterReading } from '#contract/hardware.ts';
import type { ToolReading } from './parse-nvidia.ts';

/** The columns of one reading; a card that does not know one answers `[N/A]` in its place. */
export const meterColumns = ['name', 'utilization.gpu', 'memory.used', 'memory.total', 'temperature.gpu'] as const;

const mebibyte = 1024 ** 2;

/** The first card of `nvidia-smi --query-gpu=<meterColumns> --format=csv,noheader,nounits`, or null when the answer is none. */
export function parseNvidiaMeters(reading: ToolReading): MeterReading['graphics'] {
  if (reading.state !== 'answered' || reading.exitCode !== 0) return null;
  const cells = (reading.stdout.split('\n')[0] ?? '').split(',').map((cell) => cell.trim());
  // The name is the only cell that may hold a comma.
  const [use, used, total, celsius] = cells.slice(-4).map(numberOf);
  const name = cells.slice(0, -4).join(', ');
  if (name === '' || use === undefined || used === undefined || total === undefined) return null;
  return {
    name: name.slice(0, 100),
    use: use === null ? null : Math.min(1, use / 100),
    memoryUsedBytes: used === null ? null : used * mebibyte,
    memoryTotalBytes: total === null ? null : total * mebibyte,
    celsius: celsius ?? null,
  };
}

function numberOf(cell: string): number | null {
  return /^\d+(\.\d+)?$/.test(cell) ? Number(cell) : null;
}
