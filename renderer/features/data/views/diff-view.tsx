import ArrowLeftRight from 'lucide-react/icons/arrow-left-right';
import { useMemo } from 'react';
import { changeKinds, type ChangeKind, type DiffReport, type RowChange } from '#contract/dataset-diffs.ts';
import type { DatasetVersion } from '#contract/dataset-versions.ts';
import type { ForgeErrorData } from '#contract/error-data.ts';
import { Button, IconButton, LinkButton } from '../../../ui/button.tsx';
import { Combobox } from '../../../ui/combobox.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { Page } from '../../../ui/page.tsx';
import { ProgressBar } from '../../../ui/progress.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { Tabs } from '../../../ui/tabs.tsx';
import { formatNumber } from '../../../words/format.ts';
import { versionId } from '../dataset-rows.ts';
import { useDatasetsWords } from '../datasets-words.ts';
import type { DiffState } from '../diff-store.ts';
import { shareDone } from '../foundry-jobs.ts';
import { rowAt } from '../paged-rows.ts';
import { diffColumns, shownForm } from './diff-columns.tsx';
import { DiffPicture } from './diff-picture.tsx';
import { DiffRowPanel } from './diff-row-panel.tsx';
import styles from './diff.module.css';
import { PagedTable } from './paged-table.tsx';

export interface DiffHandlers {
  /** Ids like `tickets:v2`; null: not chosen. */
  choose(before: string | null, after: string | null): void;
  compare(): void;
  stop(): void;
  show(change: ChangeKind): void;
  need(first: number, end: number): void;
  retry(): void;
  select(row: RowChange | null): void;
}

export interface DiffViewProps {
  /** Null: not read yet. */
  readonly versions: readonly DatasetVersion[] | null;
  readonly before: string | null;
  readonly after: string | null;
  /** Why the versions could not be read. */
  readonly failure: ForgeErrorData | null;
  readonly state: Pick<DiffState, 'diff' | 'change' | 'rows' | 'failure' | 'selected' | 'forms'>;
  readonly handlers: DiffHandlers;
}

/** Two versions laid over each other: counts, then the rows of each kind of change. */
export function DiffView(props: DiffViewProps) {
  const { state, handlers, before, after } = props;
  const words = useDatasetsWords();
  const { selected } = state;
  const isChosen = before !== null && after !== null;
  const hasRows = isChosen && state.diff.report !== null && !isEqual(state.diff.report);
  return (
    <Page
      layout={hasRows ? 'fill' : 'scroll'}
      title={words('diffTitle')}
      actions={
        <LinkButton kind="quiet" to="/data">
          {words('backToData')}
        </LinkButton>
      }
      {...(selected !== null && {
        inspector: <DiffRowPanel selected={selected} forms={state.forms} onRetry={() => handlers.select(selected)} />,
        inspectorTitle: words('diffRowTitle', { number: formatNumber((shownForm(selected)?.place ?? 0) + 1) }),
        onInspectorClose: () => handlers.select(null),
      })}
    >
      <div className={styles['diff']} data-fill={hasRows || undefined}>
        <Choice {...props} />
        {isChosen ? <Outcome {...props} /> : <NothingChosen {...props} />}
      </div>
    </Page>
  );
}

function isEqual(report: DiffReport): boolean {
  return changeKinds.every((kind) => report[kind] === 0);
}

/** The two versions, and how to swap them. */
function Choice({ versions, before, after, handlers }: DiffViewProps) {
  const words = useDatasetsWords();
  const options = useMemo(
    () =>
      (versions ?? []).map((version) => ({
        value: versionId(version),
        label: versionId(version),
        hint: words('rows', { count: version.rows, rows: formatNumber(version.rows) }),
      })),
    [versions, words],
  );
  if (versions === null || versions.length < 2) return null;
  return (
    <div className={styles['choice']}>
      <Combobox
        className={styles['version']}
        label={words('diffBefore')}
        placeholder={words('diffBefore')}
        value={before}
        options={options}
        onChange={(chosen) => handlers.choose(chosen, after)}
      />
      <IconButton
        label={words('diffSwap')}
        icon={<ArrowLeftRight size={16} aria-hidden />}
        onClick={() => handlers.choose(after, before)}
      />
      <Combobox
        className={styles['version']}
        label={words('diffAfter')}
        placeholder={words('diffAfter')}
        value={after}
        options={options}
        onChange={(chosen) => handlers.choose(before, chosen)}
      />
    </div>
  );
}

