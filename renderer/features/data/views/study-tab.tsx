import { useEffect } from 'react';
import type { RowLink, StudyReport } from '#contract/study.ts';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { Section } from '../../../ui/page.tsx';
import { ProgressBar } from '../../../ui/progress.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { Said } from '../../../words/said.tsx';
import { formatAge, formatNumber } from '../../../words/format.ts';
import type { ChecksState } from '../checks-store.ts';
import { useDatasetsWords } from '../datasets-words.ts';
import { shareDone } from '../foundry-jobs.ts';
import { concernsOf, listsOf } from '../study-parts.ts';
import { HistogramView } from './histogram-view.tsx';
import { LinkedTable } from './linked-table.tsx';
import { RowsButton } from './rows-button.tsx';
import styles from './study.module.css';

export interface StudyTabProps {
  /** The study is of the version that is shown. */
  readonly isReady: boolean;
  readonly study: ChecksState['study'];
  readonly handlers: {
    read(): void;
    make(): void;
    stop(): void;
    /** Lists these rows in the table of rows. */
    show(rows: RowLink): void;
  };
}

/** What is in a version: every figure leads to its rows. */
export function StudyTab({ isReady, study, handlers }: StudyTabProps) {
  const words = useDatasetsWords();
  const { report, isRead, job, failure } = study;
  const { read } = handlers;
  const isUnread = !isRead && failure === null;
  useEffect(() => {
    if (isReady && isUnread) read();
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [isReady, isUnread]);
  return (
    <div className={styles['study']}>
      {failure !== null && <ErrorNotice failure={failure} onRetry={handlers.make} />}
      {job !== null && (
        <div className={styles['line']}>
          <ProgressBar showLabel label={words('studying')} fraction={shareDone(job)} />
          <Button onClick={handlers.stop}>{words('stop')}</Button>
        </div>
      )}
      {isUnread && <Skeleton lines={8} height={2} />}
      {report === null && isRead && job === null && failure === null && (
        <EmptyState
          title={words('noStudyTitle')}
          text={words('noStudyText')}
          actions={
            <Button kind="primary" onClick={handlers.make}>
              {words('makeStudy')}
            </Button>
          }
        />
      )}
      {report !== null && <Report report={report} handlers={handlers} isBusy={job !== null} />}
    </div>
  );
}

interface ReportProps extends Pick<StudyTabProps, 'handlers'> {
  readonly report: StudyReport;
  readonly isBusy: boolean;
}

function Report({ report, handlers, isBusy }: ReportProps) {
  const words = useDatasetsWords();
  const { show } = handlers;
  return (
    <>
      <div className={styles['line']}>
        <p className={styles['muted']}>
          {words('studyOf', {
            count: report.rows,
            rows: formatNumber(report.rows),
            age: formatAge(report.madeAt, Date.now()),
          })}
        </p>
        <Button busy={isBusy} onClick={handlers.make}>
          {words('studyAgain')}
        </Button>
      </div>
      <Section title={words('concernsTitle')}>
        <ul className={styles['concerns']}>
          {concernsOf(report).map(({ id, rows }) => (
            <li key={id} data-none={rows.count === 0 || undefined}>
              <span>{words(`concern_${id}`)}</span>
              <RowsButton what={words(`concern_${id}`)} rows={rows} all={report.rows} onShow={show} />
            </li>
          ))}
        </ul>
      </Section>
      <Section title={words('lengthsTitle')} hint={<TokensHint report={report} />}>
        <div className={styles['charts']}>
          <HistogramView name={words('histogram_tokens')} histogram={report.tokens.perRow} onShow={show} />
          <HistogramView name={words('histogram_prompt')} histogram={report.characters.prompt} onShow={show} />
          <HistogramView name={words('histogram_answer')} histogram={report.characters.answer} onShow={show} />
          <HistogramView name={words('histogram_quality')} histogram={report.quality} places={2} onShow={show} />
        </div>
      </Section>
      <Section title={words('listsTitle')}>
        <div className={styles['lists']}>
          {listsOf(report).map(({ id, rows }) => (
            <LinkedTable key={id} name={words(`list_${id}`)} rows={rows} all={report.rows} onShow={show} />
          ))}
        </div>
      </Section>
      <Repeated report={report} onShow={show} />
      {report.notes.length > 0 && (
        <Section title={words('notesTitle')}>
          <ul className={styles['notes']}>
            {report.notes.map((note) => (
              <li key={note}>
                <Said text={note} />
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

function TokensHint({ report: { tokens } }: { readonly report: StudyReport }) {
  const words = useDatasetsWords();
  const base = tokens.base ?? '';
  if (tokens.counted === 'estimated') return words('tokensEstimated');
  return words(tokens.counted === 'sampled' ? 'tokensSampled' : 'tokensCounted', { base });
}

function Repeated({ report, onShow }: { readonly report: StudyReport; readonly onShow: (rows: RowLink) => void }) {
  const words = useDatasetsWords();
  const { openings, wordings } = report.repeated;
  if (openings.length + wordings.length === 0) return null;
  return (
    <Section title={words('repeatedTitle')}>
      <div className={styles['lists']}>
        {(['openings', 'wordings'] as const).map((id) => (
          <LinkedTable
            key={id}
            name={words(`repeated_${id}`)}
            rows={report.repeated[id].map(({ text, rows }) => ({ name: text, rows }))}
            all={report.rows}
            onShow={onShow}
          />
        ))}
      </div>
    </Section>
  );
}
