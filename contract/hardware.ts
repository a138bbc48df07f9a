import { z } from 'zod';
import { deviceKind } from './jobs.ts';

/** How the NVIDIA driver answered. Anything but `answered` has a reason in `NvidiaFinding.problem`. */
export const nvidiaState = z.enum(['absent', 'answered', 'no-driver', 'no-devices', 'hanging', 'unreadable']);
export type NvidiaState = z.infer<typeof nvidiaState>;

export const nvidiaCard = z.object({
  index: z.number().int().nonnegative(),
  name: z.string(),
  memoryTotalBytes: z.number().nonnegative(),
  memoryFreeBytes: z.number().nonnegative(),
  /** e.g. 8.9; null when the driver is too old to say and the name is not known. */
  computeCapability: z.number().nullable(),
});
export type NvidiaCard = z.infer<typeof nvidiaCard>;

export const nvidiaFinding = z.object({
  state: nvidiaState,
  /** One sentence when `state` is not `answered`. */
  problem: z.string().nullable(),
  driverVersion: z.string().nullable(),
  /** The newest CUDA the driver can serve, e.g. "13.0". */
  cudaVersion: z.string().nullable(),
  cards: z.array(nvidiaCard),
});
export type NvidiaFinding = z.infer<typeof nvidiaFinding>;

export const appleChip = z.object({
  /** e.g. "Apple M3 Max" */
  name: z.string(),
  /** 1, 2, 3, ... */
  generation: z.number().int().nullable(),
  variant: z.enum(['base', 'Pro', 'Max', 'Ultra']),
  gpuCores: z.number().int().nullable(),
  /** True when this process is an Intel one that macOS translates. */
  translated: z.boolean(),
});
export type AppleChip = z.infer<typeof appleChip>;

/** What was read from the machine; what follows from it is decided in core/hardware. */
export const machine = z.object({
  detectedAt: z.number(),
  platform: z.string(),
  /** Of the machine, not of this process: "arm64" on Apple Silicon even when translated. */
  architecture: z.string(),
  /** e.g. "Debian GNU/Linux 12" */
  system: z.string(),
  isWsl: z.boolean(),
  processor: z.object({
    name: z.string(),
    /** Cores this process may use, without the second threads of a core. */
    physicalCores: z.number().int().positive(),
    logicalCores: z.number().int().positive(),
    /** Calculates with bf16 in hardware. */
    bfloat16: z.boolean(),
    avx2: z.boolean(),
  }),
  memory: z.object({ totalBytes: z.number().nonnegative(), availableBytes: z.number().nonnegative() }),
  disk: z.object({ path: z.string(), freeBytes: z.number().nonnegative() }),
  apple: appleChip.nullable(),
  nvidia: nvidiaFinding,
  /** Graphics of makers Forge cannot train on, by name, for the sentence that says so. */
  otherGraphics: z.array(z.string()),
  /** Readers that failed or took too long, by name. */
  missing: z.array(z.string()),
});
export type Machine = z.infer<typeof machine>;

/** What a machine means for training; made by core/hardware/choose-profile.ts. */
export const machineFinding = z.object({
  profile: z.enum(['cuda', 'mlx', 'cpu']),
  device: deviceKind,
  /** Why this profile, one sentence part. */
  reason: z.string(),
  warnings: z.array(z.string()),
  /** Processor, memory, graphics in one line. */
  summary: z.string(),
  physicalCores: z.number().int().positive(),
  /** Memory a training may use: free RAM for cpu, the GPU's share of it for mlx, free VRAM for cuda. */
  memoryBytes: z.number().nonnegative(),
  bf16: z.boolean(),
  /** Memory bandwidth in GB/s of the chosen device, where it is known. */
  bandwidth: z.number().nullable(),
  /** The chosen card, or null. */
  card: nvidiaCard.nullable(),
  cuda: z.object({ version: z.string(), computeCapability: z.number() }).nullable(),
});
export type MachineFinding = z.infer<typeof machineFinding>;

/** One reading of the meters. Shares are 0..1; null where the machine does not say. */
export const meterReading = z.object({
  t: z.number(),
  processor: z.number().min(0).max(1),
  memoryUsedBytes: z.number().nonnegative(),
  memoryTotalBytes: z.number().nonnegative(),
  diskFreeBytes: z.number().nonnegative(),
  /** Memory of the training process and its helpers; null when none runs. */
  workerMemoryBytes: z.number().nonnegative().nullable(),
  graphics: z
    .object({
      name: z.string(),
      use: z.number().min(0).max(1).nullable(),
      memoryUsedBytes: z.number().nonnegative().nullable(),
      memoryTotalBytes: z.number().nonnegative().nullable(),
      celsius: z.number().nullable(),
    })
    .nullable(),
});
export type MeterReading = z.infer<typeof meterReading>;
