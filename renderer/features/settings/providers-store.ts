import { createStore, type StoreApi } from 'zustand/vanilla';
import type { z } from 'zod';
import { providerSecret } from '#contract/known-secrets.ts';
import type { providerTest, ProviderView } from '#contract/providers.ts';
import type { SecretView } from '#contract/secrets.ts';
import { newRequestId, type EngineAccess } from '../../connection/engine-access.ts';
import { act, noActs, type ActState } from './acts.ts';
import type { ProviderDraft } from './provider-draft.ts';

export type ProviderTest = z.infer<typeof providerTest>;

export interface ProvidersData extends ActState {
  readonly providers: readonly ProviderView[] | null;
  /** All secrets without their values. */
  readonly secrets: readonly SecretView[];
  readonly tests: ReadonlyMap<string, ProviderTest>;
  /** Removed, while it can still be undone. */
  readonly hidden: ReadonlySet<string>;
}

export interface ProvidersStoreState extends ProvidersData {
  load(): Promise<void>;
  /** Hands a value to the engine's secret store. It is kept nowhere in the window. */
  setSecret(name: string, value: string): Promise<boolean>;
  removeSecret(name: string): Promise<boolean>;
  /** Asks the provider once; it leaves this machine. */
  test(id: string): Promise<void>;
  save(draft: ProviderDraft): Promise<boolean>;
  setHidden(id: string, isHidden: boolean): void;
  remove(id: string): Promise<void>;
}

type Store = StoreApi<ProvidersStoreState>;

/** Acts: `load`, `secret:<name>`, `test:<id>`, `save`, `remove:<id>`. */
export function createProvidersStore(engine: EngineAccess): Store {
  const requestId = newRequestId;
  const store: Store = createStore<ProvidersStoreState>(() => ({
    ...noActs,
    providers: null,
    secrets: [],
    tests: new Map(),
    hidden: new Set(),
    load: async () => {
      await act(store, 'load', () => read(store, engine));
    },
    setSecret: (name, value) =>
      changeSecret(store, engine, {
        name,
        change: () => engine.call((client) => client.secrets.set({ name, value, requestId: requestId() })),
      }),
    removeSecret: (name) =>
      changeSecret(store, engine, {
        name,
        change: () => engine.call((client) => client.secrets.remove({ name, requestId: requestId() })),
      }),
    test: async (id) => {
      await act(store, `test:${id}`, async () => {
        const result = await engine.call((client) => client.providers.test({ id }));
        store.setState(({ tests }) => ({ tests: new Map(tests).set(id, result) }));
      });
    },
    save: (draft) =>
      act(store, 'save', async () => {
        await engine.call((client) =>
          client.providers.save({ ...draft, models: [...draft.models], requestId: requestId() }),
        );
        await read(store, engine);
      }),
    setHidden: (id, isHidden) => store.setState(({ hidden }) => ({ hidden: withOrWithout(hidden, id, isHidden) })),
    remove: async (id) => {
      await act(store, `remove:${id}`, async () => {
        await engine.call((client) => client.providers.remove({ id, requestId: requestId() }));
        await read(store, engine);
      });
      store.getState().setHidden(id, false);
    },
  }));
  return store;
}

async function read(store: Store, engine: EngineAccess): Promise<void> {
  const [providers, secrets] = await Promise.all([
    engine.call((client) => client.providers.list()),
    engine.call((client) => client.secrets.list()),
  ]);
  store.setState({ providers, secrets });
}

interface SecretChange {
  readonly name: string;
  readonly change: () => Promise<unknown>;
}

/** What a test said before holds no longer. */
function changeSecret(store: Store, engine: EngineAccess, { name, change }: SecretChange): Promise<boolean> {
  return act(store, `secret:${name}`, async () => {
    await change();
    store.setState(({ tests }) => ({ tests: new Map([...tests].filter(([id]) => providerSecret(id) !== name)) }));
    await read(store, engine);
  });
}

function withOrWithout(all: ReadonlySet<string>, id: string, isIn: boolean): ReadonlySet<string> {
  return new Set(isIn ? [...all, id] : [...all].filter((other) => other !== id));
}
