import type { Machine, NvidiaCard } from '#contract/hardware.ts';

/** e.g. "Apple M3 Max, 40 GPU cores, 64 GB" or "AMD Ryzen 9 (16 cores), 64 GB, NVIDIA GeForce RTX 4090 (24 GB)". */
export function summariseMachine({ apple, processor, memory, isWsl }: Machine, card: NvidiaCard | null): string {
  const gigabytes = (bytes: number): string => `${Math.round(bytes / 1024 ** 3)} GB`;
  if (apple !== null) {
    const cores = apple.gpuCores === null ? '' : `, ${apple.gpuCores} GPU cores`;
    return `${apple.name}${cores}, ${gigabytes(memory.totalBytes)}`;
  }
  const count = `${processor.physicalCores} ${processor.physicalCores === 1 ? 'core' : 'cores'}`;
  const graphics = card === null ? '' : `, ${card.name} (${gigabytes(card.memoryTotalBytes)})`;
  return `${processor.name} (${count}), ${gigabytes(memory.totalBytes)}${graphics}${isWsl ? ', in WSL' : ''}`;
}
