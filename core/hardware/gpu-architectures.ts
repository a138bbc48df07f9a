/** Generations of NVIDIA cards, as far as training is concerned. */
export type GpuGeneration =
  'older' | 'maxwell' | 'pascal' | 'volta' | 'turing' | 'ampere' | 'ada' | 'hopper' | 'blackwell';

export interface GpuFeatures {
  readonly generation: GpuGeneration;
  /** bf16 in hardware (compute capability 8.0 and newer). */
  readonly bfloat16: boolean;
  /** FlashAttention 2 runs (8.0 and newer; its README). */
  readonly flashAttention: boolean;
  /** fp8 tensor cores (8.9 and newer). */
  readonly fp8: boolean;
}

/** From NVIDIA's table of compute capabilities; the first row whose capability is reached counts. */
const generations: readonly (readonly [number, GpuGeneration])[] = [
  [10, 'blackwell'],
  [9, 'hopper'],
  [8.9, 'ada'],
  [8, 'ampere'],
  [7.5, 'turing'],
  [7, 'volta'],
  [6, 'pascal'],
  [5, 'maxwell'],
  [0, 'older'],
];

export function describeCapability(computeCapability: number): GpuFeatures {
  const generation = generations.find(([from]) => computeCapability >= from)?.[1] ?? 'older';
  return {
    generation,
    bfloat16: computeCapability >= 8,
    flashAttention: computeCapability >= 8,
    fp8: computeCapability >= 8.9,
  };
}

interface KnownCard {
  readonly pattern: RegExp;
  readonly computeCapability: number;
  /** Memory bandwidth in GB/s, from NVIDIA's data sheets. */
  readonly bandwidth: number;
}

/** More specific names first. */
const knownCards: readonly KnownCard[] = [
  { pattern: /\bB200\b/, computeCapability: 10, bandwidth: 8000 },
  { pattern: /\bH200\b/, computeCapability: 9, bandwidth: 4800 },
  { pattern: /\bH100 PCIe\b/, computeCapability: 9, bandwidth: 2000 },
  { pattern: /\bH100\b/, computeCapability: 9, bandwidth: 3350 },
  { pattern: /\bA100.*80GB\b/, computeCapability: 8, bandwidth: 2039 },
  { pattern: /\bA100\b/, computeCapability: 8, bandwidth: 1555 },
  { pattern: /\bL40S\b/, computeCapability: 8.9, bandwidth: 864 },
  { pattern: /\bL4\b/, computeCapability: 8.9, bandwidth: 300 },
  { pattern: /\bA10\b/, computeCapability: 8.6, bandwidth: 600 },
  { pattern: /\bV100\b/, computeCapability: 7, bandwidth: 900 },
  { pattern: /\bT4\b/, computeCapability: 7.5, bandwidth: 320 },
  { pattern: /\bP100\b/, computeCapability: 6, bandwidth: 732 },
  { pattern: /RTX 5090\b/, computeCapability: 12, bandwidth: 1792 },
  { pattern: /RTX 5080\b/, computeCapability: 12, bandwidth: 960 },
  { pattern: /RTX 5070 Ti\b/, computeCapability: 12, bandwidth: 896 },
  { pattern: /RTX 5070\b/, computeCapability: 12, bandwidth: 672 },
  { pattern: /RTX 4090\b/, computeCapability: 8.9, bandwidth: 1008 },
  { pattern: /RTX 4080\b/, computeCapability: 8.9, bandwidth: 717 },
  { pattern: /RTX 4070\b/, computeCapability: 8.9, bandwidth: 504 },
  { pattern: /RTX 4060\b/, computeCapability: 8.9, bandwidth: 272 },
  { pattern: /RTX 3090 Ti\b/, computeCapability: 8.6, bandwidth: 1008 },
  { pattern: /RTX 3090\b/, computeCapability: 8.6, bandwidth: 936 },
  { pattern: /RTX 3080\b/, computeCapability: 8.6, bandwidth: 760 },
  { pattern: /RTX 3070\b/, computeCapability: 8.6, bandwidth: 448 },
  { pattern: /RTX 3060\b/, computeCapability: 8.6, bandwidth: 360 },
  { pattern: /RTX 2080 Ti\b/, computeCapability: 7.5, bandwidth: 616 },
  { pattern: /RTX 20\d\d\b|GTX 16\d\d\b/, computeCapability: 7.5, bandwidth: 336 },
  { pattern: /GTX 1080 Ti\b/, computeCapability: 6.1, bandwidth: 484 },
  { pattern: /GTX 10\d\d\b/, computeCapability: 6.1, bandwidth: 256 },
];

/** Bandwidth (GB/s) and, for drivers too old to tell, compute capability of a card by its name; null for an unknown one. */
export function findKnownCard(name: string): { readonly computeCapability: number; readonly bandwidth: number } | null {
  return knownCards.find(({ pattern }) => pattern.test(name)) ?? null;
}

/** GB/s of unified memory by generation: base, Pro, Max, Ultra (Apple's technical specifications; where a chip comes in two, the lower). */
const appleBandwidth: Readonly<Record<number, Readonly<Record<'base' | 'Pro' | 'Max' | 'Ultra', number>>>> = {
  1: { base: 68, Pro: 200, Max: 400, Ultra: 800 },
  2: { base: 100, Pro: 200, Max: 400, Ultra: 800 },
  3: { base: 100, Pro: 150, Max: 300, Ultra: 819 },
  4: { base: 120, Pro: 273, Max: 410, Ultra: 819 },
};

/** GB/s, or null for a generation newer than this table. */
export function appleMemoryBandwidth(
  generation: number | null,
  variant: 'base' | 'Pro' | 'Max' | 'Ultra',
): number | null {
  return generation === null ? null : (appleBandwidth[generation]?.[variant] ?? null);
}

/** A word for a bandwidth: it bounds how fast a model answers (each token reads all weights once). */
export function bandwidthClass(bandwidth: number | null): 'unknown' | 'low' | 'medium' | 'high' | 'very high' {
  if (bandwidth === null) return 'unknown';
  if (bandwidth < 200) return 'low';
  if (bandwidth < 600) return 'medium';
  return bandwidth < 1500 ? 'high' : 'very high';
}
