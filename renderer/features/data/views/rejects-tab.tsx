import { useEffect, useMemo, useState } from 'react';
import type { RejectEntry } from '#contract/dataset-versions.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { DataTable, type TableColumn } from '../../../ui/table.tsx';
import { Said } from '../../../words/said.tsx';
import { formatNumber } from '../../../words/format.ts';
import { useDatasetsWords } from '../datasets-words.ts';
import type { RejectList, VersionState } from '../version-store.ts';
import { RejectBytes } from './reject-bytes.tsx';
import styles from './rejects.module.css';
import type { VersionHandlers } from './version-view.tsx';

interface RejectsTabProps {
  /** The list is of the version that is shown. */
  readonly isReady: boolean;
  readonly rejects: VersionState['rejects'];
  readonly handlers: Pick<VersionHandlers, 'loadRejects' | 'moreRejects'>;
}

/** What was put aside and why: by reason, and each record at its line with the bytes as they stand there. */
export function RejectsTab({ isReady, rejects, handlers }: RejectsTabProps) {
  const words = useDatasetsWords();
  const { value, failure } = rejects;
  const isEmpty = isReady && value === null && failure === null && !rejects.isLoading;
  const { loadRejects } = handlers;
  useEffect(() => {
    if (isEmpty) loadRejects(null);
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [isEmpty]);
  if (value === null)
    return failure === null ? (
      <Skeleton lines={8} height={1.75} />
    ) : (
      <ErrorNotice failure={failure} onRetry={() => loadRejects(null)} />
    );
  if (value.total === 0 && value.code === null)
    return <EmptyState title={words('noRejectsTitle')} text={words('noRejectsText')} />;
  return <RejectTable list={value} handlers={handlers} />;
}

const keyOf = ({ file, byteOffset, line }: RejectEntry): string => `${file}\n${byteOffset}\n${line}`;

function RejectTable({
  list,
  handlers,
}: {
  readonly list: RejectList;
  readonly handlers: RejectsTabProps['handlers'];
}) {
  const words = useDatasetsWords();
  const [selected, setSelected] = useState<string | null>(null);
  const entry = list.rejects.find((one) => keyOf(one) === selected) ?? null;
  const columns = useMemo(
    (): readonly TableColumn<RejectEntry>[] => [
      { id: 'file', header: words('file'), width: 'minmax(8rem, 0.8fr)', cell: ({ file }) => file },
      { id: 'line', header: words('line'), width: '6rem', align: 'end', cell: ({ line }) => formatNumber(line) },
      {
        id: 'message',
        header: words('why'),
        width: 'minmax(14rem, 2fr)',
        cell: ({ message }) => <Said text={message} />,
      },
      { id: 'code', header: words('reason'), width: '11rem', cell: ({ code }) => code },
    ],
    [words],
  );
  return (
    <div className={styles['rejects']}>
      <Reasons list={list} onReason={handlers.loadRejects} />
      <DataTable<RejectEntry>
        className={styles['table']}
        label={words('tab_rejects')}
        rows={list.rejects}
        total={list.total}
        columns={columns}
        rowKey={keyOf}
        selected={selected}
        onSelect={(one) => setSelected(keyOf(one))}
        onNearEnd={handlers.moreRejects}
        virtual
        minWidth={44}
        empty={null}
      />
      {entry !== null && <RejectDetail entry={entry} />}
    </div>
  );
}

/** Each reason with its count; pressed it lists only those. */
function Reasons({ list, onReason }: { readonly list: RejectList; readonly onReason: (code: string | null) => void }) {
  const words = useDatasetsWords();
  const all = list.reasons.reduce((sum, { count }) => sum + count, 0);
  if (list.reasons.length === 0) return null;
  return (
    <div className={styles['reasons']} role="group" aria-label={words('byReason')}>
      <Reason label={words('allReasons')} count={all} isOn={list.code === null} onPress={() => onReason(null)} />
      {list.reasons.map(({ code, count }) => (
        <Reason key={code} label={code} count={count} isOn={list.code === code} onPress={() => onReason(code)} />
      ))}
    </div>
  );
}

interface ReasonProps {
  readonly label: string;
  readonly count: number;
  readonly isOn: boolean;
  readonly onPress: () => void;
}

function Reason({ label, count, isOn, onPress }: ReasonProps) {
  return (
    <button type="button" className={styles['reason']} aria-pressed={isOn} onClick={onPress}>
      {label} <span className={styles['count']}>{formatNumber(count)}</span>
    </button>
  );
}

function RejectDetail({ entry }: { readonly entry: RejectEntry }) {
  const words = useDatasetsWords();
  const { file, line, byteOffset, byteLength, head, headEncoding } = entry;
  const place = `${file}:${line}`;
  return (
    <div className={styles['detail']}>
      <p>
        <code>{place}</code> <CopyButton text={place} label={words('copyPlace')} />{' '}
        <span className={styles['count']}>
          {words('bytesAt', { byte: formatNumber(byteOffset), length: formatNumber(byteLength) })}
        </span>
      </p>
      <RejectBytes head={head} headEncoding={headEncoding} />
    </div>
  );
}
