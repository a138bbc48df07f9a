import type { ReactNode } from 'react';
import type { DatasetInspection } from '#contract/dataset-preview.ts';
import type { ForgeErrorData } from '#contract/error-data.ts';
import type { GalleryEntry } from '../../ui/gallery-entry.ts';
import { Page } from '../../ui/page.tsx';
import { Stepper } from '../../ui/stepper.tsx';
import { consequencesOf } from './consequences.ts';
import { newDraft, stepStates, withData } from './draft-state.ts';
import { baseModels, drafts, failureOfCode, inspection, knownDatasets, previewRows, shownRow } from './fixtures.ts';
import { planPreview } from './plan-fixtures.ts';
import { notLoaded, type Loaded } from './loaded.ts';
import { trainingGallery } from './training-gallery.tsx';
import { BaseChoice } from './views/base-choice.tsx';
import { ChosenDataView } from './views/chosen-data-view.tsx';
import { Consequence } from './views/consequence.tsx';
import { DataChooser, type DataChooserProps } from './views/data-chooser.tsx';
import { DraftsView } from './views/drafts-view.tsx';
import { LockedStep } from './views/locked-step.tsx';
import { NameField } from './views/name-field.tsx';
import { PlanForm } from './views/plan-form.tsx';
import { PlanTable } from './views/plan-table.tsx';
import { PlanText } from './views/plan-text.tsx';
import { RowPreview } from './views/row-preview.tsx';
import { StepFrame } from './views/step-frame.tsx';
import styles from './views/step-frame.module.css';

const nothing = (): void => undefined;
const draft = withData(newDraft('draft-0001'), { path: '/home/ada/tickets-2026.csv', label: 'tickets-2026.csv' });
const consequence = <Consequence facts={consequencesOf(inspection, planPreview)} isLoading={false} />;

interface ShownStepProps {
  readonly step: 'data' | 'base' | 'plan';
  readonly title: string;
  readonly children: ReactNode;
  readonly right?: ReactNode;
}

/** A step as the wizard shows it, without stores. */
function ShownStep({ step, title, children, right = consequence }: ShownStepProps) {
  const names = { data: 'Data', base: 'Base', plan: 'Plan', train: 'Train', result: 'Result', serve: 'Serve' };
  const steps = stepStates({ ...draft, step }, step, null).map(({ id, state }) => ({ id, state, label: names[id] }));
  return (
    <Page title="Create a model" subtitle={draft.datasetLabel} layout="fill">
      <div className={styles['wizard']}>
        <Stepper steps={steps} onGo={nothing} label="Steps" />
        <StepFrame
          title={title}
          saving="saved"
          onBack={nothing}
          consequence={right}
          primary={{ label: 'Go on', onGo: nothing }}
        >
          {children}
        </StepFrame>
      </div>
    </Page>
  );
}

const chooser: DataChooserProps = {
  bringing: { kind: 'idle' },
  known: knownDatasets,
  onFiles: nothing,
  onPath: nothing,
  onFolder: nothing,
  onSource: nothing,
  onKnown: nothing,
  onStop: nothing,
  onPick: null,
  onImport: nothing,
};

function choosing(changes: Partial<DataChooserProps>): ReactNode {
  const empty = <Consequence facts={consequencesOf(null, null)} isLoading={false} />;
  return (
    <ShownStep step="data" title="What should it learn from?" right={empty}>
      <DataChooser {...chooser} {...changes} />
    </ShownStep>
  );
}

function preview(mode: 'chat' | 'model', index: number): ReactNode {
  return chosen({ inspection: { ...notLoaded, value: inspection }, rows: rowsOf(mode, index) });
}

function rowsOf(mode: 'chat' | 'model', index: number): ReactNode {
  return (
    <RowPreview
      row={previewRows[index] ?? null}
      index={index}
      total={382}
      mode={mode}
      shown={{ ...notLoaded, value: shownRow }}
      onMode={nothing}
      onIndex={nothing}
      onRetry={nothing}
    />
  );
}

interface Looked {
  readonly inspection: Loaded<DatasetInspection>;
  readonly note?: string;
  readonly rows?: ReactNode;
}

/** The step when data were chosen, however the reading of them ended. */
function chosen({ inspection: read, note = '', rows = null }: Looked): ReactNode {
  const facts = consequencesOf(read.failure === null ? read.value : null, read.value === null ? null : planPreview);
  return (
    <ShownStep
      step="data"
      title="What should it learn from?"
      right={<Consequence facts={facts} isLoading={read.isLoading} />}
    >
      <ChosenDataView
        draft={draft}
        inspection={read}
        note={note}
        onOther={nothing}
        onAgain={nothing}
        onImport={nothing}
        onMapping={nothing}
      >
        {rows}
      </ChosenDataView>
    </ShownStep>
  );
}

const unreadable = (failure: ForgeErrorData): Looked => ({ inspection: { ...notLoaded, failure } });
const columnsUnknown = (columns: readonly string[]): ForgeErrorData => ({
  ...failureOfCode('dataset.columns-unknown', 'No column is called a question or an answer.', 'Say which is which.'),
  detail: { columns: JSON.stringify(columns) },
});
const gone = failureOfCode(
  'dataset.not-found',
  'There is no file at /home/ada/tickets-2026.csv.',
  'Check the path, or choose the file anew.',
);

