import { useEffect, useState } from 'react';
import type { CanonicalRow } from '#contract/rows.ts';
import { Badge } from '../../../ui/badge.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { formatNumber } from '../../../words/format.ts';
import { AsModel, Legend } from '../../create/views/row-preview.tsx';
import { useDatasetsWords } from '../datasets-words.ts';
import { remarkOf, shortRemarkOf } from '../remarks.ts';
import { RowTexts } from './row-texts.tsx';
import styles from './version-view.module.css';
import type { VersionHandlers, VersionViewProps } from './version-view.tsx';

interface RowPanelProps {
  readonly state: Pick<VersionViewProps['state'], 'row' | 'shown' | 'selected'>;
  readonly handlers: Pick<VersionHandlers, 'select' | 'showAsModel'>;
}

type Mode = 'text' | 'model';

/** One row: its messages, or exactly what a model will see of it; then what was remarked, and where it came from. */
export function RowPanel({ state, handlers }: RowPanelProps) {
  const words = useDatasetsWords();
  const [mode, setMode] = useState<Mode>('text');
  const { row, shown, selected } = state;
  const { showAsModel } = handlers;
  // Also when another row is chosen while the model's view is open.
  const isWanted =
    mode === 'model' && row.value?.kind === 'sft' && shown.value === null && !shown.isLoading && shown.failure === null;
  useEffect(() => {
    if (isWanted) showAsModel();
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [isWanted]);
  if (row.value === null) {
    if (row.failure === null) return <Skeleton lines={6} height={2} />;
    return <ErrorNotice failure={row.failure} onRetry={() => handlers.select(selected)} />;
  }
  const canBeShown = row.value.kind === 'sft';
  return (
    <div className={styles['panel']}>
      {canBeShown && (
        <Segmented
          label={words('view')}
          value={mode}
          onChange={setMode}
          options={[
            { value: 'text', label: words('asText') },
            { value: 'model', label: words('asModel') },
          ]}
        />
      )}
      {mode === 'model' && canBeShown ? (
        <div>
          <AsModel shown={shown} onRetry={showAsModel} />
          <Legend shown={shown.value} />
        </div>
      ) : (
        <RowTexts row={row.value} />
      )}
      <Flags row={row.value} />
      <Origin row={row.value} />
    </div>
  );
}

function Flags({ row: { flags } }: { readonly row: CanonicalRow }) {
  const words = useDatasetsWords();
  if (flags.length === 0) return null;
  return (
    <section>
      <h3>{words('flags')}</h3>
      <ul className={styles['flags']}>
        {flags.map((flag, index) => (
          <li key={index}>
            <Badge tone="warn">{shortRemarkOf(flag.code, words)}</Badge>
            <span className={styles['muted']}>{remarkOf(flag.code, words)}</span>
            {flag.score !== undefined && <span className={styles['muted']}>{formatNumber(flag.score, 2)}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Origin({
  row: { id, group, source, lang, category, training_eligible: eligible },
}: {
  readonly row: CanonicalRow;
}) {
  const words = useDatasetsWords();
  const place =
    source.page !== undefined
      ? words('atPage', { page: formatNumber(source.page) })
      : source.line !== undefined
        ? words('atLine', { line: formatNumber(source.line) })
        : '';
  return (
    <dl className={styles['facts']}>
      <dt>{words('source')}</dt>
      <dd>
        {source.uri} {place}
        {source.byte_offset !== undefined && (
          <span className={styles['muted']}> {words('atByte', { byte: formatNumber(source.byte_offset) })}</span>
        )}
      </dd>
      {source.licence !== undefined && (
        <>
          <dt>{words('licence')}</dt>
          <dd>{source.licence}</dd>
        </>
      )}
      {source.teacher !== undefined && (
        <>
          <dt>{words('teacher')}</dt>
          <dd>
            {source.teacher}{' '}
            {eligible !== true && <Badge tone="warn">{words(eligible === false ? 'notEligible' : 'toReview')}</Badge>}
          </dd>
        </>
      )}
      {lang !== undefined && (
        <>
          <dt>{words('language')}</dt>
          <dd>{lang}</dd>
        </>
      )}
      {category !== undefined && (
        <>
          <dt>{words('place_of_category')}</dt>
          <dd>{category}</dd>
        </>
      )}
      <dt>{words('place_of_group')}</dt>
      <dd>{group}</dd>
      <dt>{words('rowId')}</dt>
      <dd>
        <code>{id.slice(0, 12)}</code> <CopyButton text={id} label={words('copyId')} />
      </dd>
    </dl>
  );
}
