import { Badge } from '../../../ui/badge.tsx';
import { formatClock } from '../moment.ts';
import { formatMoment, formatNumber } from '../../../words/format.ts';
import type { RunEntry } from '../run-recorder.ts';
import { useRunsWords } from '../runs-words.ts';
import { storyLine } from '../story.ts';
import classes from './details.module.css';

interface EventsViewProps {
  /** Oldest first. */
  readonly entries: readonly RunEntry[];
  readonly dropped: number;
}

const mostShown = 500;

/** What happened, newest first: where Forge stepped in, warnings, checkpoints, what the process logged. */
export function EventsView({ entries, dropped }: EventsViewProps) {
  const words = useRunsWords();
  if (entries.length === 0) return <p className={classes['nothing']}>{words('eventsNone')}</p>;
  const shown = entries.slice(-mostShown).toReversed();
  const hidden = dropped + entries.length - shown.length;
  return (
    <div className={classes['scroll']} tabIndex={0} role="region" aria-label={words('tabEvents')}>
      <table className={classes['table']}>
        <thead>
          <tr>
            <th scope="col">{words('when')}</th>
            <th scope="col">{words('step')}</th>
            <th scope="col" colSpan={2}>
              {words('what')}
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((entry) => {
            const { kind, tone, text } = storyLine(entry, words);
            return (
              <tr key={entry.id}>
                <td className={classes['secondary']}>
                  <time dateTime={new Date(entry.event.t).toISOString()} title={formatMoment(entry.event.t)}>
                    {formatClock(entry.event.t)}
                  </time>
                </td>
                <td className={classes['number']}>{entry.step === null ? '' : formatNumber(entry.step)}</td>
                <td>
                  <Badge tone={tone}>{words(kind)}</Badge>
                </td>
                <td className={classes['wide']}>{text}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {hidden > 0 && <p className={classes['quiet']}>{words('eventsDropped', { count: hidden })}</p>}
    </div>
  );
}
