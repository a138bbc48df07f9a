import type { ComparisonEvent } from '#contract/comparisons.ts';

/**
 * Events of one comparison to its readers. A slow reader gets the newest state of each turn and the text since then in one piece: what waits
 * for it is never more than the comparison itself.
 */
export interface ComparisonFeed {
  publish(event: ComparisonEvent): void;
  /** Ends every reader after its last event. New ones may come later. */
  end(): void;
  /** Joined when it is called, not at the first `next`; `leave` must be called, because a generator nobody began cannot clean up. */
  subscribe(signal: AbortSignal): { readonly events: AsyncGenerator<ComparisonEvent>; leave(): void };
}

type View = Extract<ComparisonEvent, { kind: 'view' }>;
type Turn = Extract<ComparisonEvent, { kind: 'turn' }>;
type Delta = Extract<ComparisonEvent, { kind: 'delta' }>;

interface Mailbox {
  view: View | null;
  readonly turns: Map<number, Turn>;
  /** By turn, then by pane. */
  readonly deltas: Map<number, Map<number, Delta>>;
  ended: boolean;
  wake: (() => void) | null;
}

export function createComparisonFeed(): ComparisonFeed {
  const readers = new Set<Mailbox>();
  return {
    publish(event) {
      for (const mailbox of readers) {
        put(mailbox, event);
        mailbox.wake?.();
      }
    },
    end() {
      for (const mailbox of readers) {
        mailbox.ended = true;
        mailbox.wake?.();
      }
    },
    subscribe(signal) {
      const mailbox: Mailbox = { view: null, turns: new Map(), deltas: new Map(), ended: false, wake: null };
      readers.add(mailbox);
      return { events: read(mailbox, signal), leave: () => void readers.delete(mailbox) };
    },
  };
}

function put(mailbox: Mailbox, event: ComparisonEvent): void {
  if (event.kind === 'view') mailbox.view = event;
  else if (event.kind === 'turn') {
    mailbox.turns.set(event.turn.turn, event);
    // The state of a turn holds all of its text so far.
    mailbox.deltas.delete(event.turn.turn);
  } else {
    const ofTurn = mailbox.deltas.get(event.turn) ?? new Map<number, Delta>();
    const waiting = ofTurn.get(event.pane);
    ofTurn.set(event.pane, waiting === undefined ? event : { ...event, text: waiting.text + event.text });
    mailbox.deltas.set(event.turn, ofTurn);
  }
}

/** Turns before their deltas; the view last, so that whoever reads "done" has everything. */
function take(mailbox: Mailbox): ComparisonEvent[] {
  const events: ComparisonEvent[] = [...mailbox.turns.values()];
  for (const ofTurn of mailbox.deltas.values()) events.push(...ofTurn.values());
  if (mailbox.view !== null) events.push(mailbox.view);
  mailbox.turns.clear();
  mailbox.deltas.clear();
  mailbox.view = null;
  return events;
}

async function* read(mailbox: Mailbox, signal: AbortSignal): AsyncGenerator<ComparisonEvent> {
  const onAbort = (): void => mailbox.wake?.();
  signal.addEventListener('abort', onAbort);
  try {
    while (!signal.aborted) {
      const events = take(mailbox);
      if (events.length > 0) yield* events;
      else if (mailbox.ended) return;
      else await new Promise<void>((resolve) => (mailbox.wake = resolve));
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
