import { createStore, type StoreApi } from 'zustand/vanilla';
import { isForgeError, type ForgeClient } from '#contract/client.ts';
import type { ForgeErrorData } from '#contract/error-data.ts';
import { connectionWords } from './connection-words.ts';
import type { WireState } from './keep-connected.ts';

/** Runs once for every connection; `signal` aborts when that one is lost or nobody wants it any more. */
export type Follower = (client: ForgeClient, signal: AbortSignal) => Promise<void>;

/** The engine as stores see it: calls, and subscriptions that survive lost connections. Components never use it. */
export interface EngineAccess {
  readonly wire: StoreApi<WireState>;
  /** One call on the live connection; waits up to ten seconds for one. Rejects as the engine does; read it with `failureOf`. */
  call<T>(work: (client: ForgeClient) => Promise<T>): Promise<T>;
  /** Runs `follower` now, if there is a connection, and again after each reconnection. Returns how to stop. */
  follow(follower: Follower): () => void;
  /** The store that `create` makes, made once for each window. */
  storeOf<S>(create: (engine: EngineAccess) => StoreApi<S>): StoreApi<S>;
}

/** What the side that holds the wire tells. */
export interface EngineLine extends EngineAccess {
  onState(state: WireState): void;
  onConnected(client: ForgeClient, signal: AbortSignal): void;
}

const patienceMs = 10_000;

export function createEngineAccess(): EngineLine {
  const wire = createStore<WireState>(() => ({ kind: 'connecting' }));
  const followers = new Set<(client: ForgeClient, signal: AbortSignal) => void>();
  const stores = new Map<unknown, StoreApi<unknown>>();
  const waiting = new Set<(client: ForgeClient) => void>();
  let live: { readonly client: ForgeClient; readonly signal: AbortSignal } | null = null;

  const access: EngineLine = {
    wire,
    async call(work) {
      return work(live?.client ?? (await nextClient(waiting)));
    },
    follow(follower) {
      const stop = new AbortController();
      const run = (client: ForgeClient, signal: AbortSignal): void => {
        const both = AbortSignal.any([signal, stop.signal]);
        follower(client, both).catch((error: unknown) => {
          // A lost wire ends every follower; the next connection starts it again.
          if (!both.aborted) console.warn('A subscription ended.', error);
        });
      };
      followers.add(run);
      if (live !== null) run(live.client, live.signal);
      return () => {
        followers.delete(run);
        stop.abort();
      };
    },
    storeOf<S>(create: (engine: EngineAccess) => StoreApi<S>): StoreApi<S> {
      const known = stores.get(create) as StoreApi<S> | undefined;
      if (known !== undefined) return known;
      const made = create(access);
      stores.set(create, made as StoreApi<unknown>);
      return made;
    },
    onState: (state) => wire.setState(state, true),
    onConnected(client, signal) {
      const connection = { client, signal };
      live = connection;
      signal.addEventListener('abort', () => {
        if (live === connection) live = null;
      });
      for (const resolve of waiting) resolve(client);
      waiting.clear();
      for (const run of followers) run(client, signal);
    },
  };
  return access;
}

function nextClient(waiting: Set<(client: ForgeClient) => void>): Promise<ForgeClient> {
  return new Promise((resolve, reject) => {
    const settle = (client: ForgeClient): void => {
      clearTimeout(timer);
      resolve(client);
    };
    const timer = setTimeout(() => {
      waiting.delete(settle);
      reject(new Error(connectionWords('silent')));
    }, patienceMs);
    waiting.add(settle);
  });
}

/** What a person is told about a call that failed. A lost connection and a bug on this side have words too. */
export function failureOf(error: unknown): ForgeErrorData {
  const expected = isForgeError(error);
  if (expected !== null) return expected;
  const said = error instanceof Error ? error.message : String(error);
  const isLost = isLostWire(error);
  return {
    code: isLost ? 'window.connection-lost' : 'window.call-failed',
    message: isLost ? connectionWords('lost') : said,
    remedy: connectionWords(isLost ? 'lostRemedy' : 'failedRemedy'),
    retryable: true,
    exitCode: 1,
    detail: {},
    correlationId: null,
  };
}

/** What the link says of calls that were under way when their wire went. A person's own stop never comes here. */
function isLostWire(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || /WebSocket is not open/.test(error.message));
}

/** Mutations carry one; repeating a call with the same id changes nothing twice. */
export function newRequestId(): string {
  return crypto.randomUUID();
}
