import type { ReactNode } from 'react';
import { classes } from '../../../ui/classes.ts';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { Term } from '../../../ui/term.tsx';
import { formatBytes, formatDuration, formatNumber } from '../../../words/format.ts';
import type { Consequences } from '../consequences.ts';
import { useCreateWords } from '../create-words.ts';
import { Said } from '../../../words/said.tsx';
import styles from './consequence.module.css';

export interface ConsequenceProps {
  readonly facts: Consequences;
  /** A newer answer is on its way: figures stay, paler. */
  readonly isLoading: boolean;
  /** Why there is no plan, at its place. */
  readonly problem?: ReactNode;
}

/** The right side of every decision: what follows from it. */
export function Consequence({ facts, isLoading, problem }: ConsequenceProps) {
  const words = useCreateWords();
  const rows = (count: number | null): string | null => (count === null ? null : words('rows', { count }));
  const about = (seconds: number | null): string | null =>
    seconds === null ? null : words('about', { time: formatDuration(seconds) });
  const isEmpty = facts.learnRows === null && facts.totalSeconds === null && !isLoading;
  const shown: readonly FactProps[] = [
    { name: words('learn'), value: rows(facts.learnRows) },
    { name: <Term id="held-out">{words('heldOut')}</Term>, value: rows(facts.heldOutRows) },
    { name: words('visible'), value: useVisible(facts.visiblePoints) },
    { name: words('time'), value: about(facts.totalSeconds), more: trainingAlone(words, facts.trainSeconds) },
    { name: words('memory'), value: useMemory(facts) },
    { name: words('disk'), value: facts.diskBytes === null ? null : formatBytes(facts.diskBytes) },
  ];
  return (
    <aside className={styles['panel']} aria-label={words('consequence')}>
      <h3>{words('consequence')}</h3>
      {problem}
      {isEmpty && problem === undefined && <p className={styles['small']}>{words('noForecast')}</p>}
      {!isEmpty && (
        <dl className={classes(styles['facts'], isLoading && styles['isOld'])}>
          {shown.map((fact, index) => (
            <Fact key={index} {...fact} isLoading={isLoading} />
          ))}
        </dl>
      )}
      {facts.fetchesBase && <p className={styles['small']}>{words('fetches')}</p>}
      <Warnings warnings={facts.warnings} />
    </aside>
  );
}

interface FactProps {
  readonly name: ReactNode;
  readonly value: string | null;
  readonly more?: string | null;
}

function Fact({ name, value, more = null, isLoading }: FactProps & { readonly isLoading: boolean }) {
  if (value === null && !isLoading) return null;
  return (
    <div className={styles['fact']}>
      <dt>{name}</dt>
      <dd>{value ?? <Skeleton height={1.375} width={8} />}</dd>
      {more !== null && <dd className={styles['small']}>{more}</dd>}
    </div>
  );
}

function trainingAlone(words: ReturnType<typeof useCreateWords>, seconds: number | null): string | null {
  return seconds === null ? null : `${words('training')}: ${words('about', { time: formatDuration(seconds) })}`;
}

function useVisible(points: Consequences['visiblePoints']): string | null {
  const words = useCreateWords();
  if (points === null) return null;
  return points === 'too-few'
    ? words('tooFewToTell')
    : words('points', { count: formatNumber(points, points < 3 ? 1 : 0) });
}

function useMemory({ memoryBytes, memoryAvailableBytes }: Consequences): string | null {
  const words = useCreateWords();
  if (memoryBytes === null || memoryAvailableBytes === null) return null;
  return words('ofMemory', { used: formatBytes(memoryBytes), available: formatBytes(memoryAvailableBytes) });
}

function Warnings({ warnings }: { readonly warnings: readonly string[] }) {
  const words = useCreateWords();
  if (warnings.length === 0) return null;
  return (
    <ul className={styles['warnings']} aria-label={words('moreWarnings')}>
      {warnings.slice(0, 6).map((warning) => (
        <li key={warning}>
          <Said text={warning} />
        </li>
      ))}
    </ul>
  );
}
