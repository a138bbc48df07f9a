import { mapEventIterator } from '@orpc/client';
import { Procedure, type AnyProcedure } from '@orpc/server';
import { ForgeError } from '#contract/errors.ts';
import { isEventIterator } from '#contract/wire-link.ts';
import { createErrorMapping, type CallPlace } from './error-mapping.ts';
import type { CallContext, TransportOptions } from './forge-router.ts';
import type { StreamWindows } from './stream-window.ts';

/** What a wire adds to the context of a call; the handlers see `connection` only. */
export interface WireContext extends CallContext {
  /** Present when the client named the stream that this call may become. */
  readonly stream?: { readonly id: string; readonly windows: StreamWindows };
}

export interface GuardedCall {
  readonly context: WireContext;
  readonly path: readonly string[];
  readonly procedure: AnyProcedure;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What happens around every call on every wire: the first call must be `engine.hello`, outputs are parsed only where asked,
 * errors are mapped (also those that end a stream), and a stream is held to its reader's window.
 */
export function createCallGuard(options: TransportOptions) {
  const mapError = createErrorMapping(options);
  const prepare = options.checkOutputs ? (procedure: AnyProcedure) => procedure : withoutOutputCheck();
  return async (call: GuardedCall, next: (procedure: AnyProcedure) => Promise<unknown>): Promise<unknown> => {
    const { connection, stream } = call.context;
    const place = { procedure: call.path.join('.'), connection: connection.id };
    const signal = call.signal ?? new AbortController().signal;
    const toThrow = (error: unknown) => (signal.aborted ? error : mapError(error, place));
    try {
      requireGreeting(place, connection.greeted);
      const output = await next(prepare(call.procedure));
      if (place.procedure === 'engine.hello') connection.greeted = true;
      if (!isEventIterator(output)) return output;
      const mapped = mapEventIterator(output, {
        value: (value) => Promise.resolve(value),
        error: (error) => Promise.resolve(toThrow(error)),
      });
      return stream === undefined ? mapped : stream.windows.hold(stream.id, mapped, signal);
    } catch (error) {
      throw toThrow(error);
    }
  };
}

function requireGreeting(place: CallPlace, greeted: boolean): void {
  if (greeted || place.procedure === 'engine.hello') return;
  throw new ForgeError('engine.bad-input', { reason: 'the first call of a connection must be engine.hello' });
}

/** The same procedures with the output check left out: an index that is never reached, as the library documents it. */
function withoutOutputCheck(): (procedure: AnyProcedure) => AnyProcedure {
  const known = new WeakMap<AnyProcedure, AnyProcedure>();
  return (procedure) => {
    const made = known.get(procedure) ?? new Procedure({ ...procedure['~orpc'], outputValidationIndex: Number.NaN });
    known.set(procedure, made);
    return made;
  };
}
