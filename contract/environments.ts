import { z } from 'zod';

/**
 * Python environments Forge keeps. `cuda`, `mlx` and `cpu` train; `dev` is `cpu` plus the tools of contributors
 * (tests, lint, benchmarks) and is never chosen for a person.
 */
export const environmentProfile = z.enum(['cuda', 'mlx', 'cpu', 'dev']);
export type EnvironmentProfile = z.infer<typeof environmentProfile>;

/** Stages of a set-up, in order. Each ends with a stamp; one whose stamp is valid is skipped. */
export const environmentStages = [
  'uv',
  'interpreter',
  'lock',
  'install',
  'import-probe',
  'tensor-probe',
  'training-probe',
] as const;
export const environmentStage = z.enum(environmentStages);
export type EnvironmentStage = z.infer<typeof environmentStage>;

/** The file a finished stage leaves: what went in (as a digest) and what it found. */
export const stageStamp = z.object({
  v: z.literal(1),
  stage: environmentStage,
  inputsDigest: z.string().regex(/^[0-9a-f]{64}$/),
  finishedAt: z.number(),
  seconds: z.number().nonnegative(),
  output: z.record(z.string(), z.unknown()),
});
export type StageStamp = z.infer<typeof stageStamp>;

/** One line of progress. `fraction` is 0..1 of the whole set-up, null while its share cannot be told. */
export const environmentProgress = z.object({
  profile: environmentProfile,
  stage: environmentStage,
  state: z.enum(['running', 'done', 'skipped', 'failed']),
  fraction: z.number().min(0).max(1).nullable(),
  text: z.string(),
});
export type EnvironmentProgress = z.infer<typeof environmentProgress>;

/** Which build of PyTorch an environment holds; `default` is the one of the ordinary package index. */
export const torchBuild = z.enum(['default', 'cpu', 'cu126', 'cu130']);
export type TorchBuild = z.infer<typeof torchBuild>;

export const environmentStatus = z.object({
  profile: environmentProfile,
  /** Why this profile fits this machine, or what is odd about choosing it. */
  reason: z.string(),
  state: z.enum(['absent', 'incomplete', 'ready']),
  directory: z.string(),
  lockDigest: z.string(),
  stages: z.array(
    z.object({
      stage: environmentStage,
      state: z.enum(['valid', 'missing', 'stale']),
      finishedAt: z.number().nullable(),
      seconds: z.number().nullable(),
    }),
  ),
  uv: z.object({ path: z.string(), version: z.string(), origin: z.string() }).nullable(),
  python: z.object({ path: z.string(), version: z.string() }).nullable(),
  torchBuild: torchBuild.nullable(),
  device: z.object({ kind: z.string(), name: z.string(), bfloat16: z.boolean() }).nullable(),
  /** Package name to installed version, as imported by the probe. */
  versions: z.record(z.string(), z.string()),
  training: z.object({ lossFirst: z.number(), lossLast: z.number(), secondsPerStep: z.number() }).nullable(),
  /** Bytes on disk when it is there, else null. */
  sizeBytes: z.number().int().nonnegative().nullable(),
  estimate: z.object({ downloadBytes: z.number().int(), diskBytes: z.number().int() }),
});
export type EnvironmentStatus = z.infer<typeof environmentStatus>;
