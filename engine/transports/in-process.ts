import { AsyncIteratorClass } from '@orpc/contract';
import { createRouterClient } from '@orpc/server';
import type { ForgeClient } from '#contract/client.ts';
import { isEventIterator } from '#contract/wire-link.ts';
import { createCallGuard } from './call-guard.ts';
import type { ClientConnection, TransportOptions } from './forge-router.ts';

export interface InProcessClient {
  readonly client: ForgeClient;
  /** Aborts what is in progress, as closing a socket would; later calls are refused. */
  close(): void;
}

/**
 * A client inside the engine's own process: the same guard, errors and parsing as on a wire, no serialisation.
 * It is greeted already, because both ends come from the same build.
 */
export function createInProcessClient(options: TransportOptions & { readonly greeted?: boolean }): InProcessClient {
  const closing = new AbortController();
  const connection: ClientConnection = { id: 'in-process', wire: 'in-process', greeted: options.greeted ?? true };
  const guard = createCallGuard(options);
  const client = createRouterClient(options.router, {
    context: { connection },
    interceptors: [
      async (call) => {
        const signal = call.signal === undefined ? closing.signal : AbortSignal.any([call.signal, closing.signal]);
        signal.throwIfAborted();
        const output = await guard({ ...call, signal }, (procedure) => call.next({ ...call, signal, procedure }));
        return isEventIterator(output) ? untilAborted(output, signal) : output;
      },
    ],
  });
  return { client, close: () => closing.abort(new Error('The client was closed.')) };
}

/** On a wire an abort ends the stream at both ends at once; here the reader is the only one who pulls, so it is done for it. */
function untilAborted(source: AsyncIterator<unknown>, signal: AbortSignal): AsyncIteratorObject<unknown> {
  const aborted = Promise.withResolvers<never>();
  // The stream may be over, or nobody waiting, when the abort comes.
  aborted.promise.catch(() => undefined);
  const onAbort = () => {
    aborted.reject(signal.reason);
    void stream.return();
  };
  const stream = new AsyncIteratorClass<unknown>(
    () => Promise.race([source.next(), aborted.promise]),
    async () => {
      signal.removeEventListener('abort', onAbort);
      await source.return?.();
    },
  );
  signal.addEventListener('abort', onAbort, { once: true });
  return stream;
}
