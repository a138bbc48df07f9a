import { useEffect, useState } from 'react';
import type { KnownDataset } from '#contract/dataset-preview.ts';
import { useStoreOf } from '../../../connection/use-store.ts';
import { useShell } from '../../../shell/use-shell.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { readingOf } from '../data-reading.ts';
import { createDataStore, type Reading } from '../data-store.ts';
import { useDataWords } from '../data-words.ts';
import { hasData, withData, withWishes, type ChosenData, type Draft } from '../draft-state.ts';
import { createDraftsStore } from '../drafts-store.ts';
import { ChosenDataView } from './chosen-data-view.tsx';
import { DataChooser } from './data-chooser.tsx';
import { useSpeaker } from '../../../words/speaker.ts';
import { RowPreview, type RowMode } from './row-preview.tsx';
import { StepFrame } from './step-frame.tsx';
import type { StepProps } from './step-props.ts';
import { useWindowDrop } from './window-drop.ts';
import { useImports } from './use-imports.ts';
import { useBringData } from './use-bring-data.ts';

/** The first decision: what to learn from. */
export function DataStep({ draft, consequence, saving, onGo }: StepProps) {
  const words = useDataWords();
  const change = useStoreOf(createDraftsStore, (state) => state.change);
  const isBringing = useStoreOf(createDataStore, ({ bringing }) => bringing.kind !== 'idle');
  const speaker = useSpeaker();
  const inspection = useStoreOf(createDataStore, (state) => state.inspection);
  const stop = useStoreOf(createDataStore, (state) => state.stopBringing);
  const [isChoosing, setIsChoosing] = useState(false);
  const keep = (): void => {
    stop();
    setIsChoosing(false);
  };
  const choose = (data: ChosenData): void => {
    change((before) => withData(before, data));
    setIsChoosing(false);
  };
  const { fromDropped } = useBringData(choose);
  useWindowDrop(fromDropped);
  const showsChooser = !hasData(draft) || isChoosing || isBringing;
  const reading = useReading(draft);
  const isUsable = inspection.value !== null && inspection.failure === null;
  const waits = isUsable
    ? null
    : inspection.failure === null
      ? words('reading')
      : speaker.failure(inspection.failure).message;
  return (
    <StepFrame
      title={words('title')}
      intro={words('intro')}
      consequence={consequence}
      saving={saving}
      arrival={showsChooser ? 'choosing' : 'chosen'}
      secondary={showsChooser && hasData(draft) ? <Button onClick={keep}>{words('keep')}</Button> : undefined}
      primary={showsChooser ? null : { label: words('next'), onGo: () => onGo('base'), disabledReason: waits }}
    >
      {showsChooser ? (
        <Chooser draft={draft} onChosen={choose} />
      ) : (
        <Chosen draft={draft} reading={reading} onOther={() => setIsChoosing(true)} />
      )}
    </StepFrame>
  );
}

/** Reads the file again whenever what decides its rows changes. */
function useReading(draft: Draft): Reading | null {
  const known = useStoreOf(createDataStore, (state) => state.known.value);
  const inspect = useStoreOf(createDataStore, (state) => state.inspect);
  const reading = hasData(draft) ? readingOf(draft, known) : null;
  const key = JSON.stringify(reading);
  useEffect(() => {
    const wanted = JSON.parse(key) as Reading | null;
    if (wanted !== null) void inspect(wanted);
  }, [key, inspect]);
  return reading;
}

function Chooser({ draft, onChosen }: { readonly draft: Draft; readonly onChosen: (data: ChosenData) => void }) {
  const words = useDataWords();
  const shell = useShell();
  const { fromFiles, fromFolder, fromPath, fromSource } = useBringData(onChosen);
  const bringing = useStoreOf(createDataStore, (state) => state.bringing);
  const imports = useImports();
  const known = useStoreOf(createDataStore, (state) => state.known);
  const stop = useStoreOf(createDataStore, (state) => state.stopBringing);
  const loadKnown = useStoreOf(createDataStore, (state) => state.loadKnown);
  const pick = async (kind: 'file' | 'folder'): Promise<void> => {
    const path = await shell.pickPath({
      kind,
      title: words(kind === 'file' ? 'pickFile' : 'pickFolder'),
      suggested: null,
    });
    if (path !== null) fromPath(path);
  };
  const take = ({ isDefault, path, label }: KnownDataset): void => {
    stop();
    onChosen({ path: isDefault ? null : path, label });
  };
  return (
    <>
      {known.failure !== null && <ErrorNotice failure={known.failure} onRetry={() => void loadKnown()} />}
      <DataChooser
        key={draft.id}
        bringing={bringing}
        known={known.value ?? (known.failure === null ? null : [])}
        onFiles={fromFiles}
        onPath={fromPath}
        onFolder={fromFolder}
        onSource={fromSource}
        onKnown={take}
        onStop={stop}
        onImport={imports.fromPath}
        onPick={shell.canPickPath ? (kind) => void pick(kind) : null}
      />
    </>
  );
}

interface ChosenProps {
  readonly draft: Draft;
  readonly reading: Reading | null;
  readonly onOther: () => void;
}

function Chosen({ draft, reading, onOther }: ChosenProps) {
  const inspection = useStoreOf(createDataStore, (state) => state.inspection);
  const inspect = useStoreOf(createDataStore, (state) => state.inspect);
  const note = useStoreOf(createDataStore, (state) => state.note);
  const change = useStoreOf(createDraftsStore, (state) => state.change);
  const imports = useImports();
  const { value } = inspection;
  const { dataset } = draft.request;
  return (
    <ChosenDataView
      onImport={dataset === undefined ? null : () => imports.fromPath(dataset)}
      draft={draft}
      inspection={inspection}
      note={note}
      onOther={onOther}
      onAgain={() => void (reading !== null && inspect(reading))}
      onMapping={(mapping) => change((before) => withWishes(before, { mapping }))}
    >
      {value !== null && reading !== null && <Rows draft={draft} reading={reading} total={value.total} />}
    </ChosenDataView>
  );
}

function Rows({ draft, reading, total }: { readonly draft: Draft; readonly reading: Reading; readonly total: number }) {
  const rows = useStoreOf(createDataStore, (state) => state.rows);
  const shown = useStoreOf(createDataStore, (state) => state.shown);
  const showRow = useStoreOf(createDataStore, (state) => state.showRow);
  const morePages = useStoreOf(createDataStore, (state) => state.morePages);
  const [mode, setMode] = useState<RowMode>('chat');
  const [wanted, setIndex] = useState(0);
  const index = Math.min(wanted, Math.max(0, total - 1));
  const row = rows[index] ?? null;
  const id = row?.row.id ?? null;
  const base = draft.request.base ?? null;
  const key = JSON.stringify(reading);
  const ask = (): void => void (id !== null && showRow(JSON.parse(key) as Reading, id, base));
  useEffect(() => {
    if (index >= rows.length && rows.length < total) void morePages(JSON.parse(key) as Reading);
  }, [index, rows.length, total, key, morePages]);
  useEffect(() => {
    if (mode === 'model' && id !== null) void showRow(JSON.parse(key) as Reading, id, base);
  }, [mode, id, key, base, showRow]);
  return (
    <RowPreview
      row={row}
      index={index}
      total={total}
      mode={mode}
      shown={shown}
      onMode={setMode}
      onIndex={setIndex}
      onRetry={ask}
    />
  );
}
