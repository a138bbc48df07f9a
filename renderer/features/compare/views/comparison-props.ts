import type { ComparisonView, Vote } from '#contract/comparisons.ts';
import type { ComparisonState, KeptAs } from '../comparison-store.ts';

/** What can be done with a turn; the page tells the store. */
export interface TurnHandlers {
  vote(turn: number, vote: Vote | null): void;
  edit(turn: number, edited: { readonly pane: number; readonly text: string } | null): void;
  keep(turn: number, as: KeptAs, rejectedPane: number | null): void;
  unkeep(turn: number, as: KeptAs): void;
  retry(turn: number, pane: number): void;
}

export type ShownAs = 'answers' | 'table';

export interface ComparisonHandlers extends TurnHandlers {
  ask(prompt: string): void;
  type(text: string): void;
  stop(): void;
  resume(): void;
  setPlain(isPlain: boolean): void;
  showTurn(turn: number | null): void;
  showEarlier(): void;
  showAs(shownAs: ShownAs): void;
  again(): void;
}

export interface ComparisonViewProps {
  readonly state: Pick<
    ComparisonState,
    'view' | 'rows' | 'turns' | 'isSet' | 'firstShown' | 'openTurn' | 'live' | 'isPlain'
  >;
  /** Null: as fits what was asked. */
  readonly shownAs: ShownAs | null;
  readonly typed: string;
  readonly isAsking: boolean;
  readonly handlers: ComparisonHandlers;
}

/** The same once the comparison is there. */
export type OpenComparisonProps = ComparisonViewProps & { readonly view: ComparisonView };
