import { Button } from '../../../ui/button.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { useComparisonWords } from '../comparison-words.ts';
import { newestFinished, wholeTurns } from '../comparison-turns.ts';
import type { TurnAction } from '../turn-keys.ts';
import { useFollowBottom } from '../use-follow-bottom.ts';
import type { OpenComparisonProps } from './comparison-props.ts';
import classes from './comparison-view.module.css';
import { PromptBox } from './prompt-box.tsx';
import { TurnView } from './turn-view.tsx';

/** Prompts and their answers, one below the other; the next prompt at the bottom. */
export function Conversation({ state, view, typed, isAsking, handlers }: OpenComparisonProps) {
  const words = useComparisonWords();
  const turns = wholeTurns(state, state.firstShown);
  const current = newestFinished(turns);
  const scroll = useFollowBottom(turns.length);
  const onPageAction = (action: TurnAction): boolean => {
    if (action.kind !== 'plain') return false;
    handlers.setPlain(!state.isPlain);
    return true;
  };
  return (
    <>
      <div ref={scroll} className={classes['scroll']}>
        {state.firstShown > 0 && (
          <div className={classes['earlier']}>
            <Button kind="quiet" onClick={handlers.showEarlier}>
              {words('earlier')}
            </Button>
          </div>
        )}
        <div className={classes['turns']}>
          {turns.map((turn) => (
            <TurnView
              key={turn.turn}
              turn={turn}
              live={state.live}
              isPlain={state.isPlain}
              hasKeys={turn === current}
              handlers={handlers}
              onPageAction={onPageAction}
            />
          ))}
          {turns.length === 0 && <Skeleton height={16} />}
        </div>
      </div>
      <div className={classes['ask']}>
        <PromptBox
          text={typed}
          onChange={handlers.type}
          onSend={() => handlers.ask(typed)}
          label={words('followUp')}
          placeholder={words('followUpPlaceholder')}
          sendLabel={words('send')}
          obstacle={view.state === 'running' ? words('sendBusy') : null}
          isBusy={isAsking}
        >
          {view.settings.blind && <span>{words('blindNow')}</span>}
        </PromptBox>
      </div>
    </>
  );
}
