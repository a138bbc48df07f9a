import type { ReactNode } from 'react';
import type { SplitReport } from '#contract/dataset-checks.ts';
import type { StudyReport } from '#contract/study.ts';
import type { GalleryEntry } from '../../ui/gallery-entry.ts';
import type { Reported } from './checks-store.ts';
import { datasetRows } from './dataset-rows.ts';
import {
  draftOf,
  failure,
  hubListingOf,
  importReport,
  importState,
  jobOf,
  previewOf,
  rejectList,
  rowOf,
  versionState,
  versions,
} from './fixtures.ts';
import { diffGallery } from './diff-gallery.tsx';
import { filtersState, importedAs, shownDomains } from './filter-fixtures.ts';
import { noRows, withPage } from './paged-rows.ts';
import { scriptStates, scriptTab } from './scripts/script-states.ts';
import { exportReportOf, splitReportOf, studyOf } from './study-fixtures.ts';
import { usualQuery } from './version-store.ts';
import { DatasetsView, type DatasetHandlers, type DatasetsViewProps } from './views/datasets-view.tsx';
import type { ExportTabProps } from './views/export-tab.tsx';
import type { FilterHandlers, FiltersTabProps } from './views/filters-tab.tsx';
import { ImportView, type ImportHandlers, type ImportViewProps } from './views/import-view.tsx';
import type { SplitTabProps } from './views/split-tab.tsx';
import type { StudyTabProps } from './views/study-tab.tsx';
import { VersionView, type VersionHandlers, type VersionViewProps } from './views/version-view.tsx';

const nothing = (): void => undefined;
const handlers: DatasetHandlers = {
  select: nothing,
  open: nothing,
  bring: nothing,
  drop: nothing,
  act: nothing,
  putAway: nothing,
  remove: nothing,
  retry: nothing,
};
const importHandlers: ImportHandlers = {
  files: nothing,
  paths: nothing,
  folder: nothing,
  source: nothing,
  pick: null,
  choosePart: nothing,
  stopBringing: nothing,
  change: nothing,
  chooseRecord: nothing,
  look: nothing,
  start: nothing,
  startOver: nothing,
  act: nothing,
  putAway: nothing,
  open: nothing,
};
const versionHandlers: VersionHandlers = {
  go: nothing,
  need: nothing,
  ask: nothing,
  retry: nothing,
  reopen: nothing,
  select: nothing,
  showAsModel: nothing,
  loadRejects: nothing,
  moreRejects: nothing,
};
const filterHandlers: FilterHandlers = {
  add: nothing,
  take: nothing,
  change: nothing,
  move: nothing,
  switchStep: nothing,
  remove: nothing,
  show: nothing,
  count: nothing,
  stopCounting: nothing,
  freeze: nothing,
  writeScript: nothing,
};

type Name = readonly [id: string, title: string];

const entry = ([id, title]: Name, render: () => ReactNode): GalleryEntry => ({ id: `data/${id}`, title, render });

const list = ([id, title]: Name, props: Partial<DatasetsViewProps>): GalleryEntry =>
  entry([id, `Data, ${title}`], () => (
    <DatasetsView
      rows={datasetRows(versions)}
      jobs={[]}
      failure={null}
      selected={null}
      handlers={handlers}
      {...props}
    />
  ));

const importing = ([id, title]: Name, props: Partial<ImportViewProps>): GalleryEntry =>
  entry([`import-${id}`, `Import, ${title}`], () => (
    <ImportView
      state={importState()}
      job={null}
      names={new Set(['support-tickets'])}
      domains={shownDomains}
      handlers={importHandlers}
      {...props}
    />
  ));

const seen = (change: Parameters<typeof previewOf>[0] = {}) => ({
  value: previewOf(change),
  isLoading: false,
  failure: null,
});

const filtersTab = (state: FiltersTabProps['state']): Omit<FiltersTabProps, 'version'> => ({
  ...{ domains: shownDomains, bases: [{ id: 'smollm2', name: 'SmolLM2 135M' }], state, handlers: filterHandlers },
});

