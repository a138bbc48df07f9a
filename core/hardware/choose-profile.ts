import type { Machine, MachineFinding, NvidiaCard, NvidiaFinding } from '#contract/hardware.ts';
import { appleMemoryBandwidth, describeCapability, findKnownCard } from './gpu-architectures.ts';
import { summariseMachine } from './summarise-machine.ts';

/** Drivers below CUDA 12.0 cannot load any build of torch 2.13 (its oldest is for CUDA 12.6, and minor versions are compatible). */
const minimumCuda = 12;
/** Blackwell cards need the CUDA 13 build, and that a driver that knows CUDA 13. */
const minimumCudaOfBlackwell = 13;
/** torch's CUDA 12.6 build starts at Maxwell; the 4-bit kernels at Pascal. */
const minimumCapability = 6;
const minimumCardBytes = 3.5e9;
/** macOS lets the GPU hold about this share of unified memory (Metal's recommendedMaxWorkingSetSize). */
const appleGpuShare = 0.7;
const smallMemoryBytes = 7.5e9;

type Verdict = Pick<
  MachineFinding,
  'profile' | 'reason' | 'warnings' | 'card' | 'cuda' | 'bandwidth' | 'bf16' | 'memoryBytes'
>;

/** The profile for a machine, why, and what a person should know. Pure: the same machine gives the same answer. */
export function chooseProfile(machine: Machine): MachineFinding {
  const verdict = chooseApple(machine) ?? chooseNvidia(machine) ?? chooseProcessor(machine, []);
  const warnings = [...verdict.warnings, ...generalWarnings(machine, verdict.profile)];
  return {
    ...verdict,
    warnings,
    device: verdict.profile,
    summary: summariseMachine(machine, verdict.card),
    physicalCores: machine.processor.physicalCores,
  };
}

function chooseApple(machine: Machine): Verdict | null {
  const { apple, memory } = machine;
  if (apple === null) return null;
  const major = Number(/(\d+)/.exec(machine.system)?.[1] ?? 99);
  if (major < 14)
    return chooseProcessor(machine, [
      `MLX needs macOS 14 or newer, this is ${machine.system}: update macOS to train on the GPU`,
    ]);
  const warnings = apple.translated
    ? ['Forge runs as an Intel program under Rosetta: install the version for Apple Silicon, this one trains slowly']
    : [];
  return {
    profile: 'mlx',
    reason: `${apple.name} trains on its GPU with MLX`,
    warnings,
    card: null,
    cuda: null,
    bandwidth: appleMemoryBandwidth(apple.generation, apple.variant),
    bf16: true,
    memoryBytes: Math.min(memory.availableBytes, memory.totalBytes * appleGpuShare),
  };
}

function chooseNvidia(machine: Machine): Verdict | null {
  const { nvidia } = machine;
  if (nvidia.state === 'absent') return null;
  if (nvidia.state !== 'answered')
    return chooseProcessor(machine, [nvidia.problem ?? 'the NVIDIA driver did not answer']);
  const card = nvidia.cards.toSorted((a, b) => b.memoryFreeBytes - a.memoryFreeBytes)[0];
  if (!card) return chooseProcessor(machine, ['the NVIDIA driver answers but lists no card']);
  const capability = card.computeCapability ?? findKnownCard(card.name)?.computeCapability ?? null;
  const obstacle = findObstacle(card, capability, nvidia);
  if (obstacle !== null || capability === null)
    return chooseProcessor(machine, [obstacle ?? 'the card could not be identified']);
  const { bfloat16, generation } = describeCapability(capability);
  const warnings = bfloat16
    ? []
    : [`${card.name} (${generation}) has no bf16: training uses other number formats and is slower`];
  if (nvidia.cards.length > 1)
    warnings.push(
      `training uses one of the ${nvidia.cards.length} cards, the one with the most free memory: ${card.name} (${card.index})`,
    );
  if (card.memoryFreeBytes < card.memoryTotalBytes / 2)
    warnings.push(`other programs hold more than half of the memory of ${card.name}: close them for larger models`);
  return {
    profile: 'cuda',
    reason: `${card.name} with ${gigabytes(card.memoryTotalBytes)} trains with CUDA (driver ${nvidia.driverVersion ?? 'unknown'})`,
    warnings,
    card,
    cuda: { version: nvidia.cudaVersion ?? '0', computeCapability: capability },
    bandwidth: findKnownCard(card.name)?.bandwidth ?? null,
    bf16: bfloat16,
    memoryBytes: card.memoryFreeBytes,
  };
}

/** Why this card cannot train, with the one thing that would change it; null when it can. */
function findObstacle(card: NvidiaCard, capability: number | null, nvidia: NvidiaFinding): string | null {
  if (capability === null)
    return `${card.name} is not known and its driver (${nvidia.driverVersion ?? 'unknown'}) does not tell its kind: update the driver`;
  if (capability < minimumCapability)
    return `${card.name} is too old to train on (compute capability ${capability}, ${minimumCapability} is needed)`;
  if (card.memoryTotalBytes < minimumCardBytes)
    return `${card.name} has ${gigabytes(card.memoryTotalBytes)} of memory, 4 GB are needed`;
  const cuda = Number.parseFloat(nvidia.cudaVersion ?? '');
  const needed = capability >= 10 ? minimumCudaOfBlackwell : minimumCuda;
  if (Number.isNaN(cuda))
    return `the driver does not tell which CUDA it serves: update it to one for CUDA ${needed} or newer`;
  if (cuda < needed) {
    const driver = needed === minimumCudaOfBlackwell ? '580' : '525';
    return `the NVIDIA driver ${nvidia.driverVersion ?? ''} serves CUDA ${nvidia.cudaVersion}, ${needed}.0 is needed: update the driver to ${driver} or newer`;
  }
  return null;
}

function chooseProcessor(machine: Machine, obstacles: readonly string[]): Verdict {
  const { processor, memory, otherGraphics } = machine;
  const warnings = [...obstacles];
  for (const name of otherGraphics.filter((entry) => !/intel/i.test(entry)))
    warnings.push(
      `${name} is not supported for training (only NVIDIA and Apple Silicon are): the processor is used, which finishes small models`,
    );
  const why = obstacles.length > 0 ? 'the graphics card cannot be used' : 'no graphics card to train on was found';
  return {
    profile: 'cpu',
    reason: `${why}, so the processor trains (${processor.physicalCores} ${processor.physicalCores === 1 ? 'core' : 'cores'})`,
    warnings,
    card: null,
    cuda: null,
    bandwidth: null,
    bf16: processor.bfloat16,
    memoryBytes: memory.availableBytes,
  };
}

function generalWarnings(
  { memory, processor, architecture, platform, missing }: Machine,
  profile: MachineFinding['profile'],
): string[] {
  const warnings: string[] = [];
  if (memory.totalBytes < smallMemoryBytes)
    warnings.push(
      `${gigabytes(memory.totalBytes)} of memory is little: choose a model of at most 400 million parameters`,
    );
  if (profile === 'cpu' && architecture === 'x64' && !processor.avx2)
    warnings.push('the processor has no AVX2: training and answering will be slow');
  if (platform === 'darwin' && architecture === 'x64')
    warnings.push('there is no current PyTorch for Intel Macs: training is not possible here');
  if (missing.length > 0) warnings.push(`not everything could be read: ${missing.join(', ')}`);
  return warnings;
}

export function gigabytes(bytes: number): string {
  const value = bytes / 1024 ** 3;
  return `${value >= 10 ? Math.round(value) : value.toFixed(1)} GB`;
}
