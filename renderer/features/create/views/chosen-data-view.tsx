import type { ReactNode } from 'react';
import type { DatasetInspection } from '#contract/dataset-preview.ts';
import type { ColumnMapping } from '#contract/datasets.ts';
import { Button, LinkButton } from '../../../ui/button.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Section } from '../../../ui/page.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { Said } from '../../../words/said.tsx';
import { useDataWords } from '../data-words.ts';
import type { Draft } from '../draft-state.ts';
import type { Loaded } from '../loaded.ts';
import { versionAddressOf } from '../data-label.ts';
import { canBeImported } from '../data-source.ts';
import { columnsOfFailure } from '../mapping-change.ts';
import styles from './data-step.module.css';
import { MappingSelects, ReadSummary } from './data-summary.tsx';

export interface ChosenDataViewProps {
  readonly draft: Draft;
  readonly inspection: Loaded<DatasetInspection>;
  /** What was left out when the data were brought; empty when there is nothing to say. */
  readonly note: string;
  readonly onOther: () => void;
  readonly onAgain: () => void;
  /** Takes the same file over an import; null for the sample. */
  readonly onImport: (() => void) | null;
  readonly onMapping: (mapping: ColumnMapping) => void;
  /** The rows, once they can be shown. */
  readonly children: ReactNode;
}

/** What was chosen, how it was read, and what to do where it could not be. What a person looks at first, the rows, stands before what needs no change. */
export function ChosenDataView(props: ChosenDataViewProps) {
  const words = useDataWords();
  const { draft, inspection, note, onOther, children } = props;
  const { value, failure } = inspection;
  const version = versionAddressOf(draft.request.dataset ?? '');
  return (
    <>
      <div className={styles['chosen']}>
        <span className={styles['chosenName']}>
          <Said text={draft.datasetLabel ?? ''} />
        </span>
        {version === null ? (
          <span className={styles['small']}>{draft.request.dataset}</span>
        ) : (
          <LinkButton kind="quiet" to={version}>
            {words('openInData')}
          </LinkButton>
        )}
        <Button className={styles['push']} onClick={onOther}>
          {words('other')}
        </Button>
      </div>
      {note !== '' && (
        <Notice tone="info">
          <Said text={note} />
        </Notice>
      )}
      {failure !== null && <Trouble {...props} />}
      {value === null && failure === null && <Skeleton lines={6} height={2} />}
      {value !== null && failure === null && <ReadSummary inspection={value} />}
      {failure === null && children}
      {version === null && <Mapping {...props} />}
    </>
  );
}

/** Columns nobody knows are no fault of the file: the person says which is which. */
function Trouble({ draft, inspection: { failure }, onAgain, onImport }: ChosenDataViewProps) {
  const words = useDataWords();
  if (failure === null) return null;
  const columns = columnsOfFailure(failure);
  if (failure.code === 'dataset.columns-unknown' && columns !== null)
    return columns.length > 1 ? (
      <Notice tone="info" action={onImport !== null && <Button onClick={onImport}>{words('importIt')}</Button>}>
        {words('columnsUnknown')}
      </Notice>
    ) : (
      <Notice tone="bad" action={<Button onClick={onAgain}>{words('readAgain')}</Button>}>
        {words('oneColumn', { name: draft.datasetLabel ?? '' })}
      </Notice>
    );
  return (
    <>
      <ErrorNotice
        failure={failure}
        actions={
          <>
            {onImport !== null && canBeImported(failure) && <Button onClick={onImport}>{words('importIt')}</Button>}
            <Button onClick={onAgain}>{words('readAgain')}</Button>
          </>
        }
      />
      {failure.code === 'dataset.not-found' && <p className={styles['small']}>{words('gone')}</p>}
    </>
  );
}

function Mapping({ draft, inspection: { value, failure }, onMapping }: ChosenDataViewProps) {
  const words = useDataWords();
  const columns = columnsOfFailure(failure) ?? (failure === null ? value?.columns : null) ?? null;
  if (columns === null || (failure !== null && columns.length < 2)) return null;
  return (
    <Section title={words('mapping')} hint={words(failure === null ? 'mappingHint' : 'mappingUnknown')}>
      <MappingSelects
        key={value?.path}
        columns={columns}
        mapping={draft.request.mapping ?? value?.report.mapping ?? null}
        onChange={onMapping}
      />
    </Section>
  );
}
