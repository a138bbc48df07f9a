import type { NvidiaCard, NvidiaFinding } from '#contract/hardware.ts';

/** What came of running a tool. */
export type ToolReading =
  | { readonly state: 'answered'; readonly exitCode: number; readonly stdout: string; readonly stderr: string }
  | { readonly state: 'absent' }
  | { readonly state: 'hanging' };

/** The columns asked for; drivers before 510 do not know `compute_cap` and are asked again without it. */
export const nvidiaColumns = ['index', 'name', 'memory.total', 'memory.free', 'driver_version', 'compute_cap'] as const;
const maximumCards = 64;

const nothing = { driverVersion: null, cudaVersion: null, cards: [] };

/** True when the driver refused only for the column it does not know. */
export function isUnknownColumn(reading: ToolReading): boolean {
  return reading.state === 'answered' && /is not a valid field to query/i.test(reading.stdout + reading.stderr);
}

/**
 * Reads `nvidia-smi --query-gpu=<columns> --format=csv,noheader,nounits` and the CUDA version from the head of plain `nvidia-smi`.
 * Sizes come in MiB. Whatever cannot be read becomes a state with a sentence, never an exception.
 */
export function parseNvidia(query: ToolReading, head: ToolReading): NvidiaFinding {
  if (query.state === 'absent') return { state: 'absent', problem: null, ...nothing };
  if (query.state === 'hanging')
    return {
      state: 'hanging',
      problem: 'the NVIDIA driver did not answer within 2 s: restart the machine, or reinstall the driver',
      ...nothing,
    };
  const output = `${query.stdout}\n${query.stderr}`;
  if (/no devices were found/i.test(output))
    return {
      state: 'no-devices',
      problem: 'the NVIDIA driver is installed but finds no card: check that the card is seated and switched on',
      ...nothing,
    };
  if (
    /couldn't communicate with the nvidia driver|driver\/library version mismatch|failed to initialize nvml/i.test(
      output,
    )
  )
    return {
      state: 'no-driver',
      problem: 'the NVIDIA driver does not run (after an update: restart the machine; otherwise install the driver)',
      ...nothing,
    };
  const cards = query.stdout.split('\n').slice(0, maximumCards).flatMap(parseCard);
  if (query.exitCode !== 0 || cards.length === 0)
    return {
      state: 'unreadable',
      problem: 'the NVIDIA driver gave an answer Forge cannot read: update the driver',
      ...nothing,
    };
  const driverVersion = query.stdout.split('\n').flatMap(driverOf)[0] ?? null;
  return { state: 'answered', problem: null, driverVersion, cudaVersion: cudaVersionOf(head), cards };
}

function parseCard(line: string): NvidiaCard[] {
  const [index, name, total, free, , capability] = line.split(',').map((cell) => cell.trim());
  const [indexNumber, totalMebibytes, freeMebibytes] = [index, total, free].map((cell) =>
    /^\d+$/.test(cell ?? '') ? Number(cell) : null,
  );
  if (indexNumber == null || totalMebibytes == null || name === undefined || name === '') return [];
  return [
    {
      index: indexNumber,
      name: name.slice(0, 100),
      memoryTotalBytes: totalMebibytes * 1024 ** 2,
      memoryFreeBytes: (freeMebibytes ?? totalMebibytes) * 1024 ** 2,
      computeCapability: /^\d+\.\d+$/.test(capability ?? '') ? Number(capability) : null,
    },
  ];
}

function driverOf(line: string): string[] {
  const cell = line.split(',')[4]?.trim() ?? '';
  return /^\d+(\.\d+)+$/.test(cell) ? [cell] : [];
}

/** "CUDA Version: 12.4"; newer drivers put a word between ("CUDA UMD Version: 13.1"). */
function cudaVersionOf(head: ToolReading): string | null {
  if (head.state !== 'answered') return null;
  return /CUDA (?:\w+ )?Version:\s*(\d+\.\d+)/.exec(head.stdout)?.[1] ?? null;
}
