import { implement, type Implementer, type Router } from '@orpc/server';
import { contract, type Contract } from '#contract/procedures.ts';
import type { Logger } from '#core/ports/logger.ts';

/** One client on one wire. */
export interface ClientConnection {
  /** For the log; unique while the engine runs. */
  readonly id: string;
  readonly wire: 'in-process' | 'message-port' | 'websocket';
  /** True once `engine.hello` succeeded; until then every other call is refused. */
  greeted: boolean;
}

/** What every handler finds in `context`. */
export interface CallContext {
  readonly connection: ClientConnection;
}

/** Handlers for the whole contract, made with `forgeImplementer`. */
export type ForgeRouter = Router<Contract, CallContext>;

/** Those of some groups of the contract. Named, so that nobody who composes them has to infer them again. */
export type Handlers<Group extends keyof Contract> = { [Name in Group]: Router<Contract[Name], CallContext> };

/**
 * `forgeImplementer.jobs.list.handler(({ input, signal }) => ...)`, then `forgeImplementer.router({ ... })`.
 * A handler throws `ForgeError` for what is expected and anything else for a bug. A streaming handler is an async generator that
 * ends soon after `signal` aborts: nothing outside can interrupt a generator that waits for something else.
 */
export const forgeImplementer: Implementer<Contract, CallContext, CallContext> =
  implement(contract).$context<CallContext>();

/** What every transport needs. */
export interface TransportOptions {
  readonly router: ForgeRouter;
  readonly logger: Logger;
  /** Parse outputs against the contract as well: in tests and development. Inputs are always parsed. */
  readonly checkOutputs: boolean;
  /** A short id that ties an `engine.bug` a person sees to its log line. */
  readonly newCorrelationId: () => string;
}
