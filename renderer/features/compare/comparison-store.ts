import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ForgeClient } from '#contract/client.ts';
import type { ComparisonTurn, ComparisonView, Vote } from '#contract/comparisons.ts';
import type { ForgeErrorData } from '#contract/error-data.ts';
import { failureOf, newRequestId, type EngineAccess } from '../../connection/engine-access.ts';
import { applyEvent, applyTurns, noTurns, type ComparisonTurns, type TurnsReading } from './comparison-turns.ts';
import { createLiveTexts, type LiveTexts } from './live-texts.ts';

export type KeptAs = ComparisonTurn['kept'][number];

/** The comparison that is on the page. */
export interface ComparisonState extends ComparisonTurns {
  readonly id: string | null;
  /** Why it could not be read. */
  readonly failure: ForgeErrorData | null;
  /** Texts of answers that are being written. */
  readonly live: LiveTexts;
  /** The first turn that the conversation shows; earlier ones are read when asked for. */
  readonly firstShown: number;
  /** The turn that was opened from the table; null: the table. */
  readonly openTurn: number | null;
  /** What stands in the prompt, by comparison. */
  readonly typed: Readonly<Record<string, string>>;
  readonly isPlain: boolean;
  /** Follows a comparison for as long as its page is shown; returns how to stop. */
  open(id: string): () => void;
  showTurn(turn: number | null): Promise<void>;
  showEarlier(): Promise<void>;
  type(text: string): void;
  setPlain(isPlain: boolean): void;
  ask(prompt: string): Promise<void>;
  stop(): Promise<void>;
  resume(): Promise<void>;
  retry(turn: number, pane: number): Promise<void>;
  /** Votes and edits give the turn as it is then: what was kept of it follows them, or falls out. */
  vote(turn: number, vote: Vote | null): Promise<ComparisonTurn>;
  edit(turn: number, edited: { readonly pane: number; readonly text: string } | null): Promise<ComparisonTurn>;
  /** Gives the path of the file it was written to. */
  keep(turn: number, as: KeptAs, rejectedPane: number | null): Promise<string>;
  unkeep(turn: number, as: KeptAs): Promise<ComparisonTurn>;
}

/** Turns of a conversation that are shown at first, and more at each "Show earlier". */
export const shownAtOnce = 10;
const pageSize = 200;

type Store = StoreApi<ComparisonState>;

export function createComparisonStore(engine: EngineAccess): Store {
  const store: Store = createStore<ComparisonState>((set) => ({
    ...noTurns,
    id: null,
    failure: null,
    live: createLiveTexts(),
    firstShown: 0,
    openTurn: null,
    typed: {},
    isPlain: false,
    ...readingActions(
      () => store,
      engine,
      () => follower,
    ),
    ...turnActions(
      () => store,
      engine,
      () => follower,
    ),
    type: (text) => set(({ id, typed }) => (id === null ? {} : { typed: { ...typed, [id]: text } })),
    setPlain: (isPlain) => set({ isPlain }),
  }));
  const follower = createFollower(store, engine);
  return store;
}

interface Follower {
  /** Reads everything and follows the changes of `id`. */
  start(id: string): void;
  stop(): void;
  /** Follows again: a comparison that had ended goes on. */
  again(): void;
}

function createFollower(store: Store, engine: EngineAccess): Follower {
  let stop: (() => void) | null = null;
  const start = (id: string): void => {
    stop?.();
    stop = engine.follow((client, signal) => followComparison(store, client, { id, signal }));
  };
  return {
    start,
    stop: () => {
      stop?.();
      stop = null;
    },
    again: () => {
      const { id } = store.getState();
      // Only while its page is shown.
      if (id !== null && stop !== null) start(id);
    },
  };
}

function readingOf(state: ComparisonState): TurnsReading {
  const { live, openTurn, firstShown } = state;
  return {
    live,
    keeps: (turn) => (openTurn === null ? turn >= firstShown && turn < firstShown + 100 : turn === openTurn),
  };
}

/** Follows first and reads the finished turns beside it, so that nothing falls between the two. */
async function followComparison(
  store: Store,
  client: ForgeClient,
  { id, signal }: { id: string; signal: AbortSignal },
): Promise<void> {
  const seen = new Set<number>();
  const isMine = (state: ComparisonState): boolean => state.id === id;
  try {
    const events = await client.comparisons.watch({ id }, { signal });
    const follow = async (): Promise<void> => {
      for await (const event of events) {
        if (event.kind === 'turn') seen.add(event.turn.turn);
        store.setState((state) => (isMine(state) ? applyEvent(state, event, readingOf(state)) : state));
      }
    };
    await Promise.all([follow(), readTurns(store, client, { id, signal, seen })]);
    const view = await client.comparisons.get({ id }, { signal });
    store.setState((state) => (isMine(state) ? { view } : state));
  } catch (error) {
    if (!signal.aborted) store.setState((state) => (isMine(state) ? { failure: failureOf(error) } : state));
  }
}

