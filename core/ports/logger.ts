/** What a log line carries beside its message: ids and numbers, never a secret, never a prompt. */
export type LogFields = Readonly<Record<string, unknown>>;

/** One logger per module; the order of arguments is pino's, so a pino logger fits as it is. */
export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

/** For callers that do not want a log. */
export const silentLogger: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };

function nothing(): void {
  return undefined;
}