const version = ([id, title]: Name, props: Partial<VersionViewProps>): GalleryEntry =>
  entry([`version-${id}`, `Version, ${title}`], () => (
    <VersionView
      reference={{ name: 'support-tickets', version: 1 }}
      tab="rows"
      compareTo="/data/diff"
      state={versionState()}
      filters={filtersTab(filtersState({ steps: [] }))}
      script={scriptTab()}
      study={studyTab(studyOf())}
      split={splitTab(null)}
      exporting={exportTab()}
      handlers={versionHandlers}
      {...props}
    />
  ));

const studyTab = (report: StudyReport | null, change: Partial<Reported<StudyReport>> = {}): StudyTabProps => ({
  isReady: true,
  study: { report, isRead: true, job: null, failure: null, ...change },
  handlers: { read: nothing, make: nothing, stop: nothing, show: nothing },
});
const splitTab = (report: SplitReport | null, change: Partial<Reported<SplitReport>> = {}): SplitTabProps => ({
  choice: { seed: 17, validationShare: 0.1, testShare: 0.1 },
  split: { report, isRead: true, job: null, failure: null, ...change },
  handlers: { choose: nothing, count: nothing, stop: nothing, freeze: nothing },
});

const exportTab = (change: Partial<ExportTabProps['state']> = {}): ExportTabProps => ({
  isReady: true,
  state: {
    format: 'alpaca',
    to: '/home/me/tickets-alpaca',
    overwrite: false,
    check: exportReportOf({ folder: null, written: 0, files: [] }),
    isChecking: false,
    job: null,
    done: null,
    failure: null,
    ...change,
  },
  handlers: { change: nothing, look: nothing, write: nothing, stop: nothing, pick: null },
});

const chosen = { value: rowOf(), isLoading: false, failure: null };
const asked = { ...usualQuery, filter: { ...usualQuery.filter, text: 'parcel that nobody has' } };