const planned = {
  request: { settings: { rank: 32 } },
  recipe: { ...planPreview.recipe, rank: 32 },
  reasons: planPreview.reasons,
};

function naming(children: ReactNode, name = 'support'): ReactNode {
  return (
    <ShownStep step="plan" title="What should it be called?">
      <NameField name={name} versions={[{ name: 'support', version: 2 }]} onChange={nothing} onGood={nothing} />
      {children}
    </ShownStep>
  );
}

const tooLarge = failureOfCode(
  'dataset.upload-too-large',
  'all-tickets.jsonl has 5.0 GB; through the browser at most 2.1 GB can be handed over. Nothing was sent.',
  'Give its path below instead: then Forge reads it where it lies.',
);

export const createGallery: readonly GalleryEntry[] = [
  { id: 'create/drafts', title: 'Create, drafts', render: () => list(drafts) },
  { id: 'create/drafts-empty', title: 'Create, nothing begun', render: () => list([]) },
  { id: 'create/drafts-loading', title: 'Create, loading', render: () => list(null) },
  { id: 'create/data-choose', title: 'Data, choosing', render: () => choosing({}) },
  {
    id: 'create/data-sending',
    title: 'Data, handing over',
    render: () =>
      choosing({ bringing: { kind: 'sending', label: 'tickets.csv', sentBytes: 4.1e8, totalBytes: 1.9e9 } }),
  },
  {
    id: 'create/data-too-large',
    title: 'Data, 5 GB dropped',
    render: () => choosing({ bringing: { kind: 'failed', label: 'all-tickets.jsonl', failure: tooLarge } }),
  },
  {
    id: 'create/data-reading',
    title: 'Data, being read',
    render: () => chosen({ inspection: { ...notLoaded, isLoading: true } }),
  },
  {
    id: 'create/data-columns-unknown',
    title: 'Data, columns nobody knows',
    render: () => chosen(unreadable(columnsUnknown(['betreff', 'text', 'antwort', 'datum']))),
  },
  {
    id: 'create/data-one-column',
    title: 'Data, no mapping possible',
    render: () => chosen(unreadable(columnsUnknown(['text']))),
  },
  { id: 'create/data-gone', title: 'Data, the file is gone', render: () => chosen(unreadable(gone)) },
  {
    id: 'create/data-folder',
    title: 'Data, a folder with something left out',
    render: () =>
      chosen({
        inspection: { ...notLoaded, value: inspection },
        note: '382 rows of 3 files in tickets. Left out: 2 records of b.csv; 1 other file.',
        rows: rowsOf('chat', 0),
      }),
  },
  { id: 'create/data-preview', title: 'Data, read', render: () => preview('chat', 0) },
  { id: 'create/data-html', title: 'Data, HTML in a row', render: () => preview('chat', 1) },
  { id: 'create/data-tokens', title: 'Data, as the model sees it', render: () => preview('model', 0) },
  {
    id: 'create/base',
    title: 'Base',
    render: () => (
      <ShownStep step="base" title="Which model should it start from?">
        <BaseChoice
          models={baseModels}
          value={baseModels[0]?.id ?? null}
          recommendation={{ id: baseModels[0]?.id ?? '', reason: 'trainsHere' }}
          forecasts={{
            [baseModels[0]?.id ?? '']: { seconds: 352, memoryBytes: 3.1e9 },
            'qwen3-0.6b': { seconds: 1500, memoryBytes: 5e9 },
          }}
          memoryBytes={2.4e10}
          onChange={nothing}
        />
      </ShownStep>
    ),
  },
  { id: 'create/plan', title: 'Plan', render: () => naming(<PlanTable preview={planPreview} own={{}} />) },
  {
    id: 'create/plan-bad-name',
    title: 'Plan, a name that cannot be',
    render: () => naming(<PlanTable preview={planPreview} own={{}} />, 'Größe 2!'),
  },
  {
    id: 'create/plan-form',
    title: 'Plan, advanced form',
    render: () =>
      naming(
        <PlanForm
          {...planned}
          problems={{ learningRate: 'learningRate is 0.9; it must be below 0.1.' }}
          onSetting={nothing}
          onJobField={nothing}
        />,
      ),
  },
  {
    id: 'create/plan-text',
    title: 'Plan, as YAML',
    render: () => naming(<PlanText {...planned} text={null} onText={nothing} onRequest={nothing} />),
  },
  {
    id: 'create/plan-text-wrong',
    title: 'Plan, as YAML with problems',
    render: () =>
      naming(
        <PlanText
          {...planned}
          text={'name: support\nsettings:\n  rank: 0\n  speed: 9\n'}
          onText={nothing}
          onRequest={nothing}
        />,
      ),
  },
  {
    id: 'create/locked',
    title: 'A training has begun with it',
    render: () => (
      <Page title="Create a model" subtitle={draft.datasetLabel} layout="fill">
        <LockedStep
          draft={{ ...draft, mainJob: 'main-1' }}
          title="What should it learn from?"
          onCopy={nothing}
          onGo={nothing}
        />
      </Page>
    ),
  },
  ...trainingGallery,
];

function list(shown: typeof drafts | null): ReactNode {
  return <DraftsView drafts={shown} failure={null} onBegin={nothing} onRemove={nothing} onRetry={nothing} />;
}
