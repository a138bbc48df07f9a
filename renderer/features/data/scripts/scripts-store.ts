import { createStore, type StoreApi } from 'zustand/vanilla';
import type { FoundryJob, VersionReference, ViewStep } from '#contract/dataset-versions.ts';
import type { ForgeErrorData } from '#contract/error-data.ts';
import type { KeptScript, SandboxReport, ScriptReport, ScriptRequest, ScriptReview } from '#contract/scripts.ts';
import { scriptReport } from '#contract/scripts.ts';
import { failureOf, newRequestId, type EngineAccess } from '../../../connection/engine-access.ts';
import { createQuestion, notLoaded, type Loaded } from '../../create/loaded.ts';
import { failureIn } from '../foundry-jobs.ts';
import { endOfJob } from '../job-end.ts';
import type { ExampleKind } from './row-difference.ts';
import { longestSource, scriptNamePattern, startingScript } from './script-text.ts';

/** A script as it is written. It belongs to no version: the same one is tried on several. */
export type ScriptDraft = Pick<ScriptRequest, 'script' | 'source' | 'allow' | 'seed'>;

export type ScriptMode = ScriptRequest['mode'];

/** What came of a draft; of another one as soon as the draft changes. */
export interface OfDraft<T> {
  readonly draft: ScriptDraft;
  readonly value: T;
}

export interface ScriptsState {
  readonly reference: VersionReference | null;
  readonly draft: ScriptDraft;
  readonly kept: Loaded<readonly KeptScript[]>;
  /** Kinds in their order, until one held. */
  readonly sandboxes: Loaded<readonly SandboxReport[]>;
  /** All kinds; only once they were asked for. */
  readonly allSandboxes: Loaded<readonly SandboxReport[]>;
  /** Of the draft against the script that was kept last under its name. */
  readonly review: Loaded<ScriptReview>;
  readonly running: { readonly mode: ScriptMode; readonly job: FoundryJob | null } | null;
  readonly tried: OfDraft<ScriptReport> | null;
  /** The last whole run over this version. */
  readonly made: ScriptReport | null;
  readonly failed: OfDraft<ForgeErrorData> | null;
  /** Which of the tried rows are shown; null: whatever there is most to see of. */
  readonly shown: ExampleKind | null;
  openFor(reference: VersionReference): void;
  change(change: Partial<ScriptDraft>): void;
  show(kind: ExampleKind): void;
  /** Kept scripts, sandboxes, and the review. */
  read(): Promise<void>;
  lookForSandboxes(): Promise<void>;
  lookForAllSandboxes(): Promise<void>;
  openKept(script: string): Promise<void>;
  /** Takes in a file's text. */
  bring(script: string, source: string): void;
  startOver(): void;
  run(mode: ScriptMode, as: string | null): Promise<void>;
  stop(): Promise<void>;
  /** Keeps the draft and gives the step that names it. Rejects as the engine does. */
  keepAsStep(): Promise<ViewStep>;
}

type Store = StoreApi<ScriptsState>;

/** After the last key, before the review is asked for. */
const restMs = 400;

export const newDraft: ScriptDraft = {
  script: 'clean',
  source: startingScript,
  allow: { clock: false, random: false },
  seed: 0,
};

/** Why a run is not followed any more: it is to end, too. */
const stopped = 'stopped';

const nothing = { running: null, tried: null, made: null, failed: null, shown: null } as const;

/** Whether the engine takes it at all. */
export function isSendable({ script, source }: ScriptDraft): boolean {
  return scriptNamePattern.test(script) && source.trim() !== '' && source.length <= longestSource;
}

/** Whether what came of a draft still is of this one. */
export function isOf(known: OfDraft<unknown> | null, { script, source, allow, seed }: ScriptDraft): boolean {
  const own = known?.draft;
  if (own === undefined || own.script !== script || own.source !== source || own.seed !== seed) return false;
  return own.allow.clock === allow.clock && own.allow.random === allow.random;
}

export function createScriptsStore(engine: EngineAccess): Store {
  return createScriptsStoreWith(engine, restMs);
}