export const dataGallery: readonly GalleryEntry[] = [
  list(['loading', 'being read'], { rows: null }),
  list(['empty', 'none yet'], { rows: [] }),
  list(['one', 'one'], { rows: datasetRows(versions.slice(0, 1)) }),
  list(['full', 'several, one selected'], { selected: 'support-tickets:v2' }),
  list(['running', 'an import runs, one waits'], {
    jobs: [
      jobOf(),
      jobOf({
        id: 'b',
        kind: 'freeze',
        state: 'paused',
        done: 1_200,
        total: 9_000,
        rowsPerSecond: null,
        secondsLeft: null,
      }),
    ],
  }),
  list(['job-failed', 'an import failed'], { jobs: [jobOf({ state: 'failed', failure })] }),
  list(['failing', 'engine away'], { rows: null, failure }),
  importing(['begin', 'nothing chosen'], {}),
  importing(['sending', 'a file is handed over'], {
    state: importState({
      bringing: { kind: 'sending', label: 'tickets-2026.csv', sentBytes: 21_000_000, totalBytes: 58_000_000 },
    }),
  }),
  importing(['refused', 'the file could not be fetched'], {
    state: importState({ bringing: { kind: 'failed', label: 'x', failure } }),
  }),
  importing(['fetching', 'fetched from the hub'], {
    state: importState({
      bringing: {
        ...{ kind: 'fetching', label: 'publisher/tickets:de/train', file: 'de/train/0001.parquet' },
        ...{ doneBytes: 412_000_000, totalBytes: 1_830_000_000 },
      },
    }),
  }),
  importing(['hub-parts', 'parts of a dataset of the hub'], {
    state: importState({ bringing: { kind: 'choosing', label: 'publisher/tickets', listing: hubListingOf(3) } }),
  }),
  importing(['hub-many', 'many parts of a dataset of the hub'], {
    state: importState({ bringing: { kind: 'choosing', label: 'publisher/tickets', listing: hubListingOf(40) } }),
  }),
  importing(['loading', 'being looked at'], { state: importState({ draft: draftOf() }) }),
  importing(['found', 'a spreadsheet'], { state: importState({ draft: draftOf(), preview: seen() }) }),
  importing(['template', 'several columns in one place'], {
    state: importState({
      draft: draftOf({
        name: 'support-tickets',
        mapping: { prompt: '{Status}: {Anliegen}', answer: 'Antwort', group: 'Bearbeiter' },
      }),
      preview: seen(),
      record: 2,
    }),
  }),
  importing(['known', 'a known shape'], {
    state: importState({
      draft: draftOf(),
      preview: seen({
        container: 'jsonl',
        delimiter: null,
        format: 'messages',
        suggested: {},
        worst: [],
        looked: { records: 9_120, rejected: 0, fallbackEncoding: 0 },
      }),
    }),
  }),
  importing(['unmapped', 'nothing is understood yet'], {
    state: importState({
      draft: draftOf({ name: 'Not A Name' }),
      preview: seen({
        format: null,
        suggested: {},
        records: previewOf().records.map((one) => ({
          ...one,
          outcome: { kind: 'rejected', code: 'UNKNOWN_SHAPE', message: 'The question and the answer were not found.' },
        })),
      }),
    }),
  }),
  importing(['failing', 'it cannot be read'], {
    state: importState({ draft: draftOf(), preview: { value: null, isLoading: false, failure } }),
  }),
  importing(['running', 'it runs'], { state: importState({ draft: draftOf(), job: 'a1b2c3' }), job: jobOf() }),
  importing(['done', 'it is done'], {
    state: importState({ draft: draftOf(), job: 'a1b2c3' }),
    job: jobOf({ state: 'done', result: importReport }),
  }),
  importing(['nothing', 'nothing came of it'], {
    state: importState({ draft: draftOf(), job: 'a1b2c3' }),
    job: jobOf({
      state: 'done',
      result: { ...importReport, version: null, digest: null, accepted: 0, merged: 0, rejected: 50_031 },
    }),
  }),
  version(['loading', 'being read'], {
    state: versionState({ version: { value: null, isLoading: true, failure: null }, rows: noRows, isSearching: true }),
  }),
  version(['million', 'a million rows'], {}),
  version(['row', 'a row opened'], { state: versionState({ selected: 'row-9', row: chosen }) }),
  version(['search-empty', 'nothing found'], {
    state: versionState({ query: asked, rows: withPage(noRows, 0, { total: 0, rows: [] }) }),
  }),
  version(['failing', 'gone'], {
    state: versionState({ version: { value: null, isLoading: false, failure } }),
  }),
  version(['rejects', 'put aside'], {
    tab: 'rejects',
    state: versionState({ rejects: { value: rejectList, isLoading: false, failure: null } }),
  }),
  version(['rejects-none', 'nothing put aside'], {
    tab: 'rejects',
    state: versionState({
      rejects: { value: { total: 0, rejects: [], reasons: [], code: null }, isLoading: false, failure: null },
    }),
  }),
  version(['study-none', 'not studied'], { tab: 'study', study: studyTab(null) }),
  version(['study-running', 'being studied'], {
    tab: 'study',
    study: studyTab(null, { job: jobOf({ kind: 'study' }) }),
  }),
  version(['study', 'studied'], { tab: 'study' }),
  version(['study-failing', 'the study failed'], { tab: 'study', study: studyTab(null, { failure }) }),
  version(['split-none', 'no split looked at'], { tab: 'split' }),
  version(['split', 'split without a leak'], { tab: 'split', split: splitTab(splitReportOf()) }),
  version(['split-running', 'being split'], { tab: 'split', split: splitTab(null, { job: jobOf({ kind: 'split' }) }) }),
  version(['export', 'a format that loses something'], { tab: 'export' }),
  version(['export-looking', 'being looked at'], {
    tab: 'export',
    exporting: exportTab({ check: null, isChecking: true, to: 'relative' }),
  }),
  version(['export-done', 'written'], { tab: 'export', exporting: exportTab({ done: exportReportOf() }) }),
  version(['export-failing', 'not written'], { tab: 'export', exporting: exportTab({ failure }) }),
  version(['filters-empty', 'no filters'], { tab: 'filters' }),
  version(['filters-proposed', 'filters of its domain'], {
    tab: 'filters',
    state: versionState({ version: { value: importedAs('coding'), isLoading: false, failure: null } }),
  }),
  version(['filters', 'filters counted'], {
    tab: 'filters',
    filters: filtersTab(filtersState({ opened: 'three' })),
  }),
  version(['filters-counting', 'filters being counted'], {
    tab: 'filters',
    filters: filtersTab(filtersState({ counted: null, job: jobOf({ kind: 'freeze' }) })),
  }),
  ...scriptStates.map(([id, title, script]) => version([id, title], { tab: 'script', script })),
  ...diffGallery,
];
