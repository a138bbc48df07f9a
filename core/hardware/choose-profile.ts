import type { Machine, MachineFinding, NvidiaCard, NvidiaFinding } from '#contract/hardware.ts';
import { say } from '#contract/sentences.ts';
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
  if (major < 14) return chooseProcessor(machine, [say('machine.macos-old', { system: machine.system })]);
  const warnings = apple.translated ? [say('machine.rosetta')] : [];
  return {
    profile: 'mlx',
    reason: say('machine.mlx', { name: apple.name }),
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
  if (nvidia.state !== 'answered') return chooseProcessor(machine, [nvidia.problem ?? say('machine.no-answer')]);
  const card = nvidia.cards.toSorted((a, b) => b.memoryFreeBytes - a.memoryFreeBytes)[0];
  if (!card) return chooseProcessor(machine, [say('machine.no-card')]);
  const capability = card.computeCapability ?? findKnownCard(card.name)?.computeCapability ?? null;
  const obstacle = findObstacle(card, capability, nvidia);
  if (obstacle !== null || capability === null)
    return chooseProcessor(machine, [obstacle ?? say('machine.unidentified')]);
  const { bfloat16, generation } = describeCapability(capability);
  const warnings = bfloat16 ? [] : [say('machine.no-bf16', { name: card.name, generation })];
  if (nvidia.cards.length > 1)
    warnings.push(say('machine.many-cards', { count: nvidia.cards.length, name: `${card.name} (${card.index})` }));
  if (card.memoryFreeBytes < card.memoryTotalBytes / 2) warnings.push(say('machine.memory-held', { name: card.name }));
  return {
    profile: 'cuda',
    reason: say('machine.cuda', {
      name: card.name,
      size: gibibytes(card.memoryTotalBytes),
      driver: nvidia.driverVersion ?? 'unknown',
    }),
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
    return say('machine.card-unknown', { name: card.name, driver: nvidia.driverVersion ?? 'unknown' });
  if (capability < minimumCapability)
    return say('machine.card-old', { name: card.name, found: capability, needed: minimumCapability });
  if (card.memoryTotalBytes < minimumCardBytes)
    return say('machine.card-small', { name: card.name, size: gibibytes(card.memoryTotalBytes) });
  const cuda = Number.parseFloat(nvidia.cudaVersion ?? '');
  const needed = capability >= 10 ? minimumCudaOfBlackwell : minimumCuda;
  if (Number.isNaN(cuda)) return say('machine.cuda-unknown', { needed });
  if (cuda < needed) {
    const driver = needed === minimumCudaOfBlackwell ? '580' : '525';
    return say('machine.cuda-old', {
      driver: nvidia.driverVersion ?? '',
      found: nvidia.cudaVersion ?? '',
      needed: `${needed}.0`,
      update: driver,
    });
  }
  return null;
}

function chooseProcessor(machine: Machine, obstacles: readonly string[]): Verdict {
  const { processor, memory, otherGraphics } = machine;
  const warnings = [...obstacles];
  for (const name of otherGraphics.filter((entry) => !/intel/i.test(entry)))
    warnings.push(say('machine.other-graphics', { name }));
  return {
    profile: 'cpu',
    reason: processorReason(obstacles.length > 0, processor.physicalCores),
    warnings,
    card: null,
    cuda: null,
    bandwidth: null,
    bf16: processor.bfloat16,
    memoryBytes: memory.availableBytes,
  };
}

function processorReason(hasUselessCard: boolean, cores: number): string {
  if (cores === 1) return say(hasUselessCard ? 'machine.card-useless-one' : 'machine.no-graphics-one');
  return say(hasUselessCard ? 'machine.card-useless' : 'machine.no-graphics', { cores });
}

function generalWarnings(
  { memory, processor, architecture, platform, missing }: Machine,
  profile: MachineFinding['profile'],
): string[] {
  const warnings: string[] = [];
  if (memory.totalBytes < smallMemoryBytes)
    warnings.push(say('machine.little-memory', { size: gibibytes(memory.totalBytes) }));
  if (profile === 'cpu' && architecture === 'x64' && !processor.avx2) warnings.push(say('machine.no-avx2'));
  if (platform === 'darwin' && architecture === 'x64') warnings.push(say('machine.intel-mac'));
  if (missing.length > 0) warnings.push(say('machine.unread', { names: missing.join(', ') }));
  return warnings;
}

/** Whole ones, below ten with one place. */
function gibibytes(bytes: number): string {
  const value = bytes / 1024 ** 3;
  return value >= 10 ? String(Math.round(value)) : value.toFixed(1);
}

export function gigabytes(bytes: number): string {
  return `${gibibytes(bytes)} GB`;
}