function NothingChosen({ versions, failure }: DiffViewProps) {
  const words = useDatasetsWords();
  if (failure !== null) return <ErrorNotice failure={failure} />;
  if (versions === null) return <Skeleton lines={4} height={2} />;
  if (versions.length < 2) return <EmptyState title={words('diffOneTitle')} text={words('diffOneText')} />;
  return <EmptyState title={words('diffChooseTitle')} text={words('diffChooseText')} />;
}

function Outcome({ state, handlers }: DiffViewProps) {
  const words = useDatasetsWords();
  const { report, job, failure, isRead } = state.diff;
  if (failure !== null) return <ErrorNotice failure={failure} onRetry={handlers.compare} />;
  if (job !== null)
    return (
      <div className={styles['line']}>
        <ProgressBar showLabel label={words('diffRunning')} fraction={shareDone(job)} />
        <Button onClick={handlers.stop}>{words('stop')}</Button>
      </div>
    );
  if (report === null)
    return isRead ? (
      <EmptyState
        title={words('diffStoppedTitle')}
        text={words('diffStoppedText')}
        actions={
          <Button kind="primary" onClick={handlers.compare}>
            {words('diffStart')}
          </Button>
        }
      />
    ) : (
      <Skeleton lines={8} height={1.75} />
    );
  if (isEqual(report))
    return (
      <EmptyState
        title={words('diffEqualTitle')}
        text={words('diffEqualText', { count: report.same, rows: formatNumber(report.same) })}
      />
    );
  return <Found state={state} report={report} handlers={handlers} />;
}

interface FoundProps extends Pick<DiffViewProps, 'state' | 'handlers'> {
  readonly report: DiffReport;
}

function Found({ state, report, handlers }: FoundProps) {
  const words = useDatasetsWords();
  return (
    <>
      <DiffPicture report={report} />
      <Tabs
        fill
        className={styles['tabs']}
        label={words('diffKinds')}
        value={state.change}
        onChange={handlers.show}
        tabs={changeKinds.map((id) => ({
          id,
          label: words(`diff_${id}`),
          ...(report[id] > 0 && { badge: formatNumber(report[id]) }),
        }))}
      >
        <Rows state={state} report={report} handlers={handlers} />
      </Tabs>
      <p className={styles['listed']}>
        <span>{words('diffListed')}</span>
        <code title={report.rowsPath}>{report.rowsPath}</code>
        <CopyButton text={report.rowsPath} label={words('diffCopyPath')} />
      </p>
    </>
  );
}

function Rows({ state, report, handlers }: FoundProps) {
  const words = useDatasetsWords();
  const { change, rows, failure, selected } = state;
  const columns = useMemo(() => diffColumns(change, words), [change, words]);
  if (failure !== null) return <ErrorNotice failure={failure} onRetry={handlers.retry} />;
  if (report[change] === 0) return <p className={styles['muted']}>{words(`diffNone_${change}`)}</p>;
  return (
    <PagedTable<RowChange>
      key={change}
      label={words(`diff_${change}`)}
      className={styles['table']}
      columns={columns}
      total={report[change]}
      rowAt={(index) => rowAt(rows, index)}
      rowKey={keyOf}
      isWaiting={false}
      selected={selected === null ? null : keyOf(selected)}
      sort={null}
      onSort={() => undefined}
      onNeed={handlers.need}
      onSelect={handlers.select}
      minWidth={52}
    />
  );
}

function keyOf({ before, after }: RowChange): string {
  return `${before?.id ?? ''} ${after?.id ?? ''}`;
}
