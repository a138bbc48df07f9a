import { createORPCClient, type ClientLink } from '@orpc/client';
import { ORPCError, type ContractRouterClient } from '@orpc/contract';
import type { ForgeError } from './errors.ts';
import type { ForgeErrorData } from './error-data.ts';
import type { Contract } from './procedures.ts';
import { protocolVersion } from './protocol-version.ts';

/** Every procedure of the contract as a typed function; `client.jobs.list({ limit: 10 }, { signal })`. */
export type ForgeClient = ContractRouterClient<Contract>;

/** A link carries calls over one wire: `createWebSocketLink`, `createMessagePortLink` (wire-link.ts), or the engine's own in-process one. */
export type ForgeLink = ClientLink<Record<never, never>>;

/** What `engine.hello` answers. */
export type EngineStatus = Awaited<ReturnType<ForgeClient['engine']['hello']>>;

/**
 * The client of every face. It sends nothing by itself: the first call of a connection must be `engine.hello`
 * (`greetEngine` does it), any other is refused.
 */
export function createForgeClient(link: ForgeLink): ForgeClient {
  return createORPCClient(link);
}

/**
 * Says hello, which opens the connection for every other call.
 * Throws `engine.protocol-mismatch` (read it with `isForgeError`) when the two ends come from different versions.
 */
export async function greetEngine(
  client: ForgeClient,
  appVersion: string,
  signal?: AbortSignal,
): Promise<EngineStatus> {
  return client.engine.hello({ protocol: protocolVersion, appVersion }, signal === undefined ? {} : { signal });
}

/**
 * The data of an expected error, or null when `error` is something else (a lost connection, an abort, a bug on this side).
 * Bugs of the engine arrive as data too, with the code `engine.bug` and the correlation id of the log line.
 */
export function isForgeError(error: unknown): ForgeErrorData | null {
  if (isForgeErrorHere(error)) return forgeErrorDataOf(error, null);
  if (!(error instanceof ORPCError) || error.code !== 'FORGE') return null;
  return isErrorData(error.data) ? error.data : null;
}

/** By hand: the first load of the window has no other use for zod. What the engine sends went through its schema there. */
function isErrorData(data: unknown): data is ForgeErrorData {
  if (typeof data !== 'object' || data === null) return false;
  const { code, message, remedy, retryable, exitCode, detail, correlationId } = data as Readonly<
    Record<string, unknown>
  >;
  return (
    [code, message, remedy].every((text) => typeof text === 'string') &&
    typeof retryable === 'boolean' &&
    typeof exitCode === 'number' &&
    typeof detail === 'object' &&
    detail !== null &&
    (correlationId === null || typeof correlationId === 'string')
  );
}

/** By its name: the class would bring every sentence of the registry into the window, where errors arrive as data. */
function isForgeErrorHere(error: unknown): error is ForgeError {
  return error instanceof Error && error.name === 'ForgeError';
}

/** An expected error in the shape in which it travels; `correlationId` names the log line of a bug. */
export function forgeErrorDataOf(error: ForgeError, correlationId: string | null): ForgeErrorData {
  const { code, message, remedy, windowRemedy, retryable, exitCode, detail } = error;
  const atTheWindow = windowRemedy === null ? {} : { windowRemedy };
  return { code, message, remedy, ...atTheWindow, retryable, exitCode, detail: { ...detail }, correlationId };
}
