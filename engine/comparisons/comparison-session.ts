import type { ComparisonEvent, ComparisonTurn, ComparisonView } from '#contract/comparisons.ts';
import { ForgeError } from '#contract/errors.ts';
import { summariseTurns, type ComparisonSummary } from '#core/comparisons/comparison-summary.ts';
import { meanAnswerMs, secondsLeft } from '#core/comparisons/time-left.ts';
import { applyChange, foldTurns, isFinished, withAnswer } from '#core/comparisons/turn-change.ts';
import type { ModelAnswer, TurnChange, TurnState } from '#core/comparisons/turn-change.ts';
import { viewTurn } from '#core/comparisons/turn-view.ts';
import { oneByOne } from '../one-by-one.ts';
import { createComparisonFeed } from './comparison-feed.ts';
import type { ComparisonHead, ComparisonStore } from './comparison-store.ts';

/** One comparison in memory. The only place that turns what is known into what may be shown. */
export interface ComparisonSession {
  head(): ComparisonHead;
  turns(): readonly TurnState[];
  /** @throws ForgeError `engine.not-found` */
  turn(turn: number): TurnState;
  view(): ComparisonView;
  viewTurn(turn: number): ComparisonTurn;
  /** The model a pane shows. @throws ForgeError `engine.bad-input` */
  modelAt(turn: number, pane: number): number;
  /** Written first, then true: nothing is shown that a crash could take back. */
  change(changes: readonly TurnChange[]): Promise<void>;
  /** What an answer looks like while it comes; only in memory. */
  show(turn: number, model: number, answer: ModelAnswer): void;
  lengthen(turn: number, model: number, text: string): void;
  /** What was spent in all; on disk with the next change. */
  spend(countedUsd: number): void;
  setState(state: ComparisonView['state']): Promise<void>;
  /** The view, every turn that is not finished, then what changes; ends with the run. */
  watch(signal: AbortSignal): AsyncGenerator<ComparisonEvent>;
  endWatch(): void;
}

export interface SessionOptions {
  readonly store: ComparisonStore;
  readonly nowMs: () => number;
}

export function createComparisonSession(
  stored: { head: ComparisonHead; changes: readonly TurnChange[] },
  options: SessionOptions,
): ComparisonSession {
  return new SessionInMemory(stored, options);
}

class SessionInMemory implements ComparisonSession {
  readonly #store: ComparisonStore;
  readonly #nowMs: () => number;
  readonly #feed = createComparisonFeed();
  readonly #inTurn = oneByOne();
  readonly #turns: TurnState[];
  #head: ComparisonHead;

  constructor(stored: { head: ComparisonHead; changes: readonly TurnChange[] }, { store, nowMs }: SessionOptions) {
    this.#store = store;
    this.#nowMs = nowMs;
    this.#turns = foldTurns(stored.changes);
    this.#head = openedHead(stored.head, this.#turns);
  }

  head(): ComparisonHead {
    return this.#head;
  }

  turns(): readonly TurnState[] {
    return this.#turns;
  }

  turn(turn: number): TurnState {
    const found = this.#turns[turn];
    if (!found) throw new ForgeError('engine.not-found', { kind: 'prompt', id: String(turn), command: 'compare' });
    return found;
  }

