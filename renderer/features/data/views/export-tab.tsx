import { useEffect } from 'react';
import { dataFormats, rowFeatures, type CarryLoss, type DataExportReport } from '#contract/data-exports.ts';
import { Button } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { Field } from '../../../ui/field.tsx';
import { ProgressBar } from '../../../ui/progress.tsx';
import { RadioCards } from '../../../ui/radio-cards.tsx';
import { Section } from '../../../ui/page.tsx';
import { Spinner } from '../../../ui/spinner.tsx';
import { TextInput } from '../../../ui/text-input.tsx';
import { useSpeaker } from '../../../words/speaker.ts';
import { formatBytes, formatNumber } from '../../../words/format.ts';
import { useDatasetsWords } from '../datasets-words.ts';
import { isFolderPath, type ExportState } from '../export-store.ts';
import { shareDone } from '../foundry-jobs.ts';
import styles from './export.module.css';

export interface ExportTabProps {
  /** The state is of the version that is shown. */
  readonly isReady: boolean;
  readonly state: Pick<
    ExportState,
    'format' | 'to' | 'overwrite' | 'check' | 'isChecking' | 'job' | 'done' | 'failure'
  >;
  readonly handlers: {
    change: ExportState['change'];
    look(): void;
    write(): void;
    stop(): void;
    /** The system's own dialog, where there is one. */
    readonly pick: (() => void) | null;
  };
}

/** A version as files for another trainer: first what a format cannot carry, then where to. */
export function ExportTab({ isReady, state, handlers }: ExportTabProps) {
  const words = useDatasetsWords();
  const { check, isChecking, failure, job, done } = state;
  const { look } = handlers;
  const isUnread = isReady && check === null && !isChecking && failure === null;
  useEffect(() => {
    if (isUnread) look();
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [isUnread]);
  return (
    <div className={styles['export']}>
      <RadioCards
        label={words('exportFormat')}
        showLabel
        columns={3}
        value={state.format}
        onChange={(format) => handlers.change({ format })}
        options={dataFormats.map((value) => ({
          value,
          label: words(`format_of_${value}`),
          description: words(`formatAbout_${value}`),
        }))}
      />
      <Losses check={check} isChecking={isChecking} />
      <Destination state={state} handlers={handlers} />
      {failure !== null && <ErrorNotice failure={failure} onRetry={check === null ? look : handlers.write} />}
      {job !== null && (
        <div className={styles['line']}>
          <ProgressBar showLabel label={words('job_export', { name: job.name })} fraction={shareDone(job)} />
          <Button onClick={handlers.stop}>{words('stop')}</Button>
        </div>
      )}
      {done !== null && <Done report={done} />}
    </div>
  );
}

function Losses({ check, isChecking }: { readonly check: DataExportReport | null; readonly isChecking: boolean }) {
  const words = useDatasetsWords();
  return (
    <Section title={words('lossesTitle')}>
      <div className={styles['losses']} role="status">
        {isChecking && <Spinner label={words('lossesLooking')} />}
        {!isChecking && check !== null && check.losses.length === 0 && <p>{words('lossesNone')}</p>}
        {check !== null && check.losses.length > 0 && (
          <ul>
            {check.losses.map((loss) => (
              <li key={`${loss.what} ${loss.loses}`}>
                <Loss loss={loss} />
              </li>
            ))}
          </ul>
        )}
      </div>
    </Section>
  );
}

/** A feature that this window has no words for yet is told as the engine says it. */
function Loss({ loss: { what, rows, loses, text } }: { readonly loss: CarryLoss }) {
  const words = useDatasetsWords();
  const { say } = useSpeaker();
  const feature = rowFeatures.find((known) => known === what);
  if (feature === undefined) return say(text);
  return words(`loss_${loses}`, { count: rows, rows: formatNumber(rows), what: words(`feature_${feature}`) });
}

function Destination({ state, handlers }: Pick<ExportTabProps, 'state' | 'handlers'>) {
  const words = useDatasetsWords();
  const { to, overwrite, job } = state;
  const isPlace = isFolderPath(to);
  return (
    <form
      className={styles['destination']}
      onSubmit={(event) => {
        event.preventDefault();
        if (isPlace) handlers.write();
      }}
    >
      <Field
        label={words('exportTo')}
        hint={words('exportToHint')}
        error={to === '' || isPlace ? null : words('exportToWrong')}
      >
        <TextInput code value={to} maxLength={4096} onChange={(typed) => handlers.change({ to: typed })} />
      </Field>
      <Checkbox checked={overwrite} onChange={(isOn) => handlers.change({ overwrite: isOn })}>
        {words('exportOverwrite')}
      </Checkbox>
      <span className={styles['buttons']}>
        <Button
          type="submit"
          kind="primary"
          busy={job !== null}
          disabledReason={isPlace ? null : words('exportToWrong')}
        >
          {words('startExport')}
        </Button>
        {handlers.pick !== null && <Button onClick={handlers.pick}>{words('choosePlace')}</Button>}
      </span>
    </form>
  );
}

function Done({ report }: { readonly report: DataExportReport }) {
  const words = useDatasetsWords();
  const { written, folder, files } = report;
  const place = folder ?? '';
  return (
    <section className={styles['done']}>
      <h2>
        {words('exportDone', { count: written, rows: formatNumber(written), folder: place })}{' '}
        <CopyButton text={place} label={words('copyFolder')} />
      </h2>
      <ul aria-label={words('filesWritten')}>
        {files.map(({ path, rows, sizeBytes }) => (
          <li key={path}>
            <code>{path}</code>
            <span>{rows === null ? '' : words('rows', { count: rows, rows: formatNumber(rows) })}</span>
            <span>{formatBytes(sizeBytes)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
