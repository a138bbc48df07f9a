import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BaseModelView } from '#contract/base-models.ts';
import type { ShownDomain } from '#contract/domain-packs.ts';
import type { EngineAccess } from '../../connection/engine-access.ts';
import { createQuestion, notLoaded, type Loaded } from '../create/loaded.ts';

/** What pages of data offer to choose from. */
export interface ChoicesState {
  readonly domains: Loaded<readonly ShownDomain[]>;
  readonly bases: Loaded<readonly BaseModelView[]>;
  /** People edit packs with any editor, so they are read each time that a page which offers them opens. */
  readDomains(): Promise<void>;
  readBases(): Promise<void>;
}

export function createChoicesStore(engine: EngineAccess): StoreApi<ChoicesState> {
  const store: StoreApi<ChoicesState> = createStore<ChoicesState>((set) => {
    const askDomains = createQuestion<readonly ShownDomain[]>((change) =>
      set(({ domains }) => ({ domains: change(domains) })),
    );
    const askBases = createQuestion<readonly BaseModelView[]>((change) =>
      set(({ bases }) => ({ bases: change(bases) })),
    );
    return {
      domains: notLoaded,
      bases: notLoaded,
      async readDomains() {
        await askDomains.ask((signal) => engine.call((client) => client.domains.list(undefined, { signal })));
      },
      async readBases() {
        await askBases.ask((signal) => engine.call((client) => client.baseModels.list(undefined, { signal })));
      },
    };
  });
  return store;
}

/** What people call a pack; its id where it cannot be read. */
export function nameOfDomain({ id, pack }: ShownDomain): string {
  return pack?.name ?? id;
}

/** A base model on this disk, whose tokenizer can count. */
export type BaseChoice = Pick<BaseModelView, 'id' | 'name'>;

export function basesHere(bases: readonly BaseModelView[]): readonly BaseChoice[] {
  return bases.filter(({ state }) => state === 'ready').map(({ id, name }) => ({ id, name }));
}
