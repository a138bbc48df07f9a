import type { FoundryJob, ImportReport } from '#contract/dataset-versions.ts';
import type { DocumentReport } from '#contract/document-imports.ts';
import { Button, LinkButton } from '../../../ui/button.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { Said } from '../../../words/said.tsx';
import { formatBytes, formatDuration, formatNumber } from '../../../words/format.ts';
import { trainAddress, versionId } from '../dataset-rows.ts';
import { useDatasetsWords } from '../datasets-words.ts';
import { documentsOf, reportOf } from '../foundry-jobs.ts';
import type { ImportDraft } from '../import-store.ts';
import styles from './import-view.module.css';
import type { ImportHandlers } from './import-view.tsx';
import { JobLine } from './job-list.tsx';

interface ImportResultProps {
  readonly draft: ImportDraft;
  /** Null for the moment before the engine tells of it. */
  readonly job: FoundryJob | null;
  readonly handlers: ImportHandlers;
}

/** The import as it goes, then what came of it: every record is accounted for. */
export function ImportResult({ draft, job, handlers }: ImportResultProps) {
  const words = useDatasetsWords();
  if (job === null) return <Skeleton lines={2} height={2} />;
  const report = reportOf(job);
  return (
    <div className={styles['result']}>
      {report === null && <JobLine job={job} handlers={handlers} />}
      {(job.state === 'running' || job.state === 'waiting') && (
        <p className={styles['muted']}>{words('goesOnAlone')}</p>
      )}
      {job.state === 'cancelled' && (
        <Notice tone="info" action={<Button onClick={handlers.startOver}>{words('startOver')}</Button>}>
          {words('importCancelled')}
        </Notice>
      )}
      {report !== null && <Report report={report} draft={draft} handlers={handlers} />}
      <LeftOut report={documentsOf(job)} />
    </div>
  );
}

interface ReportProps extends Pick<ImportResultProps, 'draft' | 'handlers'> {
  readonly report: ImportReport;
}

function Report({ report, handlers }: ReportProps) {
  const words = useDatasetsWords();
  const { name, version, seen, accepted, rejected, merged, seconds, peakBytes, warnings, rejectsPath } = report;
  const reference = version === null ? null : { name, version };
  return (
    <>
      <h2 className={styles['verdict']}>
        {reference === null
          ? words('nothingMade')
          : words('madeVersion', { count: accepted, rows: formatNumber(accepted), id: versionId(reference) })}
      </h2>
      <dl className={styles['balance']}>
        <Figure label={words('seen')} value={seen} />
        <Figure label={words('accepted')} value={accepted} />
        <Figure label={words('rejected')} value={rejected} />
        <Figure label={words('merged')} value={merged} />
      </dl>
      <p className={styles['muted']}>
        {seconds < 1
          ? words('tookNoTime', { memory: formatBytes(peakBytes) })
          : words('tookWhat', { time: formatDuration(seconds), memory: formatBytes(peakBytes) })}
      </p>
      {warnings.length > 0 && (
        <Notice tone="info">
          {warnings.map((warning) => (
            <p key={warning}>
              <Said text={warning} />
            </p>
          ))}
        </Notice>
      )}
      {reference === null && rejectsPath !== null && <p className={styles['code']}>{rejectsPath}</p>}
      <div className={styles['buttons']}>
        {reference !== null && (
          <LinkButton kind="primary" to={trainAddress(reference)}>
            {words('trainOnIt')}
          </LinkButton>
        )}
        {reference !== null && <Button onClick={() => handlers.open(reference)}>{words('lookAtRows')}</Button>}
        {reference !== null && rejected > 0 && (
          <Button onClick={() => handlers.open(reference, 'rejects')}>
            {words('seeRejected', { count: rejected })}
          </Button>
        )}
        <Button kind="quiet" onClick={handlers.startOver}>
          {words('importMore')}
        </Button>
        {reference === null && (
          <LinkButton kind="quiet" to="/data">
            {words('backToData')}
          </LinkButton>
        )}
      </div>
    </>
  );
}

const mostNamed = 20;

/** Documents that are not in the version, and why. */
function LeftOut({ report }: { readonly report: DocumentReport | null }) {
  const words = useDatasetsWords();
  if (report === null || report.failedCount + report.ignoredCount === 0) return null;
  const named = [...report.failed, ...report.ignored].slice(0, mostNamed);
  const count = report.failedCount + report.ignoredCount;
  return (
    <Notice tone="info" title={words('documentsLeftOut', { count, documents: formatNumber(count) })}>
      <ul>
        {named.map(({ name, reason }) => (
          <li key={name}>
            {name}: <Said text={reason} />
          </li>
        ))}
      </ul>
      {count > named.length && <p>{words('andMore', { count: count - named.length })}</p>}
    </Notice>
  );
}

function Figure({ label, value }: { readonly label: string; readonly value: number }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{formatNumber(value)}</dd>
    </div>
  );
}
