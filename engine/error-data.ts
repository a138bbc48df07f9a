import { randomBytes } from 'node:crypto';
import { forgeErrorDataOf } from '#contract/client.ts';
import { ForgeError } from '#contract/errors.ts';
import { isDiskFull, systemReason } from '#contract/errors/system-errors.ts';
import type { ForgeErrorData } from '#contract/error-data.ts';
import type { Logger } from '#core/ports/logger.ts';

/** Refusals that a person can lift by giving a right or another folder; other codes of the system are bugs where they were not foreseen. */
const refusals = new Set(['EACCES', 'EPERM', 'EROFS']);

/** Node's own errors that a person can do something about. */
export function expectedFrom(error: unknown): ForgeError | null {
  if (error instanceof ForgeError) return error;
  const { code, path } = (error ?? {}) as { code?: unknown; path?: unknown };
  const where = typeof path === 'string' ? path : 'a file';
  if (isDiskFull(error)) return new ForgeError('engine.disk-full', { path: where }, { cause: error });
  if (typeof code !== 'string' || !refusals.has(code)) return null;
  const reason = systemReason(error) ?? code;
  return new ForgeError('engine.home-not-writable', { home: where, reason }, { cause: error });
}

/** A failure to make or write something in the home itself; what says nothing to a person comes back as it is. */
export function homeError(error: unknown, home: string): unknown {
  if (isDiskFull(error)) return new ForgeError('engine.disk-full', { path: home }, { cause: error });
  const reason = systemReason(error);
  return reason === null ? error : new ForgeError('engine.home-not-writable', { home, reason }, { cause: error });
}

/** What travels to the faces: expected errors as they are; everything else is a bug, logged under an id that the person is given. */
export function toForgeErrorData(error: unknown, logger: Logger): ForgeErrorData {
  const expected = expectedFrom(error);
  if (expected) return forgeErrorDataOf(expected, null);
  const correlationId = randomBytes(4).toString('hex');
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  logger.error({ correlationId, stack }, 'unexpected error');
  return forgeErrorDataOf(new ForgeError('engine.bug', { correlationId }), correlationId);
}
