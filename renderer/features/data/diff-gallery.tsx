import type { DiffReport, RowChange } from '#contract/dataset-diffs.ts';
import type { GalleryEntry } from '../../ui/gallery-entry.ts';
import { notLoaded } from '../create/loaded.ts';
import { failure, jobOf, millionRows, rowOf, versions } from './fixtures.ts';
import { noRows, withPage } from './paged-rows.ts';
import { DiffView, type DiffViewProps } from './views/diff-view.tsx';

const nothing = (): void => undefined;

const report: DiffReport = {
  schema: 'forge.diff/1',
  before: { name: 'support-tickets', version: 1, rows: 48_210, digest: 'a' },
  after: { name: 'support-tickets', version: 2, rows: 44_871, digest: 'b' },
  ...{ same: 41_902, added: 61, removed: 3_400, changed: 2_896, moved: 12 },
  ...{ rowsPath: '/home/me/.local/share/forge/datasets/support-tickets/v2/diffs/support-tickets-v1/rows.jsonl' },
  ...{ seconds: 2, peakBytes: 180_000_000 },
};

const changes: readonly RowChange[] = (millionRows.pages.get(0) ?? []).map((row) => ({
  ...{ change: 'changed', from: 'train', to: 'train' },
  before: { ...row, id: `old-${row.id}`, answer: 'It left on Monday.' },
  after: row,
}));

type State = DiffViewProps['state'];
const before = rowOf();
const after = {
  ...before,
  id: '0f2f6c1ab37e40588f0c1d2e3f405162',
  messages: before.messages.map((message) =>
    message.role === 'assistant'
      ? { ...message, content: 'Thank you for asking. The parcel left our house on Tuesday; I have asked the carrier.' }
      : message,
  ),
};

const full: State = {
  diff: { report, isRead: true, job: null, failure: null },
  change: 'changed',
  rows: withPage(noRows, 0, { total: report.changed, rows: changes }),
  failure: null,
  selected: null,
  forms: notLoaded,
};

const diffOf = (change: Partial<State['diff']>): State => ({
  ...full,
  diff: { report: null, isRead: true, job: null, failure: null, ...change },
});

const entry = (id: string, title: string, props: Partial<DiffViewProps>): GalleryEntry => ({
  id: `data/diff-${id}`,
  title: `Versions compared, ${title}`,
  render: () => (
    <DiffView
      versions={versions}
      before="support-tickets:v1"
      after="support-tickets:v2"
      failure={null}
      state={full}
      handlers={{
        ...{ choose: nothing, compare: nothing, stop: nothing, show: nothing },
        ...{ need: nothing, retry: nothing, select: nothing },
      }}
      {...props}
    />
  ),
});

export const diffGallery: readonly GalleryEntry[] = [
  entry('one', 'one version alone', { versions: versions.slice(0, 1), before: null, after: null }),
  entry('choose', 'none chosen', { before: null, after: null }),
  entry('running', 'being compared', { state: diffOf({ job: jobOf({ kind: 'diff' }) }) }),
  entry('stopped', 'stopped', { state: diffOf({}) }),
  entry('failing', 'failed', { state: diffOf({ failure }) }),
  entry('equal', 'the same rows', {
    state: diffOf({ report: { ...report, same: 48_210, added: 0, removed: 0, changed: 0, moved: 0 } }),
  }),
  entry('full', 'changed rows', {}),
  entry('none', 'no row of a kind', {
    state: { ...full, diff: { ...full.diff, report: { ...report, moved: 0 } }, change: 'moved' },
  }),
  entry('row', 'a row word by word', {
    state: {
      ...full,
      selected: changes[1] ?? null,
      forms: { value: { before, after }, isLoading: false, failure: null },
    },
  }),
];
