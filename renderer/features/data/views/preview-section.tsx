import ChevronLeft from 'lucide-react/icons/chevron-left';
import ChevronRight from 'lucide-react/icons/chevron-right';
import { useMemo } from 'react';
import type { FieldMapping } from '#contract/dataset-versions.ts';
import type { ImportPreview, PreviewedRecord } from '#contract/import-preview.ts';
import { Badge } from '../../../ui/badge.tsx';
import { IconButton } from '../../../ui/button.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Section } from '../../../ui/page.tsx';
import { Spinner } from '../../../ui/spinner.tsx';
import { DataTable, type TableColumn } from '../../../ui/table.tsx';
import { Said } from '../../../words/said.tsx';
import { formatNumber } from '../../../words/format.ts';
import { placesOf } from '../field-mapping.ts';
import { useDatasetsWords } from '../datasets-words.ts';
import { remarkOf } from '../remarks.ts';
import styles from './import-view.module.css';
import { RejectBytes } from './reject-bytes.tsx';
import { RowTexts } from './row-texts.tsx';

interface PreviewSectionProps {
  readonly preview: ImportPreview;
  readonly mapping: FieldMapping;
  readonly isLoading: boolean;
  readonly record: number;
  readonly onRecord: (record: number) => void;
}

/** The first records as they stand in the file, and beside them the row that the chosen one becomes. */
export function PreviewSection({ preview, mapping, isLoading, record, onRecord }: PreviewSectionProps) {
  const words = useDatasetsWords();
  const { records } = preview;
  const chosen = records[record];
  const taken = records.filter(({ outcome }) => outcome.kind === 'row').length;
  return (
    <Section
      title={words('previewTitle')}
      hint={words('previewHint', { taken: formatNumber(taken), count: records.length })}
      actions={isLoading && <Spinner label={words('lookingAgain')} />}
    >
      {records.length > 0 && (
        <div className={styles['preview']}>
          <RecordTable preview={preview} mapping={mapping} record={record} onRecord={onRecord} />
          {chosen !== undefined && (
            <div className={styles['becomes']}>
              <Pager record={record} count={records.length} line={chosen.line} onRecord={onRecord} />
              <Outcome record={chosen} />
            </div>
          )}
        </div>
      )}
      <Worst preview={preview} />
    </Section>
  );
}

interface RecordLine {
  readonly index: number;
  readonly record: PreviewedRecord;
}

const mostColumns = 6;

function RecordTable({ preview, mapping, record, onRecord }: Omit<PreviewSectionProps, 'isLoading'>) {
  const words = useDatasetsWords();
  const lines = useMemo(() => preview.records.map((one, index) => ({ index, record: one })), [preview]);
  const hasRemarks = preview.records.some(({ flags }) => flags.length > 0);
  const columns = useMemo((): readonly TableColumn<RecordLine>[] => {
    const all = preview.columns.map(({ name }, index) => ({ name, index }));
    // Columns with a place first: they are what is looked for.
    const shown = [
      ...all.filter(({ name }) => placesOf(mapping, name).length > 0),
      ...all.filter(({ name }) => placesOf(mapping, name).length === 0),
    ].slice(0, mostColumns);
    const remarks: TableColumn<RecordLine> = {
      id: 'remarks',
      header: words('readerRemarks'),
      width: '11rem',
      cell: (line) => line.record.flags.map((flag) => remarkOf(flag, words)).join(', '),
    };
    return [
      {
        id: 'line',
        header: words('line'),
        width: '4.5rem',
        align: 'end',
        cell: (line) => formatNumber(line.record.line),
      },
      {
        id: 'outcome',
        header: words('becomes'),
        width: '7.5rem',
        cell: (line) => <OutcomeBadge record={line.record} />,
      },
      ...shown.map(({ name, index }) => ({
        id: `column-${index}`,
        header: name,
        width: 'minmax(8rem, 1fr)',
        cell: (line: RecordLine) => line.record.cells[index] ?? '',
      })),
      ...(hasRemarks ? [remarks] : []),
    ];
  }, [preview.columns, mapping, words, hasRemarks]);
  return (
    <DataTable<RecordLine>
      label={words('recordsLabel')}
      rows={lines}
      columns={columns}
      rowKey={({ index }) => String(index)}
      selected={String(record)}
      onSelect={({ index }) => onRecord(index)}
      minWidth={12 + Math.min(mostColumns, preview.columns.length) * 8 + (hasRemarks ? 11 : 0)}
      empty={null}
    />
  );
}

function OutcomeBadge({ record: { outcome } }: { readonly record: PreviewedRecord }) {
  const words = useDatasetsWords();
  return outcome.kind === 'row' ? (
    <Badge tone="good">{words(`kindOne_${outcome.row.kind}`)}</Badge>
  ) : (
    <Badge tone="warn">{words('putAside')}</Badge>
  );
}

interface PagerProps {
  readonly record: number;
  readonly count: number;
  readonly line: number;
  readonly onRecord: (record: number) => void;
}

function Pager({ record, count, line, onRecord }: PagerProps) {
  const words = useDatasetsWords();
  return (
    <div className={styles['pager']}>
      <h3>{words('becomesTitle', { line: formatNumber(line) })}</h3>
      <span>
        <IconButton
          label={words('previousRecord')}
          icon={<ChevronLeft />}
          disabled={record === 0}
          onClick={() => onRecord(record - 1)}
        />
        <IconButton
          label={words('nextRecord')}
          icon={<ChevronRight />}
          disabled={record + 1 >= count}
          onClick={() => onRecord(record + 1)}
        />
      </span>
    </div>
  );
}

function Outcome({ record: { outcome, flags } }: { readonly record: PreviewedRecord }) {
  const words = useDatasetsWords();
  return (
    <>
      {flags.length > 0 && (
        <p className={styles['badges']}>
          {flags.map((flag) => (
            <Badge key={flag} tone="warn">
              {remarkOf(flag, words)}
            </Badge>
          ))}
        </p>
      )}
      {outcome.kind === 'row' ? (
        <RowTexts row={outcome.row} />
      ) : (
        <Notice tone="warn" title={words('recordRefused')}>
          <Said text={outcome.message} />
          <p className={styles['code']}>{outcome.code}</p>
        </Notice>
      )}
    </>
  );
}

/** The records with the worst trouble that were seen anywhere in the file: those that cannot be read, then those that had to be mended. */
function Worst({ preview: { worst } }: Pick<PreviewSectionProps, 'preview'>) {
  const words = useDatasetsWords();
  if (worst.length === 0) return null;
  return (
    <details className={styles['worst']}>
      <summary>{words('worstTitle', { count: worst.length })}</summary>
      <ul>
        {worst.map(({ line, isLineExact, byteOffset, code, message, head, headEncoding, flags }) => (
          <li key={byteOffset}>
            <p>
              <strong>{words(isLineExact ? 'lineExact' : 'lineAbout', { line: formatNumber(line) })}</strong>{' '}
              {code === null ? (
                flags.map((flag) => remarkOf(flag, words)).join(', ')
              ) : (
                <>
                  <Said text={message} /> <span className={styles['code']}>{code}</span>
                </>
              )}
            </p>
            {code !== null && <RejectBytes head={head} headEncoding={headEncoding} />}
          </li>
        ))}
      </ul>
    </details>
  );
}
