import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Button } from '../../../ui/button.tsx';
import { ProgressBar } from '../../../ui/progress.tsx';
import { formatDuration, formatShare } from '../../../words/format.ts';
import { useRunsWords } from '../runs-words.ts';
import { allowedActions, currentStep, stateWord, stepSentence, type RunAction, type RunSubject } from '../selectors.ts';
import { actionIcons, RunMenu } from './run-menu.tsx';
import { Said } from '../../../words/said.tsx';
import classes from './runs.module.css';
import { StateBadge } from './state-badge.tsx';
import { nameOf } from './use-run-acts.ts';

export interface RunRowProps {
  readonly subject: RunSubject;
  readonly onAct: (action: RunAction, subject: RunSubject) => void;
}

const beside = ['pause', 'resume'] as const;

/** A run that goes on: what it does now, how far it is, how long it still takes. */
export function RunningRow({ subject, onAct }: RunRowProps) {
  const words = useRunsWords();
  const name = nameOf(subject);
  const step = subject.mainJob === null ? null : currentStep(subject.mainJob);
  const fraction = step?.fraction ?? null;
  const left = step?.etaSeconds ?? null;
  const shown = beside.filter((action) => allowedActions(subject).has(action));
  const state = stateWord(subject);
  return (
    <li className={classes['row']}>
      <RunName subject={subject} />
      <StateBadge state={state} />
      <div className={classes['progress']}>
        <span className={classes['stepText']}>
          <Said text={stepSentence(subject)} />
        </span>
        <ProgressBar
          fraction={state === 'paused' ? (fraction ?? 0) : fraction}
          label={words('progressOf', { name })}
          tone={state === 'running' ? 'accent' : 'still'}
        />
      </div>
      <span className={classes['figures']}>
        {fraction !== null && <span>{formatShare(fraction)}</span>}
        {left !== null && state === 'running' && <span>{words('timeLeft', { time: formatDuration(left) })}</span>}
      </span>
      <span className={classes['rowActions']}>
        {shown.map((action) => (
          <Button key={action} icon={actionIcons[action]} onClick={() => onAct(action, subject)}>
            {words(action)}
          </Button>
        ))}
        <RunMenu subject={subject} onAct={onAct} without={beside} />
      </span>
    </li>
  );
}

/** Name and version as a link, the base beside it. */
export function RunName({ subject, children }: { readonly subject: RunSubject; readonly children?: ReactNode }) {
  const { mainJob, worker } = subject;
  const base = mainJob?.result?.base ?? mainJob?.request.base ?? null;
  return (
    <span className={classes['name']}>
      {children}
      <span className={classes['nameText']}>
        <Link
          to="/runs/$id"
          params={{ id: mainJob?.id ?? worker?.id ?? '' }}
          className={classes['nameLink']}
          title={nameOf(subject)}
        >
          {nameOf(subject)}
        </Link>
        {base !== null && <span className={classes['quiet']}>{base}</span>}
      </span>
    </span>
  );
}
