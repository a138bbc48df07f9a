import type { ForgeErrorData } from '#contract/error-data.ts';
import type { ServerState } from '#contract/serving-state.ts';

/** Where the OpenAI-compatible server listens or is to listen; port 0 takes any free one. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/** The server as the machine sees it. Everything that decides is in here; nothing is read from outside. */
export interface ServerMachineState {
  readonly name: ServerState;
  /** Where it listens, or where it was last asked to; null before the first start. With the real port once it listens. */
  readonly address: ServerAddress | null;
  /** Base address for clients, ending in /v1; null unless it listens. */
  readonly url: string | null;
  /** Answers that are being made now, also those that outlive the server: a conversation in the window needs none. */
  readonly answering: number;
  /** Why it failed. In `stopping` as well, when it is closed because it broke. */
  readonly failure: ForgeErrorData | null;
  /** In `stopping`: where it starts again once it is closed; null means that it stays stopped. */
  readonly next: ServerAddress | null;
}

export type ServerEvent =
  | { readonly kind: 'start-asked'; readonly address: ServerAddress }
  | { readonly kind: 'restart-asked'; readonly address: ServerAddress }
  | { readonly kind: 'stop-asked' }
  | { readonly kind: 'listening'; readonly address: ServerAddress; readonly url: string }
  | { readonly kind: 'listen-failed'; readonly failure: ForgeErrorData }
  | { readonly kind: 'closed' }
  /** It stopped listening by itself. */
  | { readonly kind: 'crashed'; readonly failure: ForgeErrorData }
  | { readonly kind: 'answer-begun' }
  | { readonly kind: 'answer-ended' };

export type ServerEventKind = ServerEvent['kind'];

/** What the caller does after a move, one after the other; each ends in an event but `release`. */
export type ServerEffect =
  /** Ends in `listening` or `listen-failed`. */
  | { readonly kind: 'open'; readonly address: ServerAddress }
  /** Stop listening and end open connections. Ends in `closed`. */
  | { readonly kind: 'close' }
  /** Give the memory of the models back. */
  | { readonly kind: 'release' };

export type ServerMove =
  | { readonly kind: 'moved'; readonly state: ServerMachineState; readonly effects: readonly ServerEffect[] }
  | { readonly kind: 'refused'; readonly reason: string };

export const firstServerState: ServerMachineState = {
  name: 'stopped',
  address: null,
  url: null,
  answering: 0,
  failure: null,
  next: null,
};

type EventOf<K extends ServerEventKind> = Extract<ServerEvent, { kind: K }>;
type Row<K extends ServerEventKind> = (state: ServerMachineState, event: EventOf<K>) => ServerMove;
type Rows = { readonly [K in ServerEventKind]?: Row<K> };

const close: ServerEffect = { kind: 'close' };
const release: ServerEffect = { kind: 'release' };

function moved(
  state: ServerMachineState,
  change: Partial<ServerMachineState>,
  ...effects: readonly ServerEffect[]
): ServerMove {
  return { kind: 'moved', state: { ...state, ...change }, effects };
}

const refused = (reason: string): ServerMove => ({ kind: 'refused', reason });

function starting(state: ServerMachineState, address: ServerAddress): ServerMove {
  return moved(state, { name: 'starting', address, url: null, failure: null, next: null }, { kind: 'open', address });
}

/** While it listens: `next` null stays stopped afterwards and gives the memory back, an address opens there. */
function stopping(state: ServerMachineState, next: ServerAddress | null): ServerMove {
  return moved(state, { name: 'stopping', url: null, next }, close, ...(next === null ? [release] : []));
}

/** A port of 0 is content with whatever port is in use. */
function isAt(state: ServerMachineState, { host, port }: ServerAddress): boolean {
  return state.address?.host === host && (port === 0 || state.address.port === port);
}

const answerBegun: Row<'answer-begun'> = (state) => moved(state, { answering: state.answering + 1 });
const answerEnded: Row<'answer-ended'> = (state) =>
  state.answering === 0 ? refused('no answer is being made') : moved(state, { answering: state.answering - 1 });
