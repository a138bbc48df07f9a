import type { FoundryJob, VersionReference } from '#contract/dataset-versions.ts';
import type { ShownDomain } from '#contract/domain-packs.ts';
import { Button, LinkButton } from '../../../ui/button.tsx';
import type { DroppedFolder } from '../../../ui/dropped-files.ts';
import { Page } from '../../../ui/page.tsx';
import { useDatasetsWords } from '../datasets-words.ts';
import type { ImportDraft, ImportState } from '../import-store.ts';
import { ImportDraftView } from './import-draft-view.tsx';
import { ImportResult } from './import-result.tsx';
import { ImportSource } from './import-source.tsx';
import type { JobHandlers } from './job-list.tsx';

export interface ImportHandlers extends JobHandlers {
  files(files: readonly File[]): void;
  paths(paths: readonly string[]): void;
  folder(folder: DroppedFolder): void;
  /** A path or `hf:owner/name`, as typed. */
  source(text: string): void;
  /** The system's own dialog, where there is one. */
  readonly pick: ((kind: 'file' | 'folder') => void) | null;
  /** A part of a dataset of the hub that has several. */
  choosePart(source: string): void;
  stopBringing(): void;
  change(change: Partial<ImportDraft>): void;
  chooseRecord(record: number): void;
  look(): void;
  start(): void;
  startOver(): void;
  open(reference: VersionReference, tab?: 'rejects'): void;
}

export interface ImportViewProps {
  readonly state: Pick<ImportState, 'draft' | 'bringing' | 'preview' | 'record' | 'isStarting' | 'failure' | 'job'>;
  /** The import that was started here, as it is now. */
  readonly job: FoundryJob | null;
  /** Datasets that are there. */
  readonly names: ReadonlySet<string>;
  /** Packs that rows can belong to. */
  readonly domains: readonly ShownDomain[];
  readonly handlers: ImportHandlers;
}

/** From files to a version: what they are, which column is what, and then how it went. */
export function ImportView(props: ImportViewProps) {
  const { state, job, handlers } = props;
  const words = useDatasetsWords();
  const { draft } = state;
  const isStarted = state.job !== null;
  return (
    <Page
      title={draft === null ? words('importTitle') : words('importOf', { name: draft.label })}
      windowTitle={words('importTitle')}
      actions={
        <>
          <LinkButton kind="quiet" to="/data">
            {words('backToData')}
          </LinkButton>
          {draft !== null && !isStarted && <Button onClick={handlers.startOver}>{words('otherFiles')}</Button>}
        </>
      }
    >
      {draft === null && <ImportSource bringing={state.bringing} handlers={handlers} />}
      {draft !== null && !isStarted && <ImportDraftView {...props} draft={draft} />}
      {draft !== null && isStarted && <ImportResult draft={draft} job={job} handlers={handlers} />}
    </Page>
  );
}
