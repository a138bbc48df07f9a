import { createRouterClient } from '@orpc/server';
import type { ForgeClient } from '#contract/client.ts';
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
      (call) => {
        const signal = call.signal === undefined ? closing.signal : AbortSignal.any([call.signal, closing.signal]);
        signal.throwIfAborted();
        return guard({ ...call, signal }, (procedure) => call.next({ ...call, signal, procedure }));
      },
    ],
  });
  return { client, close: () => closing.abort(new Error('The client was closed.')) };
}
