import type { ComparisonTurn } from '#contract/comparisons.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { useComparisonWords } from '../comparison-words.ts';
import type { KeptAs } from '../comparison-store.ts';
import { exampleObstacle, preferenceObstacle, type KeepObstacle } from '../keeping.ts';
import classes from './turn.module.css';

interface KeepBarProps {
  readonly turn: ComparisonTurn;
  readonly hasKeys: boolean;
  readonly onKeep: (as: KeptAs) => void;
  readonly onUnkeep: (as: KeptAs) => void;
}

/** Turns an answer into data: an example, or a pair of a better and a worse answer. */
export function KeepBar({ turn, hasKeys, onKeep, onUnkeep }: KeepBarProps) {
  const words = useComparisonWords();
  const button = (as: KeptAs, key: string, obstacle: KeepObstacle | null) => {
    const isExample = as === 'example';
    if (turn.kept.includes(as))
      return (
        <span key={as} className={classes['kept']}>
          <Badge tone="good">{words(isExample ? 'keptExample' : 'keptPreference')}</Badge>
          <Button kind="quiet" onClick={() => onUnkeep(as)}>
            {words('unkeep')}
          </Button>
        </span>
      );
    return (
      <Button
        key={as}
        kind="quiet"
        keys={hasKeys ? key : undefined}
        disabledReason={obstacle === null ? null : words(`obstacle-${obstacle}`)}
        onClick={() => onKeep(as)}
      >
        {words(isExample ? 'keepExample' : 'keepPreference')}
      </Button>
    );
  };
  return (
    <div className={classes['keeps']} title={words('keepTip')}>
      {button('example', 'K', exampleObstacle(turn))}
      {button('preference', 'P', preferenceObstacle(turn))}
    </div>
  );
}
