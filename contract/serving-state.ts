import { z } from 'zod';
import { forgeErrorData } from './error-data.ts';
import { modelServerStatus, servedModel } from './serving.ts';

/**
 * The one state machine behind tray, window and command line (core/serving/server-machine.ts).
 * `busy` is `serving` while at least one answer is being made.
 */
export const serverStates = ['stopped', 'starting', 'serving', 'busy', 'stopping', 'failed'] as const;
export const serverState = z.enum(serverStates);
export type ServerState = z.infer<typeof serverState>;

/** One request to the OpenAI-compatible server. Holds no prompt and no answer. */
export const servedRequest = z.object({
  id: z.string(),
  t: z.number(),
  model: z.string(),
  status: z.number().int(),
  stream: z.boolean(),
  promptTokens: z.number().int().nonnegative(),
  completionTokens: z.number().int().nonnegative(),
  totalMs: z.number().nonnegative(),
  failure: z.string().nullable(),
});
export type ServedRequest = z.infer<typeof servedRequest>;

/** A name that clients may ask for, and the versions it can stand for. */
export const servedFamily = z.object({
  name: z.string(),
  /** The version that `name` and `name:latest` give now. */
  current: z.number().int().positive(),
  /** True when `current` was chosen by the person, false when it is simply the newest. */
  pinned: z.boolean(),
  /** The one before, for "back to v2"; null when there was none. */
  previous: z.number().int().positive().nullable(),
  versions: z.array(z.number().int().positive()),
});
export type ServedFamily = z.infer<typeof servedFamily>;

export const servingView = z.object({
  state: serverState,
  running: z.boolean(),
  /** Base address for clients, ending in /v1; null while it is stopped. */
  url: z.string().nullable(),
  host: z.string(),
  port: z.number().int(),
  /** Why it failed, with its remedy; null otherwise. */
  failure: forgeErrorData.nullable(),
  models: z.array(servedModel),
  families: z.array(servedFamily),
  /** The processes that hold a model, at most one for each model in memory. */
  servers: z.array(modelServerStatus.extend({ path: z.string(), name: z.string().nullable() })),
  answering: z.number().int().nonnegative(),
  /** Requests since the server was started, and by minute over the last 30 (oldest first). */
  requests: z.object({ total: z.number().int().nonnegative(), perMinute: z.array(z.number().int().nonnegative()) }),
  keyRequired: z.boolean(),
});
export type ServingView = z.infer<typeof servingView>;
