import type { CostEstimate } from '#contract/comparisons.ts';
import { Button } from '../../../ui/button.tsx';
import { Popover } from '../../../ui/popover.tsx';
import { formatDuration, formatUsd } from '../../../words/format.ts';
import { useCompareWords } from '../compare-words.ts';
import classes from './compare-view.module.css';

/** What it costs at most and how long it takes, before anything is asked; by model on request. */
export function CostLine({ estimate }: { readonly estimate: CostEstimate }) {
  const words = useCompareWords();
  const { usdAtMost, secondsAbout, panes } = estimate;
  const parts = [
    usdAtMost === null
      ? words('costUnknown')
      : usdAtMost === 0
        ? words('costFree')
        : words('costAtMost', { usd: formatUsd(usdAtMost) }),
    ...(secondsAbout === null ? [] : [words('timeAbout', { time: formatDuration(secondsAbout) })]),
  ];
  if (usdAtMost === 0) return <span>{parts.join(' · ')}</span>;
  return (
    <Popover trigger={<Button kind="quiet">{parts.join(' · ')}</Button>} title={words('costByModel')}>
      <dl className={classes['costs']}>
        {panes.map(({ label, usdAtMost: usd }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{usd === null ? words('costUnknown') : usd === 0 ? words('costFree') : formatUsd(usd)}</dd>
          </div>
        ))}
      </dl>
    </Popover>
  );
}
