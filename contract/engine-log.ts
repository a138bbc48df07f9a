import { z } from 'zod';

/** From the least to the most urgent. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export const logLevel = z.enum(logLevels);
export type LogLevel = z.infer<typeof logLevel>;

/** One line of logs/engine.log, without secrets. */
export const logLine = z.object({
  /** Where it begins in the file, in bytes; no two lines have the same. */
  at: z.number().int().nonnegative(),
  /** Unix ms; null for what Forge did not write itself (a warning of Node, the end of a crash). */
  t: z.number().nullable(),
  /** Null as `t`. Such lines come whatever level is asked for: a crash has no other. */
  level: logLevel.nullable(),
  /** Part of the engine: `serving`, `openai`, `jobs`. */
  module: z.string().nullable(),
  message: z.string(),
  /** What was noted beside the message, cut at 2,000 characters each. */
  fields: z.record(z.string(), z.string()),
});
export type LogLine = z.infer<typeof logLine>;

/** A piece of the log, the oldest line first. */
export const logPage = z.object({
  lines: z.array(logLine),
  /** Give it as `before` for what came earlier; 0: there is nothing earlier. */
  start: z.number().int().nonnegative(),
  /** Give it as `after` for what comes later. */
  end: z.number().int().nonnegative(),
  /** There is more behind `end` already. */
  hasMore: z.boolean(),
  /** The file had become shorter than `after`: another one lies in its place, and these are its last lines. */
  isNewFile: z.boolean(),
  /** Absolute path of the file. */
  file: z.string(),
});
export type LogPage = z.infer<typeof logPage>;
