import { ORPCError, ValidationError } from '@orpc/server';
import { forgeErrorDataOf } from '#contract/client.ts';
import { ForgeError } from '#contract/errors.ts';
import { forgeErrorData } from '#contract/error-data.ts';
import { expectedFrom } from '../error-data.ts';
import type { Logger } from '#core/ports/logger.ts';

export interface ErrorMappingOptions {
  readonly logger: Logger;
  readonly newCorrelationId: () => string;
}

/** Where an error arose, for the log. */
export interface CallPlace {
  readonly procedure: string;
  readonly connection: string;
}

const longestReason = 300;

/**
 * The one place where errors become what the wire carries: a `ForgeError` keeps its data, an input that does not parse becomes
 * `engine.bad-input` with the field's name, everything else is logged whole and sent as `engine.bug` with nothing but the id of
 * that log line, because a stack may hold paths and prompts.
 */
export function createErrorMapping(
  options: ErrorMappingOptions,
): (error: unknown, place: CallPlace) => ORPCError<'FORGE', unknown> {
  return (error, place) => {
    const expected = expectedFrom(error);
    if (expected !== null) return toWireError(expected, null);
    if (isWireError(error)) return error;
    const refusal = inputRefusal(error);
    if (refusal !== null) return toWireError(refusal, null);
    const correlationId = options.newCorrelationId();
    options.logger.error({ ...place, correlationId, error: describe(error) }, 'a call failed with a bug');
    return toWireError(new ForgeError('engine.bug', { correlationId }), correlationId);
  };
}

function toWireError(error: ForgeError, correlationId: string | null): ORPCError<'FORGE', unknown> {
  const data = forgeErrorDataOf(error, correlationId);
  return new ORPCError('FORGE', { defined: true, message: error.message, data, cause: error });
}

function isWireError(error: unknown): error is ORPCError<'FORGE', unknown> {
  return error instanceof ORPCError && error.code === 'FORGE' && forgeErrorData.safeParse(error.data).success;
}

/** The library's own refusals of an input: one that does not fit the schema, or could not even be decoded. */
function inputRefusal(error: unknown): ForgeError | null {
  if (!(error instanceof ORPCError) || error.code !== 'BAD_REQUEST') return null;
  const issue = error.cause instanceof ValidationError ? error.cause.issues[0] : undefined;
  if (issue === undefined) return new ForgeError('engine.bad-input', { reason: 'it could not be decoded' });
  const field = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
  const reason = `${field === '' ? 'the input' : field}: ${issue.message}`.slice(0, longestReason);
  return new ForgeError('engine.bad-input', { reason });
}

function describe(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const cause = error.cause === undefined ? {} : { cause: describe(error.cause) };
  return { name: error.name, message: error.message, stack: error.stack, ...cause };
}