const answers: Rows = { 'answer-begun': answerBegun, 'answer-ended': answerEnded };

const stopped: Rows = {
  ...answers,
  'start-asked': (state, { address }) => starting(state, address),
  'restart-asked': (state, { address }) => starting(state, address),
  'stop-asked': (state) => moved(state, {}),
};

/** An opening cannot be called off: what is asked for meanwhile is done when it has ended. */
const opening: Rows = {
  ...answers,
  'start-asked': (state, { address }) =>
    isAt(state, address) ? moved(state, {}) : moved(state, { name: 'stopping', next: address }),
  'restart-asked': (state, { address }) =>
    isAt(state, address) ? moved(state, {}) : moved(state, { name: 'stopping', next: address }),
  'stop-asked': (state) => moved(state, { name: 'stopping', next: null }),
  listening: (state, { address, url }) =>
    moved(state, { name: state.answering > 0 ? 'busy' : 'serving', address, url }),
  'listen-failed': (state, { failure }) => moved(state, { name: 'failed', failure }),
};

const listening: Rows = {
  'start-asked': (state, { address }) => (isAt(state, address) ? moved(state, {}) : stopping(state, address)),
  'restart-asked': (state, { address }) => stopping(state, address),
  'stop-asked': (state) => stopping(state, null),
  crashed: (state, { failure }) => moved(state, { name: 'stopping', url: null, failure }, close),
  'answer-begun': (state) => moved(state, { name: 'busy', answering: state.answering + 1 }),
};

const serving: Rows = { ...listening };

const busy: Rows = {
  ...listening,
  'answer-ended': (state) => {
    const answering = state.answering - 1;
    return moved(state, { name: answering > 0 ? 'busy' : 'serving', answering });
  },
};

const closing: Rows = {
  ...answers,
  'start-asked': (state, { address }) => moved(state, { next: address, failure: null }),
  'restart-asked': (state, { address }) => moved(state, { next: address, failure: null }),
  'stop-asked': (state) => moved(state, { next: null, failure: null }),
  // The opening that was overtaken by a wish has ended.
  listening: (state, { address }) => moved(state, { address }, close, ...(state.next === null ? [release] : [])),
  'listen-failed': (state) => (state.next === null ? moved(state, { name: 'stopped' }) : starting(state, state.next)),
  closed: (state) => {
    if (state.next !== null) return starting(state, state.next);
    return moved(state, { name: state.failure === null ? 'stopped' : 'failed' });
  },
};

const failed: Rows = {
  ...answers,
  'start-asked': (state, { address }) => starting(state, address),
  'restart-asked': (state, { address }) => starting(state, address),
  'stop-asked': (state) => moved(state, { name: 'stopped', failure: null }),
};

const table: Readonly<Record<ServerState, Rows>> = {
  stopped,
  starting: opening,
  serving,
  busy,
  stopping: closing,
  failed,
};

/** Why a state has no row for an event. */
const reasons: Readonly<Record<ServerEventKind, string>> = {
  'start-asked': 'it cannot be started now',
  'restart-asked': 'it cannot be started again now',
  'stop-asked': 'it cannot be stopped now',
  listening: 'nothing is being opened',
  'listen-failed': 'nothing is being opened',
  closed: 'nothing is being closed',
  crashed: 'it does not listen',
  'answer-begun': 'no answer can begin now',
  'answer-ended': 'no answer is being made',
};

/**
 * One step of the machine behind tray, window and command line: pure and total. A pair of state and event without a row is a refusal
 * with a reason, never an exception.
 */
export function next(state: ServerMachineState, event: ServerEvent): ServerMove {
  const row = table[state.name][event.kind] as Row<ServerEventKind> | undefined;
  return row === undefined ? refused(reasons[event.kind]) : row(state, event);
}

/** True when nothing is under way: the next move comes from outside. */
export const isSettled = ({ name }: Pick<ServerMachineState, 'name'>): boolean =>
  name !== 'starting' && name !== 'stopping';

/** True while clients are answered. */
export const isListening = ({ name }: Pick<ServerMachineState, 'name'>): boolean =>
  name === 'serving' || name === 'busy';
