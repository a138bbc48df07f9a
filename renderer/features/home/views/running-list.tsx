import type { MainJobView } from '#contract/main-job.ts';
import { LinkButton } from '../../../ui/link-button.tsx';
import { Section } from '../../../ui/page.tsx';
import { ProgressBar } from '../../../ui/progress.tsx';
import { formatDuration } from '../../../words/format.ts';
import { useHomeWords } from '../home-words.ts';
import { Said } from '../../../words/said.tsx';
import classes from './home.module.css';

export interface RunningListProps {
  readonly running: readonly MainJobView[];
  readonly waiting: number;
}

/** What is being worked on, how far it is and how long it will take. */
export function RunningList({ running, waiting }: RunningListProps) {
  const words = useHomeWords();
  return (
    <Section
      title={words('now')}
      actions={
        <LinkButton kind="link" to="/runs" className={classes['toRuns']}>
          {words('openRuns')}
        </LinkButton>
      }
    >
      {running.length === 0 ? (
        <p className={classes['quiet']}>{words('nothingRuns')}</p>
      ) : (
        <ul className={classes['rows']}>
          {running.map((view) => (
            <Running key={view.id} view={view} />
          ))}
        </ul>
      )}
      {waiting > 0 && <p className={classes['quiet']}>{words('waits', { count: waiting })}</p>}
    </Section>
  );
}

function Running({ view }: { readonly view: MainJobView }) {
  const words = useHomeWords();
  const step = view.steps.find(({ state }) => state === 'running');
  const eta = step?.etaSeconds ?? null;
  const name = `${view.name}:v${view.version}`;
  return (
    <li className={classes['running']}>
      <a className={classes['rowName']} href={`#/runs/${encodeURIComponent(view.id)}`}>
        {name}
      </a>
      <span className={classes['rowText']}>
        <Said text={step?.text ?? ''} />
      </span>
      <span className={classes['rowTime']}>{eta === null ? '' : words('timeLeft', { time: formatDuration(eta) })}</span>
      <ProgressBar className={classes['runningBar']} fraction={step?.fraction ?? null} label={name} />
    </li>
  );
}
