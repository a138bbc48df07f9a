import type { SplitReport } from '#contract/dataset-checks.ts';
import { sides, type SplitChoice } from '#contract/dataset-versions.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { Field } from '../../../ui/field.tsx';
import { NumberInput } from '../../../ui/number-input.tsx';
import { ProgressBar } from '../../../ui/progress.tsx';
import { formatNumber, formatShare } from '../../../words/format.ts';
import type { ChecksState } from '../checks-store.ts';
import { useDatasetsWords } from '../datasets-words.ts';
import { shareDone } from '../foundry-jobs.ts';
import styles from './study.module.css';

export interface SplitTabProps {
  readonly choice: SplitChoice;
  readonly split: ChecksState['split'];
  readonly handlers: {
    choose(choice: SplitChoice): void;
    count(): void;
    stop(): void;
    freeze(): void;
  };
}

/** How a version is divided, whether anything leaks, and what a plain split would have leaked. */
export function SplitTab({ choice, split, handlers }: SplitTabProps) {
  const words = useDatasetsWords();
  const { report, job, failure } = split;
  return (
    <div className={styles['study']}>
      <p className={styles['muted']}>{words('splitText')}</p>
      <Shares choice={choice} onChoose={handlers.choose} />
      <div>
        <Button kind={report === null ? 'primary' : 'plain'} busy={job !== null} onClick={handlers.count}>
          {words('countSplit')}
        </Button>
      </div>
      {failure !== null && <ErrorNotice failure={failure} onRetry={handlers.count} />}
      {job !== null && (
        <div className={styles['line']}>
          <ProgressBar showLabel label={words('splitting')} fraction={shareDone(job)} />
          <Button onClick={handlers.stop}>{words('stop')}</Button>
        </div>
      )}
      {report !== null && <Found report={report} onFreeze={handlers.freeze} />}
    </div>
  );
}

interface SharesProps {
  readonly choice: SplitChoice;
  readonly onChoose: (choice: SplitChoice) => void;
}

function Shares({ choice, onChoose }: SharesProps) {
  const words = useDatasetsWords();
  const share = (key: 'validationShare' | 'testShare') => (
    <Field label={words(key)}>
      <NumberInput
        min={0}
        max={50}
        step={1}
        unit={words('percent')}
        value={Math.round(choice[key] * 1_000) / 10}
        onChange={(value) => onChoose({ ...choice, [key]: (value ?? 0) / 100 })}
      />
    </Field>
  );
  return (
    <div className={styles['fields']}>
      {share('validationShare')}
      {share('testShare')}
      <Field label={words('seed')} hint={words('seedHint')}>
        <NumberInput
          min={0}
          max={2_147_483_647}
          step={1}
          value={choice.seed}
          onChange={(seed) => onChoose({ ...choice, seed: Math.round(seed ?? 0) })}
        />
      </Field>
    </div>
  );
}

function Found({ report, onFreeze }: { readonly report: SplitReport; readonly onFreeze: () => void }) {
  const words = useDatasetsWords();
  const { leaks, naive, leftOut, largestGroupRows } = report;
  const isClean = leaks.exactPairs + leaks.nearPairs === 0;
  return (
    <div className={styles['found']}>
      <h2 className={styles['verdict']}>
        {isClean
          ? words('noLeaks')
          : words('someLeaks', { exact: formatNumber(leaks.exactPairs), near: formatNumber(leaks.nearPairs) })}
      </h2>
      <p>
        {naive.pairs === 0
          ? words('naiveNone')
          : words('naiveLeaks', {
              share: formatShare(naive.share, 1),
              pairs: formatNumber(naive.pairs),
              crossing: formatNumber(naive.crossing),
            })}
      </p>
      <Sides report={report} />
      {leftOut > 0 && <p>{words('leftOut', { count: leftOut, rows: formatNumber(leftOut) })}</p>}
      <p className={styles['muted']}>{words('largestGroup', { rows: formatNumber(largestGroupRows) })}</p>
      <Button kind="primary" onClick={onFreeze}>
        {words('freezeSplit')}
      </Button>
    </div>
  );
}

function Sides({ report }: { readonly report: SplitReport }) {
  const words = useDatasetsWords();
  return (
    <table className={styles['sides']}>
      <thead>
        <tr>
          <th scope="col">{words('side')}</th>
          <th scope="col">{words('rowsHead')}</th>
          <th scope="col">{words('shareOf')}</th>
          <th scope="col">{words('groupsHead')}</th>
        </tr>
      </thead>
      <tbody>
        {sides.map((side) => (
          <tr key={side}>
            <td>{words(`side_${side}`)}</td>
            <td>{formatNumber(report.sides[side])}</td>
            <td>{formatShare(report.rows === 0 ? 0 : report.sides[side] / report.rows, 1)}</td>
            <td>{formatNumber(report.groups[side])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
