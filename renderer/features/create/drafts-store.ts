import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DraftStep, MainJobDraft } from '#contract/drafts.ts';
import type { ForgeErrorData } from '#contract/error-data.ts';
import { failureOf, newRequestId, type EngineAccess } from '../../connection/engine-access.ts';
import { dataLabelOf } from './data-label.ts';
import { useDataWords } from './data-words.ts';
import { copyOf, newDraft, type Draft } from './draft-state.ts';
import { settledWishes } from './settled-wishes.ts';

/** A change waits this long for the next one before it is written. */
export const saveDelayMs = 300;

export interface DraftsState {
  /** All of them, the newest first; null until they were read. */
  readonly drafts: readonly MainJobDraft[] | null;
  readonly failure: ForgeErrorData | null;
  /** The one that is open. */
  readonly draft: Draft | null;
  /** A draft was asked for that is not there. */
  readonly isMissing: boolean;
  readonly saving: 'saved' | 'waiting' | 'failed';
  load(): Promise<void>;
  open(id: string): Promise<void>;
  /** Makes a draft, opens it and gives its id. */
  start(change?: (draft: Draft) => Draft): string;
  /** The open draft's decisions once more under a new id; null when none is open. */
  copy(step: DraftStep): string | null;
  change(change: (draft: Draft) => Draft): void;
  /** Writes what waits, now: on leaving. */
  flush(): Promise<void>;
  remove(id: string): Promise<void>;
}

export function createDraftsStore(engine: EngineAccess): StoreApi<DraftsState> {
  const store = createStore<DraftsState>((set, get) => {
    const saver = createSaver(engine, set);
    const show = (draft: Draft): string => {
      set({ draft, isMissing: false });
      saver.later(draft);
      return draft.id;
    };
    return {
      drafts: null,
      failure: null,
      draft: null,
      isMissing: false,
      saving: 'saved',
      load: () => loadDrafts(engine, set),
      async open(id) {
        if (get().draft?.id === id) return;
        await saver.flush();
        set({ draft: null, isMissing: false });
        await loadDrafts(engine, set);
        const found = get().drafts?.find((draft) => draft.id === id);
        // Meanwhile another one may have been made and opened.
        if (get().draft === null)
          set(found === undefined ? { isMissing: get().failure === null } : { draft: opened(found) });
      },
      start: (change = (draft) => draft) => show(change(newDraft(crypto.randomUUID()))),
      copy(step) {
        const { draft } = get();
        return draft === null ? null : show(copyOf(draft, crypto.randomUUID(), step));
      },
      change(change) {
        const { draft } = get();
        if (draft === null) return;
        const changed = change(draft);
        if (changed !== draft) show(changed);
      },
      flush: saver.flush,
      async remove(id) {
        saver.forget(id);
        await engine.call((client) => client.drafts.remove({ id, requestId: newRequestId() }));
        set(({ drafts, draft }) => ({
          drafts: drafts?.filter((one) => one.id !== id) ?? null,
          draft: draft?.id === id ? null : draft,
        }));
      },
    };
  });
  // What could not be written while the engine was away is written when it is back.
  engine.follow(async () => {
    const { saving, flush } = store.getState();
    if (saving === 'failed') await flush();
  });
  return store;
}

type Set = StoreApi<DraftsState>['setState'];

async function loadDrafts(engine: EngineAccess, set: Set): Promise<void> {
  try {
    const drafts = await engine.call((client) => client.drafts.list());
    set({ drafts: drafts.toSorted((a, b) => b.updatedAt - a.updatedAt), failure: null });
  } catch (error) {
    set({ failure: failureOf(error) });
  }
}

/** A stored draft as the wizard holds it: one place for each setting, and a name for its data. */
function opened({ updatedAt: _stamp, ...draft }: MainJobDraft): Draft {
  const { request, datasetLabel, step, mainJob } = draft;
  const named = request.dataset === undefined ? null : dataLabelOf(request.dataset);
  const isPastData = step !== 'data' || mainJob !== null;
  const label = datasetLabel ?? named ?? (isPastData ? useDataWords.now('theSample') : null);
  return { ...draft, request: settledWishes(request), datasetLabel: label };
}

/** Writes the newest state of each changed draft, one write after the other, 300 ms after the last change. */
function createSaver(engine: EngineAccess, set: Set) {
  const waiting = new Map<string, Draft>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let writing: Promise<void> = Promise.resolve();
  const write = async (draft: Draft): Promise<void> => {
    waiting.delete(draft.id);
    try {
      const saved = await engine.call((client) => client.drafts.save({ draft }));
      set(({ drafts }) => ({
        drafts: drafts === null ? null : [saved, ...drafts.filter(({ id }) => id !== saved.id)],
        failure: null,
        saving: waiting.size === 0 ? 'saved' : 'waiting',
      }));
    } catch (error) {
      // A newer state of it may wait by now; else this one is tried again with the next change or connection.
      if (!waiting.has(draft.id)) waiting.set(draft.id, draft);
      set({ saving: 'failed', failure: failureOf(error) });
    }
  };
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    writing = writing.then(async () => {
      for (const draft of [...waiting.values()]) await write(draft);
    });
    return writing;
  };
  return {
    flush,
    later(draft: Draft): void {
      waiting.set(draft.id, draft);
      set({ saving: 'waiting' });
      clearTimeout(timer);
      timer = setTimeout(() => void flush(), saveDelayMs);
    },
    forget: (id: string): void => void waiting.delete(id),
  };
}
