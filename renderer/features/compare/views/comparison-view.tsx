import { Button, LinkButton } from '../../../ui/button.tsx';
import { Page } from '../../../ui/page.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { Switch } from '../../../ui/switch.tsx';
import { useComparisonWords } from '../comparison-words.ts';
import { nextUnvoted } from '../turn-rows.ts';
import type { TurnAction } from '../turn-keys.ts';
import classes from './comparison-view.module.css';
import { ComparisonStatus } from './comparison-status.tsx';
import { Conversation } from './conversation.tsx';
import { SetTable } from './set-table.tsx';
import type { ComparisonViewProps, OpenComparisonProps, ShownAs } from './comparison-props.ts';
import { TurnView } from './turn-view.tsx';

/** One comparison: a conversation with several models, or a set of prompts as a table. */
export function ComparisonView(props: ComparisonViewProps) {
  const { state, handlers } = props;
  const words = useComparisonWords();
  const { view } = state;
  const shownAs = props.shownAs ?? (state.isSet ? 'table' : 'answers');
  return (
    <Page
      layout="fill"
      title={view?.title || words('prompt')}
      subtitle={
        view === null ? undefined : <ComparisonStatus view={view} isSet={state.isSet} onResume={handlers.resume} />
      }
      actions={<Actions {...props} shownAs={shownAs} />}
    >
      {view === null ? (
        <div className={classes['loading']}>
          <Skeleton height={2.5} width={24} />
          <Skeleton height={16} />
        </div>
      ) : shownAs === 'answers' ? (
        <Conversation {...props} view={view} />
      ) : (
        <SetPart {...props} view={view} />
      )}
    </Page>
  );
}

function Actions({ state, handlers, shownAs }: ComparisonViewProps & { readonly shownAs: ShownAs }) {
  const words = useComparisonWords();
  const { view, isPlain } = state;
  if (view === null) return null;
  return (
    <>
      <Switch checked={isPlain} onChange={handlers.setPlain}>
        {words('plain')}
      </Switch>
      {view.turns > 1 && (
        <Segmented
          label={words('viewLabel')}
          value={shownAs}
          onChange={handlers.showAs}
          options={[
            { value: 'answers', label: words('viewAnswers') },
            { value: 'table', label: words('viewTable') },
          ]}
        />
      )}
      {view.state === 'running' ? (
        <Button onClick={handlers.stop}>{words('stop')}</Button>
      ) : (
        <Button onClick={handlers.again}>{words('newWithThese')}</Button>
      )}
      <LinkButton to="/compare" kind="quiet">
        {words('toCompare')}
      </LinkButton>
    </>
  );
}

/** The table, or the turn that was opened from it. */
function SetPart({ state, view, handlers }: OpenComparisonProps) {
  const words = useComparisonWords();
  const { openTurn, rows, turns } = state;
  if (openTurn === null) return <SetTable view={view} rows={rows} onOpen={handlers.showTurn} />;
  const turn = turns.get(openTurn);
  const next = nextUnvoted(rows, openTurn);
  const onPageAction = (action: TurnAction): boolean => {
    if (action.kind === 'back') handlers.showTurn(null);
    else if (action.kind === 'plain') handlers.setPlain(!state.isPlain);
    else if (action.kind === 'next' && next !== null) handlers.showTurn(next);
    else return false;
    return true;
  };
  return (
    <>
      <div className={classes['turnHead']}>
        <Button kind="quiet" keys="B" onClick={() => handlers.showTurn(null)}>
          {words('backToTable')}
        </Button>
        <h2>{words('promptNumber', { number: openTurn + 1 })}</h2>
        {next !== null && (
          <Button keys="N" onClick={() => handlers.showTurn(next)}>
            {words('nextPrompt')}
          </Button>
        )}
      </div>
      <div className={classes['scroll']}>
        {turn === undefined ? (
          <Skeleton height={16} />
        ) : (
          <TurnView
            key={turn.turn}
            turn={turn}
            live={state.live}
            isPlain={state.isPlain}
            hasKeys
            handlers={handlers}
            onPageAction={onPageAction}
          />
        )}
      </div>
    </>
  );
}
