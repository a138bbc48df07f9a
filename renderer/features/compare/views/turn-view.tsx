import Columns2 from 'lucide-react/icons/columns-2';
import { lazy, Suspense, useRef, useState, type RefObject } from 'react';
import type { ComparisonTurn } from '#contract/comparisons.ts';
import { Button } from '../../../ui/button.tsx';
import type { KeptAs } from '../comparison-store.ts';
import { canVote, isFinished } from '../comparison-turns.ts';
import { useComparisonWords } from '../comparison-words.ts';
import { clearRejected, exampleObstacle, paneToEdit, panesToDiffer, preferenceObstacle } from '../keeping.ts';
import type { LiveTexts } from '../live-texts.ts';
import { votedAgain, type TurnAction } from '../turn-keys.ts';
import { useTurnKeys } from '../use-turn-keys.ts';
import { KeepBar } from './keep-bar.tsx';
import { LongText } from './long-text.tsx';
import type { TurnHandlers } from './comparison-props.ts';
import { Pane } from './pane.tsx';
import { RejectedDialog } from './rejected-dialog.tsx';
import classes from './turn.module.css';
import { VoteBar } from './vote-bar.tsx';

const DiffView = lazy(() => import('./diff-view.tsx').then(({ DiffView: component }) => ({ default: component })));

export interface TurnViewProps {
  readonly turn: ComparisonTurn;
  readonly live: LiveTexts;
  readonly isPlain: boolean;
  /** The keys act on this turn. */
  readonly hasKeys: boolean;
  readonly handlers: TurnHandlers;
  /** Keys that are the page's: next, back, plain. True when it did something. */
  readonly onPageAction?: ((action: TurnAction) => boolean) | undefined;
}

const promptShown = 1_200;

/** One prompt, its answers as columns, and what a person makes of them. */
export function TurnView(props: TurnViewProps) {
  const { turn, hasKeys, handlers } = props;
  const words = useComparisonWords();
  const box = useRef<HTMLElement>(null);
  const state = useTurnState(turn, handlers);
  useTurnKeys(hasKeys && isFinished(turn), turn.answers.length, (action) =>
    perform(action, { ...props, state, focused: focusedPane(box) }),
  );
  const diffed = panesToDiffer(turn);
  return (
    <article ref={box} className={classes['turn']} aria-label={words('promptNumber', { number: turn.turn + 1 })}>
      <div className={classes['prompt']}>
        <LongText text={turn.prompt} shown={promptShown} label={words('prompt')} />
      </div>
      <div className={classes['panes']} data-panes={turn.answers.length}>
        <Panes {...props} state={state} />
      </div>
      {turn.expected !== null && <Expected text={turn.expected} />}
      {isFinished(turn) && <Verdict {...props} state={state} canDiffer={diffed !== null} />}
      {state.differs && diffed !== null && (
        <Suspense>
          <DiffView turn={turn} first={diffed} />
        </Suspense>
      )}
      <RejectedDialog
        turn={turn}
        isOpen={state.asksRejected}
        onClose={state.closeRejected}
        onChoose={state.keepAgainst}
      />
    </article>
  );
}

function Panes({ turn, live, isPlain, hasKeys, handlers, state }: TurnViewProps & { readonly state: TurnState }) {
  return turn.answers.map((answer) => (
    <Pane
      key={answer.pane}
      turn={turn}
      answer={answer}
      live={live}
      isPlain={isPlain}
      hasKeys={hasKeys}
      isEditing={state.editing === answer.pane}
      onEdit={() => state.edit(answer.pane)}
      onSaveEdit={(text) => {
        state.edit(null);
        handlers.edit(turn.turn, { pane: answer.pane, text });
      }}
      onCancelEdit={() => state.edit(null)}
      onDropEdit={() => handlers.edit(turn.turn, null)}
      onRetry={() => handlers.retry(turn.turn, answer.pane)}
    />
  ));
}

interface VerdictProps extends TurnViewProps {
  readonly state: TurnState;
  readonly canDiffer: boolean;
}

/** What the person makes of the answers. */
function Verdict({ turn, hasKeys, handlers, state, canDiffer }: VerdictProps) {
  const words = useComparisonWords();
  return (
    <div className={classes['verdict']}>
      <VoteBar turn={turn} hasKeys={hasKeys} onVote={(vote) => handlers.vote(turn.turn, vote)} />
      <div className={classes['further']}>
        <KeepBar turn={turn} hasKeys={hasKeys} onKeep={state.keep} onUnkeep={(as) => handlers.unkeep(turn.turn, as)} />
        {canDiffer && (
          <Button
            kind="quiet"
            icon={<Columns2 />}
            keys={hasKeys ? 'D' : undefined}
            aria-expanded={state.differs}
            onClick={state.toggleDiffers}
          >
            {words(state.differs ? 'hideDifferences' : 'differences')}
          </Button>
        )}
      </div>
    </div>
  );
}

function Expected({ text }: { readonly text: string }) {
  const words = useComparisonWords();
  return (
    <div className={classes['expected']}>
      <h4>{words('expected')}</h4>
      <LongText text={text} shown={promptShown} label={words('expected')} />
    </div>
  );
}

interface TurnState {
  readonly editing: number | null;
  readonly differs: boolean;
  readonly asksRejected: boolean;
  edit(pane: number | null): void;
  toggleDiffers(): void;
  keep(as: KeptAs): void;
  keepAgainst(pane: number): void;
  closeRejected(): void;
}

function useTurnState(turn: ComparisonTurn, handlers: TurnHandlers): TurnState {
  const [editing, edit] = useState<number | null>(null);
  const [differs, setDiffers] = useState(false);
  const [asksRejected, askRejected] = useState(false);
  return {
    editing,
    differs,
    asksRejected,
    edit,
    toggleDiffers: () => setDiffers(!differs),
    keep(as) {
      const rejected = as === 'example' ? null : clearRejected(turn);
      if (as === 'preference' && rejected === null) askRejected(true);
      else handlers.keep(turn.turn, as, rejected);
    },
    keepAgainst(pane) {
      askRejected(false);
      handlers.keep(turn.turn, 'preference', pane);
    },
    closeRejected: () => askRejected(false),
  };
}

interface Performing extends TurnViewProps {
  readonly state: TurnState;
  readonly focused: number | null;
}

/** Does what a key asks for; false when it cannot now, so that the key stays free. */
function perform(action: TurnAction, { turn, handlers, state, focused, onPageAction }: Performing): boolean {
  switch (action.kind) {
    case 'vote':
      if (!canVote(turn, action.vote)) return false;
      handlers.vote(turn.turn, votedAgain(turn.vote, action.vote));
      return true;
    case 'edit':
      state.edit(paneToEdit(turn, focused));
      return true;
    case 'differences':
      state.toggleDiffers();
      return true;
    case 'keep-example':
      return keepByKey('example', exampleObstacle(turn) === null, { turn, state });
    case 'keep-preference':
      return keepByKey('preference', preferenceObstacle(turn) === null, { turn, state });
    default:
      return onPageAction?.(action) ?? false;
  }
}

function keepByKey(as: KeptAs, isPossible: boolean, { turn, state }: Pick<Performing, 'turn' | 'state'>): boolean {
  if (!isPossible || turn.kept.includes(as)) return false;
  state.keep(as);
  return true;
}

function focusedPane(box: RefObject<HTMLElement | null>): number | null {
  const pane = document.activeElement?.closest<HTMLElement>('[data-pane]');
  return pane !== null && pane !== undefined && box.current?.contains(pane) === true
    ? Number(pane.dataset['pane'])
    : null;
}
