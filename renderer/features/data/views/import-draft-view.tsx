import { useState } from 'react';
import { isReservedDatasetName } from '#contract/dataset-names.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { Field } from '../../../ui/field.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Section } from '../../../ui/page.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { TextInput } from '../../../ui/text-input.tsx';
import { formatNumber } from '../../../words/format.ts';
import { namePattern } from '../dataset-rows.ts';
import { useDatasetsWords } from '../datasets-words.ts';
import { isOwnMapping, mappingInForce, type ImportDraft } from '../import-store.ts';
import { DomainField } from './domain-field.tsx';
import { FoundFacts } from './found-facts.tsx';
import styles from './import-view.module.css';
import type { ImportViewProps } from './import-view.tsx';
import { MappingSection } from './mapping-section.tsx';
import { PreviewSection } from './preview-section.tsx';

interface ImportDraftViewProps extends ImportViewProps {
  readonly draft: ImportDraft;
}

/** What the file is, which column is what, what comes out; each change is seen at once in the rows below. */
export function ImportDraftView({ draft, state, names, domains, handlers }: ImportDraftViewProps) {
  const { preview, record, failure, isStarting } = state;
  const seen = preview.value;
  if (draft.asDocuments)
    return (
      <div className={styles['draft']}>
        <DocumentsSection />
        <StartSection {...{ draft, names, domains, failure, isStarting, handlers }} records={null} takes />
      </div>
    );
  if (seen === null) {
    if (preview.failure === null) return <Skeleton lines={10} height={2} />;
    return <ErrorNotice failure={preview.failure} onRetry={handlers.look} />;
  }
  return (
    <div className={styles['draft']}>
      {preview.failure !== null && <ErrorNotice failure={preview.failure} onRetry={handlers.look} />}
      <FoundFacts preview={seen} draft={draft} onChange={handlers.change} />
      <MappingSection
        preview={seen}
        mapping={mappingInForce(draft, seen)}
        isOwn={isOwnMapping(draft, seen)}
        onMapping={(mapping) => handlers.change({ mapping })}
      />
      <PreviewSection
        preview={seen}
        mapping={mappingInForce(draft, seen)}
        isLoading={preview.isLoading}
        record={record}
        onRecord={handlers.chooseRecord}
      />
      <StartSection
        {...{ draft, names, domains, failure, isStarting, handlers }}
        records={seen.total}
        takes={seen.records.some(({ outcome }) => outcome.kind === 'row')}
      />
    </div>
  );
}

interface StartSectionProps extends Pick<ImportViewProps, 'names' | 'domains' | 'handlers'> {
  readonly draft: ImportDraft;
  readonly failure: ImportViewProps['state']['failure'];
  readonly isStarting: boolean;
  /** Null where nobody has counted: documents. */
  readonly records: { readonly records: number; readonly isExact: boolean } | null;
  /** At least one of the records looked at becomes a row. */
  readonly takes: boolean;
}

function StartSection({ draft, names, domains, failure, isStarting, records, takes, handlers }: StartSectionProps) {
  const words = useDatasetsWords();
  const isReserved = isReservedDatasetName(draft.name);
  const isNamed = namePattern.test(draft.name) && !isReserved;
  const reason = !isNamed ? words('nameNeeded') : takes ? null : words('nothingTaken');
  return (
    <Section title={words('storeTitle')}>
      {failure !== null && <ErrorNotice failure={failure} onRetry={handlers.start} />}
      <div className={styles['fields']}>
        <Field
          label={words('datasetName')}
          hint={names.has(draft.name) ? words('nameThere', { name: draft.name }) : words('nameHint')}
          error={isNamed ? null : words(isReserved ? 'nameReserved' : 'nameRule')}
        >
          <TextInput value={draft.name} onChange={(name) => handlers.change({ name })} />
        </Field>
        <DomainField domains={domains} value={draft.domain} onChange={(domain) => handlers.change({ domain })} />
        <Field label={words('licence')} hint={words('licenceHint')}>
          <TextInput
            value={draft.licence ?? ''}
            onChange={(licence) => handlers.change({ licence: licence.trim() === '' ? null : licence })}
          />
        </Field>
      </div>
      {records !== null && (
        <SystemPrompt draft={draft} onChange={(systemPrompt) => handlers.change({ systemPrompt })} />
      )}
      {!takes && <Notice tone="warn">{words('nothingTaken')}</Notice>}
      <div>
        <Button kind="primary" busy={isStarting} disabledReason={reason} onClick={handlers.start}>
          {startWords(records, words)}
        </Button>
      </div>
    </Section>
  );
}

function startWords(records: StartSectionProps['records'], words: ReturnType<typeof useDatasetsWords>): string {
  if (records === null) return words('startDocuments');
  const count = formatNumber(records.records);
  return records.isExact
    ? words('startExact', { count: records.records, records: count })
    : words('startAbout', { records: count });
}

function DocumentsSection() {
  const words = useDatasetsWords();
  return (
    <Section title={words('documentsTitle')}>
      <p>{words('documentsHint')}</p>
    </Section>
  );
}

/** Sent when the field is left: every change of it makes all rows anew. */
function SystemPrompt({
  draft,
  onChange,
}: {
  readonly draft: ImportDraft;
  readonly onChange: (text: string | null) => void;
}) {
  const words = useDatasetsWords();
  const [text, setText] = useState(draft.systemPrompt ?? '');
  return (
    <Field label={words('systemPrompt')} hint={words('systemPromptHint')}>
      <TextInput
        value={text}
        onChange={setText}
        onBlur={() => {
          const given = text.trim() === '' ? null : text;
          if (given !== draft.systemPrompt) onChange(given);
        }}
      />
    </Field>
  );
}
