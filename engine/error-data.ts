import { randomBytes } from 'node:crypto';
import { forgeErrorDataOf } from '#contract/client.ts';
import { ForgeError } from '#contract/errors.ts';
import type { ForgeErrorData } from '#contract/main-job.ts';
import type { Logger } from '#core/ports/logger.ts';

/** Node's own errors that a person can do something about. */
export function expectedFrom(error: unknown): ForgeError | null {
  if (error instanceof ForgeError) return error;
  const { code, path } = (error ?? {}) as { code?: unknown; path?: unknown };
  const where = typeof path === 'string' ? path : 'a file';
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new ForgeError('engine.disk-full', { path: where, neededBytes: 'some' }, { cause: error });
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new ForgeError('engine.home-not-writable', { home: where, reason: String(code) }, { cause: error });
  }
  return null;
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
