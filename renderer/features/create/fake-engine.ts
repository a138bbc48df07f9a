import type { ForgeClient } from '#contract/client.ts';
import { createEngineAccess, type EngineAccess } from '../../connection/engine-access.ts';

type Fake = { readonly [Group in keyof ForgeClient]?: { readonly [Name in keyof ForgeClient[Group]]?: unknown } };

/** For tests: an engine that answers with these procedures and knows no others. `drop` loses the connection, `connect` makes the next one. */
export function fakeEngine(procedures: Fake): { engine: EngineAccess; drop: () => void; connect: () => void } {
  const engine = createEngineAccess();
  let wire = new AbortController();
  const connect = (): void => {
    wire = new AbortController();
    engine.onConnected(procedures as unknown as ForgeClient, wire.signal);
  };
  connect();
  return { engine, connect, drop: () => wire.abort() };
}

/** A stream that gives these one after the other. */
export async function* streamOf<T>(...events: readonly T[]): AsyncGenerator<T> {
  yield* events;
}

/** Resolves when nothing that was begun before can still be waiting on promises alone. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}
