import type { VersionReference } from '#contract/dataset-versions.ts';
import { LinkButton } from '../../../ui/button.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { Page } from '../../../ui/page.tsx';
import { Tabs } from '../../../ui/tabs.tsx';
import { formatNumber } from '../../../words/format.ts';
import { trainAddress, versionId } from '../dataset-rows.ts';
import { useDatasetsWords } from '../datasets-words.ts';
import type { RowQuery, VersionState } from '../version-store.ts';
import { ScriptTab, type ScriptTabProps } from '../scripts/views/script-tab.tsx';
import { ExportTab, type ExportTabProps } from './export-tab.tsx';
import { FiltersTab, type FiltersTabProps } from './filters-tab.tsx';
import { RejectsTab } from './rejects-tab.tsx';
import { RowPanel } from './row-panel.tsx';
import { RowsTab } from './rows-tab.tsx';
import { SplitTab, type SplitTabProps } from './split-tab.tsx';
import { StudyTab, type StudyTabProps } from './study-tab.tsx';
import styles from './version-view.module.css';
import { KindWords, OriginWords } from './version-words.tsx';

export const versionTabs = ['rows', 'study', 'filters', 'script', 'split', 'export', 'rejects'] as const;
export type VersionTab = (typeof versionTabs)[number];

export interface VersionHandlers {
  go(tab: VersionTab): void;
  need(first: number, end: number): void;
  ask(change: Partial<RowQuery>): void;
  retry(): void;
  reopen(): void;
  select(id: string | null): void;
  showAsModel(): void;
  loadRejects(code: string | null): void;
  moreRejects(): void;
}

export interface VersionViewProps {
  readonly reference: VersionReference;
  readonly tab: VersionTab;
  /** Where this version is compared with another one. */
  readonly compareTo: string;
  readonly state: Pick<
    VersionState,
    'reference' | 'version' | 'query' | 'rows' | 'isSearching' | 'failure' | 'selected' | 'row' | 'shown' | 'rejects'
  >;
  readonly filters: Omit<FiltersTabProps, 'version'>;
  readonly script: Omit<ScriptTabProps, 'version'>;
  readonly study: StudyTabProps;
  readonly split: SplitTabProps;
  readonly exporting: ExportTabProps;
  readonly handlers: VersionHandlers;
}

/** One version: its rows, what may be left out of them, and what was put aside when they came. */
export function VersionView(props: VersionViewProps) {
  const { reference, tab, state, handlers } = props;
  const words = useDatasetsWords();
  const version = state.version.value;
  const isRowOpen = tab === 'rows' && state.selected !== null;
  return (
    <Page
      layout="fill"
      title={versionId(reference)}
      subtitle={
        version !== null && (
          <span className={styles['subtitle']}>
            <span>{words('rows', { count: version.rows, rows: formatNumber(version.rows) })}</span>
            <span>
              <KindWords kinds={version.kinds} />
            </span>
            <span>
              <OriginWords version={version} />
            </span>
          </span>
        )
      }
      actions={
        <>
          <LinkButton kind="quiet" to="/data">
            {words('backToData')}
          </LinkButton>
          <LinkButton to={props.compareTo}>{words('diffAction')}</LinkButton>
          <LinkButton kind="primary" to={trainAddress(reference)}>
            {words('trainOnVersion')}
          </LinkButton>
        </>
      }
      {...(isRowOpen && {
        inspector: <RowPanel state={state} handlers={handlers} />,
        inspectorTitle: words('row'),
        onInspectorClose: () => handlers.select(null),
      })}
    >
      {version === null && state.version.failure !== null ? (
        <ErrorNotice failure={state.version.failure} onRetry={handlers.reopen} />
      ) : (
        <VersionTabs {...props} />
      )}
    </Page>
  );
}

/** Whether what a store holds is of the version that is shown; for a moment after going to another one it is not. */
function isSameVersion(held: VersionReference | null, shown: VersionReference): boolean {
  return held?.name === shown.name && held.version === shown.version;
}

function VersionTabs(props: VersionViewProps) {
  const { tab, state, filters, study, split, handlers } = props;
  const words = useDatasetsWords();
  const version = state.version.value;
  const count = (value: number | undefined): string | undefined =>
    value === undefined || value === 0 ? undefined : formatNumber(value);
  const badges: Partial<Record<VersionTab, string | undefined>> = {
    filters: count(filters.state.steps.length),
    rejects: count(version?.rejected),
  };
  return (
    <Tabs
      fill
      value={tab}
      onChange={handlers.go}
      label={words('tabs')}
      tabs={versionTabs.map((id) => ({
        id,
        label: words(`tab_${id}`),
        ...(badges[id] !== undefined && { badge: badges[id] }),
      }))}
    >
      {tab === 'rows' && <RowsTab state={state} kinds={version?.kinds ?? {}} handlers={handlers} />}
      {tab === 'study' && <StudyTab {...study} />}
      {tab === 'split' && <SplitTab {...split} />}
      {tab === 'export' && <ExportTab {...props.exporting} />}
      {tab === 'filters' && <FiltersTab {...filters} version={version} />}
      {tab === 'script' && <ScriptTab {...props.script} version={version} />}
      {tab === 'rejects' && (
        <RejectsTab
          isReady={isSameVersion(state.reference, props.reference)}
          rejects={state.rejects}
          handlers={handlers}
        />
      )}
    </Tabs>
  );
}
