import type { ComparisonView } from '#contract/comparisons.ts';
import { Button } from '../../../ui/button.tsx';
import { ProgressBar } from '../../../ui/progress.tsx';
import { StatusDot } from '../../../ui/status-dot.tsx';
import { formatDuration, formatNumber, formatUsd } from '../../../words/format.ts';
import { useComparisonWords } from '../comparison-words.ts';
import classes from './comparison-view.module.css';

interface ComparisonStatusProps {
  readonly view: ComparisonView;
  /** A set says how far it is; a conversation is where its last answers are. */
  readonly isSet: boolean;
  readonly onResume: () => void;
}

const toneByState = { running: 'busy', done: 'good', stopped: 'off', interrupted: 'warn', capped: 'warn' } as const;

/** How far it is, what it cost, and what the votes say so far. */
export function ComparisonStatus({ view, isSet, onResume }: ComparisonStatusProps) {
  const words = useComparisonWords();
  const canResume = view.state === 'stopped' || view.state === 'interrupted';
  return (
    <div className={classes['status']}>
      <span aria-live="polite">
        <StatusDot tone={toneByState[view.state]}>{words(view.state)}</StatusDot>
      </span>
      {canResume && <Button onClick={onResume}>{words('resume')}</Button>}
      {isSet && view.state !== 'done' && <Progress view={view} />}
      <Spending view={view} />
      <Tally view={view} />
    </div>
  );
}

function Progress({ view }: { readonly view: ComparisonView }) {
  const words = useComparisonWords();
  const { finishedTurns, turns, etaSeconds } = view;
  const text = words('progress', { done: formatNumber(finishedTurns), total: formatNumber(turns) });
  return (
    <>
      <ProgressBar
        className={classes['progress']}
        fraction={finishedTurns / turns}
        label={text}
        tone={view.state === 'running' ? 'accent' : 'still'}
      />
      <span>{text}</span>
      {etaSeconds !== null && <span>{words('timeLeft', { time: formatDuration(etaSeconds) })}</span>}
    </>
  );
}

function Spending({ view: { spentUsd, settings } }: { readonly view: ComparisonView }) {
  const words = useComparisonWords();
  const usd = formatUsd(spentUsd);
  if (settings.capUsd !== null) return <span>{words('spentOf', { usd, cap: formatUsd(settings.capUsd) })}</span>;
  return spentUsd > 0 ? <span>{words('spent', { usd })}</span> : null;
}

function Tally({ view: { tally, meanPoints } }: { readonly view: ComparisonView }) {
  const words = useComparisonWords();
  const votes = Object.entries(tally.byModel);
  const counted = votes.reduce((sum, [, count]) => sum + count, tally.ties + tally.none);
  return (
    <>
      {counted > 0 && (
        <span className={classes['tally']}>
          <span className={classes['tallyName']}>{words('tallyVotes')}</span>
          {votes.map(([label, count]) => (
            <span key={label}>
              {label} {count}
            </span>
          ))}
          {tally.ties > 0 && <span>{words('tallyTies', { count: String(tally.ties) })}</span>}
          {tally.none > 0 && <span>{words('tallyNone', { count: String(tally.none) })}</span>}
        </span>
      )}
      {meanPoints !== null && (
        <span className={classes['tally']}>
          <span className={classes['tallyName']}>{words('meanPoints')}</span>
          {Object.entries(meanPoints).map(([label, points]) => (
            <span key={label}>
              {label} {formatNumber(points)}
            </span>
          ))}
        </span>
      )}
    </>
  );
}
