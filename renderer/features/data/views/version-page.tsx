import { useNavigate, useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useShallow } from 'zustand/shallow';
import type { VersionReference } from '#contract/dataset-versions.ts';
import { useStoreOf } from '../../../connection/use-store.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { LinkButton } from '../../../ui/button.tsx';
import { Page } from '../../../ui/page.tsx';
import { comparedWith, diffAddress, referenceOf } from '../dataset-rows.ts';
import { createDatasetsStore, type DatasetsState } from '../datasets-store.ts';
import { useDatasetsWords } from '../datasets-words.ts';
import { createVersionStore, type VersionState } from '../version-store.ts';
import { DropScript } from '../scripts/views/drop-script.tsx';
import { useScriptTab } from '../scripts/views/use-script-tab.ts';
import { DropToImport } from './drop-to-import.tsx';
import { useCheckTabs } from './use-check-tabs.ts';
import { useExportTab } from './use-export-tab.ts';
import { useFilterTab } from './use-filter-tab.ts';
import { VersionView, versionTabs, type VersionTab } from './version-view.tsx';

const all = (state: VersionState): VersionState => state;
const allDatasets = (state: DatasetsState): DatasetsState => state;

/** `/data/tickets/v2`, `/data/tickets/v2/filters` */
export function VersionPage() {
  const {
    name = '',
    version = '',
    tab,
  } = useParams({ strict: false }) as Readonly<Partial<Record<'name' | 'version' | 'tab', string>>>;
  const reference = referenceOf(name, version);
  if (reference === null) return <NoSuchVersion />;
  const shown = versionTabs.find((one) => one === tab) ?? 'rows';
  return <OpenVersion key={`${name} ${version}`} reference={reference} tab={shown} />;
}

function NoSuchVersion() {
  const words = useDatasetsWords();
  return (
    <Page title={words('title')}>
      <EmptyState
        title={words('noVersionTitle')}
        text={words('noVersionText')}
        actions={<LinkButton to="/data">{words('backToData')}</LinkButton>}
      />
    </Page>
  );
}

function OpenVersion({ reference, tab }: { readonly reference: VersionReference; readonly tab: VersionTab }) {
  const state = useStoreOf(createVersionStore, useShallow(all));
  const datasets = useStoreOf(createDatasetsStore, useShallow(allDatasets));
  const navigate = useNavigate();
  const { openVersion, ask } = state;
  const { open, versions } = datasets;
  const { name, version } = reference;
  useEffect(() => open(), [open]);
  useEffect(() => {
    void openVersion({ name, version });
    void ask({});
  }, [openVersion, ask, name, version]);
  const earlier = state.version.value === null ? null : comparedWith(state.version.value, versions ?? []);
  const filters = useFilterTab(reference);
  const script = useScriptTab(reference, tab === 'script');
  const { study, split } = useCheckTabs(reference);
  const exporting = useExportTab(reference);
  return (
    <>
      <VersionView
        reference={reference}
        tab={tab}
        compareTo={diffAddress(earlier, reference)}
        state={state}
        filters={filters}
        script={script}
        study={study}
        split={split}
        exporting={exporting}
        handlers={{
          go: (to) => void navigate({ to: `/data/${name}/v${version}/${to}`, replace: true }),
          need: state.need,
          ask: (change) => void state.ask(change),
          retry: () => void state.retry(),
          reopen: () => void openVersion(reference),
          select: (id) => void state.select(id),
          showAsModel: () => void state.showAsModel(null),
          loadRejects: (code) => void state.loadRejects(code),
          moreRejects: () => void state.moreRejects(),
        }}
      />
      {tab === 'script' ? <DropScript onFile={script.handlers.bring} /> : <DropToImport />}
    </>
  );
}
