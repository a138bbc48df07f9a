import { z } from 'zod';

/** States of a job; what each means and how it is left: docs/architecture.md and `core/jobs/job-machine.ts`. */
export const jobStates = [
  'queued',
  'preparing',
  'running',
  'pausing',
  'paused',
  'stopping',
  'finishing',
  'interrupted',
  'succeeded',
  'failed',
  'cancelled',
] as const;
export const jobState = z.enum(jobStates);
export type JobState = z.infer<typeof jobState>;

export const finalJobStates = ['succeeded', 'failed', 'cancelled'] as const satisfies readonly JobState[];

/** Kinds of work a Python worker does (docs/worker-protocol.md). */
export const workerKinds = ['probe', 'prepare-base', 'train', 'export', 'quantise', 'parity'] as const;
export const workerKind = z.enum(workerKinds);
export type WorkerKind = z.infer<typeof workerKind>;

export const deviceKind = z.enum(['cpu', 'cuda', 'mlx']);
export type DeviceKind = z.infer<typeof deviceKind>;

export const jobFailure = z.object({ code: z.string(), message: z.string(), hint: z.string() });
export type JobFailure = z.infer<typeof jobFailure>;

/** `job.json`: written once by the engine when the job is made. */
export const jobFile = z.object({
  v: z.literal(1),
  job: z.string(),
  kind: workerKind,
  name: z.string().max(200),
  createdAt: z.number(),
  device: deviceKind,
  /** Threads asked for; null = what the lease grants. */
  threads: z.number().int().positive().nullable().default(null),
  seed: z.number().int().default(0),
  /** An interrupted attempt is followed by the next one without being asked. */
  autoResume: z.boolean().default(true),
  passiveWait: z.boolean().default(true),
  /** The client's request id; the same id never makes a second job. */
  requestId: z.string().max(200),
  payload: z.record(z.string(), z.unknown()),
});
export type JobFile = z.infer<typeof jobFile>;

/** `spec.json`: what one attempt is told. */
export const attemptSpec = z.object({
  v: z.literal(1),
  run: z.string(),
  job: z.string(),
  attempt: z.number().int().positive(),
  kind: workerKind,
  directory: z.string(),
  device: deviceKind,
  threads: z.number().int().positive(),
  passiveWait: z.boolean(),
  seed: z.number().int(),
  resumeFrom: z.string().nullable(),
  payload: z.record(z.string(), z.unknown()),
});
export type AttemptSpec = z.infer<typeof attemptSpec>;

export const artefact = z.object({
  name: z.string(),
  path: z.string(),
  bytes: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type Artefact = z.infer<typeof artefact>;

export const resultFile = z.object({
  v: z.literal(1),
  run: z.string(),
  outcome: z.literal('done'),
  reason: z.string(),
  summary: z.record(z.string(), z.unknown()),
  artefacts: z.array(artefact),
});
export type ResultFile = z.infer<typeof resultFile>;

export const exitFile = z.object({
  exitCode: z.number().int().nullable(),
  signal: z.string().nullable(),
  t: z.number(),
});
export type ExitFile = z.infer<typeof exitFile>;

export const workerFile = z.object({
  launcherPid: z.number().int(),
  launcherStartedAtMs: z.number(),
  workerPid: z.number().int(),
  workerStartedAtMs: z.number(),
});
export type WorkerFile = z.infer<typeof workerFile>;

/** A job as the faces see it. */
export const jobView = z.object({
  id: z.string(),
  kind: workerKind,
  name: z.string(),
  state: jobState,
  device: deviceKind,
  attempt: z.number().int().nonnegative(),
  createdAt: z.number(),
  updatedAt: z.number(),
  queuePosition: z.number().int().nullable(),
  phase: z.object({ name: z.string(), fraction: z.number().nullable(), etaSeconds: z.number().nullable() }).nullable(),
  step: z.number().int().nullable(),
  failure: jobFailure.nullable(),
  revision: z.number().int(),
});
export type JobView = z.infer<typeof jobView>;