interface Reading {
  readonly id: string;
  readonly signal: AbortSignal;
  /** Turns that an event has told of since: what a page says of them is older. */
  readonly seen: ReadonlySet<number>;
}

async function readTurns(store: Store, client: ForgeClient, { id, signal, seen }: Reading): Promise<void> {
  const first = await client.comparisons.get({ id }, { signal });
  store.setState((state) => {
    if (state.id !== id) return state;
    const isNew = state.view === null;
    const known = isNew ? applyEvent(state, { kind: 'view', view: first }, readingOf(state)) : state;
    return { ...known, ...(isNew ? { firstShown: Math.max(0, first.turns - shownAtOnce) } : {}) };
  });
  for (let offset = 0; offset < first.turns; offset += pageSize) {
    const { turns } = await client.comparisons.turns({ id, offset, limit: pageSize }, { signal });
    store.setState((state) => {
      if (state.id !== id) return state;
      return applyTurns(
        state,
        turns.filter(({ turn }) => !seen.has(turn)),
        readingOf(state),
      );
    });
  }
}

function readingActions(store: () => Store, engine: EngineAccess, follower: () => Follower) {
  const read = async (offset: number, limit: number): Promise<void> => {
    const { id } = store().getState();
    if (id === null || limit <= 0) return;
    const { turns } = await engine.call((client) => client.comparisons.turns({ id, offset, limit }));
    store().setState((state) => (state.id === id ? applyTurns(state, turns, readingOf(state)) : state));
  };
  return {
    open(id: string) {
      const fresh = store().getState().id !== id;
      if (fresh) {
        store().getState().live.forget('');
        store().setState({ ...noTurns, id, failure: null, firstShown: 0, openTurn: null });
      }
      store().setState({ failure: null });
      follower().start(id);
      return () => follower().stop();
    },
    async showTurn(turn: number | null) {
      store().setState({ openTurn: turn });
      if (turn !== null && !store().getState().turns.has(turn)) await read(turn, 1);
    },
    async showEarlier() {
      const { firstShown } = store().getState();
      const from = Math.max(0, firstShown - shownAtOnce);
      store().setState({ firstShown: from });
      await read(from, firstShown - from);
    },
  };
}

function turnActions(store: () => Store, engine: EngineAccess, follower: () => Follower) {
  const current = (): string => store().getState().id ?? '';
  const showView = (view: ComparisonView): void =>
    store().setState((state) => (state.id === view.id ? { view } : state));
  const showTurn = (id: string, turn: ComparisonTurn): void =>
    store().setState((state) => (state.id === id ? applyTurns(state, [turn], readingOf(state)) : state));
  /** A change of one turn: its new state is shown, and the tally beside it. */
  const change = async (
    work: (client: ForgeClient, id: string) => Promise<ComparisonTurn>,
  ): Promise<ComparisonTurn> => {
    const id = current();
    const turn = await engine.call((client) => work(client, id));
    showTurn(id, turn);
    showView(await engine.call((client) => client.comparisons.get({ id })));
    return turn;
  };
  /** A change after which answers are written again. */
  const goOn = async (work: (client: ForgeClient, id: string) => Promise<ComparisonView>): Promise<void> => {
    const id = current();
    showView(await engine.call((client) => work(client, id)));
    follower().again();
  };
  const requestId = newRequestId;
  return {
    ask: (prompt: string) => goOn((client, id) => client.comparisons.ask({ id, prompt, requestId: requestId() })),
    resume: () => goOn((client, id) => client.comparisons.resume({ id, requestId: requestId() })),
    async stop() {
      const id = current();
      showView(await engine.call((client) => client.comparisons.stop({ id, requestId: requestId() })));
    },
    async retry(turn: number, pane: number) {
      await change((client, id) => client.comparisons.retry({ id, turn, pane, requestId: requestId() }));
      follower().again();
    },
    vote: (turn: number, vote: Vote | null) =>
      change((client, id) => client.comparisons.vote({ id, turn, vote, requestId: requestId() })),
    edit: (turn: number, edited: { readonly pane: number; readonly text: string } | null) =>
      change((client, id) => client.comparisons.edit({ id, turn, edited, requestId: requestId() })),
    async keep(turn: number, as: KeptAs, rejectedPane: number | null) {
      const id = current();
      const kept = await engine.call((client) =>
        client.comparisons.keep({ id, turn, as, rejectedPane, requestId: requestId() }),
      );
      showTurn(id, kept.turn);
      return kept.path;
    },
    unkeep: (turn: number, as: KeptAs) =>
      change((client, id) => client.comparisons.unkeep({ id, turn, as, requestId: requestId() })),
  };
}
