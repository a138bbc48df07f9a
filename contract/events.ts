import { z } from 'zod';

/**
 * What a worker appends to `events.jsonl` (docs/worker-protocol.md). Unknown types are kept (`unknownEvent`), an unknown
 * major version is refused by the reader.
 */
const envelope = {
  v: z.literal(1),
  run: z.string().max(200),
  seq: z.number().int().positive(),
  t: z.number(),
};

const finiteOrNull = z.number().nullable();
const settings = z.record(z.string(), z.object({ value: z.unknown(), reason: z.string() }));

export const helloEvent = z.object({
  ...envelope,
  type: z.literal('hello'),
  pid: z.number().int(),
  device: z.object({ kind: z.string(), name: z.string(), memoryBytes: z.number().nullable() }),
  versions: z.record(z.string(), z.string()),
  effective: settings,
});
export const phaseEvent = z.object({
  ...envelope,
  type: z.literal('phase'),
  name: z.string(),
  fraction: finiteOrNull,
  etaSeconds: finiteOrNull,
});
export const measuredEvent = z.object({
  ...envelope,
  type: z.literal('measured'),
  secondsPerStep: z.number(),
  peakMemoryBytes: z.number(),
  checkpointBytes: z.number(),
  forecastSeconds: z.number(),
  plannedSteps: z.number().int(),
});
export const metricEvent = z.object({
  ...envelope,
  type: z.literal('metric'),
  step: z.number().int(),
  epoch: z.number(),
  tokens: z.number().int(),
  values: z.record(z.string(), finiteOrNull),
  nonFinite: z.array(z.string()).default([]),
});
export const sampleEvent = z.object({
  ...envelope,
  type: z.literal('sample'),
  step: z.number().int(),
  promptIndex: z.number().int(),
  prompt: z.string(),
  answer: z.string(),
  expected: z.string().nullable(),
});
export const checkpointEvent = z.object({
  ...envelope,
  type: z.literal('checkpoint'),
  path: z.string(),
  step: z.number().int(),
  bytes: z.number().int(),
  sha256: z.string(),
  best: z.boolean(),
  validationLoss: finiteOrNull,
});
export const invariantEvent = z.object({
  ...envelope,
  type: z.literal('invariant'),
  name: z.string(),
  ok: z.boolean(),
  detail: z.string(),
});
export const interventionEvent = z.object({
  ...envelope,
  type: z.literal('intervention'),
  action: z.string(),
  reason: z.string(),
  before: z.unknown(),
  after: z.unknown(),
});
export const logEvent = z.object({
  ...envelope,
  type: z.literal('log'),
  level: z.enum(['debug', 'info', 'warning', 'error']),
  code: z.string(),
  text: z.string(),
});
export const heartbeatEvent = z.object({
  ...envelope,
  type: z.literal('heartbeat'),
  step: z.number().int(),
  memoryBytes: z.number(),
});
export const warningEvent = z.object({ ...envelope, type: z.literal('warning'), code: z.string(), text: z.string() });
export const doneEvent = z.object({
  ...envelope,
  type: z.literal('done'),
  reason: z.string(),
  summary: z.record(z.string(), z.unknown()),
});
export const failedEvent = z.object({
  ...envelope,
  type: z.literal('failed'),
  code: z.string(),
  message: z.string(),
  hint: z.string(),
});

export const knownWorkerEvent = z.discriminatedUnion('type', [
  helloEvent,
  phaseEvent,
  measuredEvent,
  metricEvent,
  sampleEvent,
  checkpointEvent,
  invariantEvent,
  interventionEvent,
  logEvent,
  heartbeatEvent,
  warningEvent,
  doneEvent,
  failedEvent,
]);
export const unknownEvent = z.looseObject({ ...envelope, type: z.string() });

export type KnownWorkerEvent = z.infer<typeof knownWorkerEvent>;
export type UnknownWorkerEvent = z.infer<typeof unknownEvent>;
export type WorkerEvent =
  | { readonly known: true; readonly event: KnownWorkerEvent }
  | { readonly known: false; readonly event: UnknownWorkerEvent };

/** The largest line of `events.jsonl` that is parsed, in bytes; a longer one is dropped and counted. */
export const maximumEventLineBytes = 1_048_576;