  view(): ComparisonView {
    const { state, models, countedUsd } = this.#head;
    const etaSeconds = state === 'running' ? secondsLeft(this.#turns, models) : null;
    return { ...viewOfHead(this.#head), ...this.#summary(), spentUsd: countedUsd, etaSeconds };
  }

  viewTurn(turn: number): ComparisonTurn {
    const { models, settings } = this.#head;
    return viewTurn(this.turn(turn), { models, blind: settings.blind });
  }

  modelAt(turn: number, pane: number): number {
    const model = this.turn(turn).order[pane];
    if (model === undefined) throw new ForgeError('engine.bad-input', { reason: `pane: there is no pane ${pane}` });
    return model;
  }

  change(changes: readonly TurnChange[]): Promise<void> {
    return this.#inTurn(async () => {
      await this.#store.append(this.#head.id, changes);
      for (const change of changes) {
        const next = applyChange(this.#turns[change.turn], change);
        if (next !== null) this.#turns[change.turn] = next;
      }
      const changed = [...new Set(changes.map(({ turn }) => turn))];
      for (const turn of changed) this.#publishTurn(turn);
      // While panes are still answering, the list can wait for the turn's end.
      if (changed.some((turn) => isFinished(this.turn(turn)))) await this.#saveHead();
      else this.#feed.publish({ kind: 'view', view: this.view() });
    });
  }

  show(turn: number, model: number, answer: ModelAnswer): void {
    this.#turns[turn] = withAnswer(this.turn(turn), model, answer);
    this.#publishTurn(turn);
  }

  lengthen(turn: number, model: number, text: string): void {
    const state = this.turn(turn);
    const answer = state.answers[model];
    if (answer === undefined) return;
    this.#turns[turn] = withAnswer(state, model, { ...answer, text: answer.text + text });
    this.#feed.publish({ kind: 'delta', turn, pane: state.order.indexOf(model), text });
  }

  spend(countedUsd: number): void {
    this.#head = { ...this.#head, countedUsd };
  }

  setState(state: ComparisonView['state']): Promise<void> {
    return this.#inTurn(() => {
      this.#head = { ...this.#head, state };
      return this.#saveHead();
    });
  }

  async *watch(signal: AbortSignal): AsyncGenerator<ComparisonEvent> {
    const { events, leave } = this.#feed.subscribe(signal);
    // Taken in one go with joining: a text that grows meanwhile would else be told twice.
    const now: ComparisonEvent[] = [{ kind: 'view', view: this.view() }];
    for (const turn of this.#turns) if (!isFinished(turn)) now.push({ kind: 'turn', turn: this.viewTurn(turn.turn) });
    const isRunning = this.#head.state === 'running';
    try {
      yield* now;
      if (isRunning) yield* events;
    } finally {
      leave();
    }
  }

  endWatch(): void {
    this.#feed.end();
  }

  #publishTurn(turn: number): void {
    this.#feed.publish({ kind: 'turn', turn: this.viewTurn(turn) });
  }

  #summary(): ComparisonSummary {
    const { models, settings } = this.#head;
    return summariseTurns(this.#turns, { models, blind: settings.blind });
  }

  async #saveHead(): Promise<void> {
    const summary = { ...this.#summary(), spentUsd: this.#head.countedUsd };
    const answerMs = meanAnswerMs(this.#turns, this.#head.models.length);
    this.#head = { ...this.#head, updatedAt: this.#nowMs(), summary, answerMs };
    try {
      await this.#store.saveHead(this.#head);
    } finally {
      // Also where it could not be written: that nothing runs any more is true all the same.
      this.#feed.publish({ kind: 'view', view: this.view() });
    }
  }
}

/**
 * What was spent is at least what the answers cost: the head may be older than they are. A "running" from the disk is of an engine that is gone.
 */
function openedHead(head: ComparisonHead, turns: readonly TurnState[]): ComparisonHead {
  const costs = turns.flatMap(({ answers }) => answers.map(({ costUsd }) => costUsd ?? 0));
  const countedUsd = Math.max(
    head.countedUsd,
    costs.reduce((sum, usd) => sum + usd, 0),
  );
  return { ...head, countedUsd, state: head.state === 'running' ? 'interrupted' : head.state };
}

/** A comparison as a list shows it, from its head alone. */
export function viewOfHead(head: ComparisonHead): ComparisonView {
  const { id, title, createdAt, updatedAt, settings, summary } = head;
  return { id, title, createdAt, updatedAt, settings, ...summary, state: head.state, etaSeconds: null };
}