/** For tests: without the rest. */
export function createScriptsStoreWith(engine: EngineAccess, waitMs: number): Store {
  const asking = questions(engine, () => store, waitMs);
  const running = runs(engine, () => store);
  const store: Store = createStore<ScriptsState>((set, get) => {
    const put = (change: Partial<ScriptDraft>): void => {
      set(({ draft }) => ({ draft: { ...draft, ...change } }));
      asking.reviewSoon();
    };
    return {
      ...{
        reference: null,
        draft: newDraft,
        kept: notLoaded,
        sandboxes: notLoaded,
        allSandboxes: notLoaded,
        review: notLoaded,
        ...nothing,
      },
      openFor(reference) {
        const { reference: before } = get();
        if (before?.name === reference.name && before.version === reference.version) return;
        running.leave();
        set({ ...nothing, reference });
      },
      change: put,
      show: (shown) => set({ shown }),
      read: asking.read,
      lookForSandboxes: asking.lookForSandboxes,
      lookForAllSandboxes: asking.lookForAllSandboxes,
      async openKept(script) {
        const { source } = await engine.call((client) => client.scripts.read({ script }));
        put({ script, source });
      },
      bring: (script, source) => put({ script, source }),
      startOver: () => put(newDraft),
      run: running.run,
      stop: running.stop,
      async keepAsStep() {
        const { script, source, allow, seed } = get().draft;
        const { digest } = await engine.call((client) => client.scripts.keep({ script, source }));
        await asking.read();
        return {
          ...{ kind: 'script', script, digest },
          ...(seed !== 0 && { seed }),
          ...((allow.clock || allow.random) && { allow }),
        };
      },
    };
  });
  return store;
}

function questions(engine: EngineAccess, store: () => Store, waitMs: number) {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const kept = createQuestion<readonly KeptScript[]>((change) =>
    store().setState((state) => ({ kept: change(state.kept) })),
  );
  const sandboxes = createQuestion<readonly SandboxReport[]>((change) =>
    store().setState((state) => ({ sandboxes: change(state.sandboxes) })),
  );
  const allSandboxes = createQuestion<readonly SandboxReport[]>((change) =>
    store().setState((state) => ({ allSandboxes: change(state.allSandboxes) })),
  );
  const review = createQuestion<ScriptReview>((change) =>
    store().setState((state) => ({ review: change(state.review) })),
  );
  const askReview = async (): Promise<void> => {
    const { draft } = store().getState();
    const { script, source } = draft;
    if (!isSendable(draft)) return review.stop();
    await review.ask((signal) => engine.call((client) => client.scripts.review({ script, source }, { signal })));
  };
  const lookForSandboxes = async (): Promise<void> => {
    await sandboxes.ask((signal) => engine.call((client) => client.scripts.usedSandbox(undefined, { signal })));
  };
  return {
    lookForSandboxes,
    async lookForAllSandboxes(): Promise<void> {
      await allSandboxes.ask((signal) => engine.call((client) => client.scripts.sandboxes(undefined, { signal })));
    },
    async read(): Promise<void> {
      const readKept = kept.ask((signal) => engine.call((client) => client.scripts.list(undefined, { signal })));
      const { value, isLoading } = store().getState().sandboxes;
      const isKnown = isLoading || value?.some(({ isFit }) => isFit) === true;
      await Promise.all([readKept, askReview(), isKnown ? undefined : lookForSandboxes()]);
    },
    reviewSoon(): void {
      if (timer !== null) clearTimeout(timer);
      timer = setTimeout(() => void askReview(), waitMs);
    },
  };
}

function runs(engine: EngineAccess, store: () => Store) {
  let current = new AbortController();
  const leave = (why?: string): void => {
    current.abort(why);
    current = new AbortController();
  };
  const cancel = async ({ id }: FoundryJob): Promise<void> => {
    await engine.call((client) => client.foundry.cancel({ job: id, requestId: newRequestId() }));
  };
  const begin = (mode: ScriptMode): AbortSignal => {
    leave();
    store().setState({ running: { mode, job: null }, failed: null, ...(mode === 'all' && { made: null }) });
    return current.signal;
  };
  const take = (draft: ScriptDraft, end: FoundryJob): void => {
    const failure = failureIn(end);
    const report = scriptReport.safeParse(end.result).data ?? null;
    if (failure !== null) return store().setState({ running: null, failed: { draft, value: failure } });
    if (report === null) return store().setState({ running: null });
    const made = report.all === null ? {} : { made: report };
    store().setState({ running: null, tried: { draft, value: report }, ...made });
  };
  return {
    /** Goes on without following what runs. */
    leave: () => leave(),
    async run(mode: ScriptMode, as: string | null): Promise<void> {
      const { reference, draft } = store().getState();
      if (reference === null || !isSendable(draft)) return;
      const signal = begin(mode);
      const request = { ...reference, ...draft, mode, as };
      try {
        const job = await engine.call((client) => client.scripts.run({ request, requestId: newRequestId() }));
        // Stopped before it was known under which id it runs.
        if (signal.reason === stopped) return await cancel(job);
        const onJob = (now: FoundryJob): void => store().setState({ running: { mode, job: now } });
        const end = await endOfJob(engine, job, { signal, onJob });
        if (signal.aborted) return;
        take(draft, end);
        if (mode === 'all') await store().getState().read();
      } catch (error) {
        if (!signal.aborted) store().setState({ running: null, failed: { draft, value: failureOf(error) } });
      }
    },
    async stop(): Promise<void> {
      const job = store().getState().running?.job ?? null;
      leave(stopped);
      store().setState({ running: null });
      if (job !== null) await cancel(job);
    },
  };
}
