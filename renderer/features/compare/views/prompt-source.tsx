import { useState, type KeyboardEvent } from 'react';
import type { KnownDataset } from '#contract/dataset-preview.ts';
import type { MainJobView } from '#contract/main-job.ts';
import { useShell } from '../../../shell/use-shell.ts';
import { Button } from '../../../ui/button.tsx';
import { Field } from '../../../ui/field.tsx';
import { FileDrop } from '../../../ui/file-drop.tsx';
import { Select } from '../../../ui/select.tsx';
import { NumberInput, TextArea, TextInput } from '../../../ui/text-input.tsx';
import { useCompareWords } from '../compare-words.ts';
import { linesOf, type ComparisonDraft } from '../comparison-draft.ts';
import classes from './compare-view.module.css';

export interface PromptSourceProps {
  readonly draft: ComparisonDraft;
  readonly datasets: readonly KnownDataset[];
  readonly mainJobs: readonly MainJobView[];
  readonly onChange: (part: Partial<ComparisonDraft>) => void;
  readonly onUpload: (file: File) => Promise<void>;
  readonly onStart: () => void;
}

/** What the models are asked: a prompt, lines, a file, or held-out rows. */
export function PromptSource(props: PromptSourceProps) {
  switch (props.draft.source) {
    case 'prompt':
      return <OnePrompt {...props} />;
    case 'lines':
      return <Lines {...props} />;
    case 'file':
      return <PromptFile {...props} />;
    case 'held-out':
      return <HeldOutRows {...props} />;
  }
}

function OnePrompt({ draft, onChange, onStart }: PromptSourceProps) {
  const words = useCompareWords();
  const press = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    onStart();
  };
  return (
    <TextArea
      rows={6}
      label={words('prompt')}
      placeholder={words('promptPlaceholder')}
      value={draft.prompt}
      onChange={(prompt) => onChange({ prompt })}
      onKeyDown={press}
    />
  );
}

function Lines({ draft, onChange }: PromptSourceProps) {
  const words = useCompareWords();
  return (
    <Field label={words('lines')} hint={words('linesCount', { count: linesOf(draft.lines).length })}>
      <TextArea rows={6} value={draft.lines} onChange={(lines) => onChange({ lines })} />
    </Field>
  );
}

function PromptFile({ draft, datasets, onChange, onUpload }: PromptSourceProps) {
  const words = useCompareWords();
  const shell = useShell();
  const [failure, setFailure] = useState<string | null>(null);
  const [isReading, setReading] = useState(false);
  const upload = (file: File | undefined): void => {
    if (file === undefined) return;
    setReading(true);
    onUpload(file)
      .then(() => setFailure(null))
      .catch((error: unknown) => setFailure(error instanceof Error ? error.message : String(error)))
      .finally(() => setReading(false));
  };
  const pick = async (): Promise<void> => {
    const path = await shell.pickPath({ kind: 'file', title: words('chooseFile'), suggested: null });
    if (path !== null) onChange({ path });
  };
  return (
    <div className={classes['fields']}>
      {datasets.length > 0 && (
        <Field label={words('knownFiles')}>
          <Select
            value={datasets.some(({ path }) => path === draft.path) ? draft.path : null}
            onChange={(path) => onChange({ path })}
            options={datasets.map(({ path, label, about }) => ({ value: path, label, hint: about }))}
          />
        </Field>
      )}
      <FileDrop
        accept=".jsonl,.json,.csv,.tsv"
        label={isReading ? words('reading') : words('dropFile')}
        hint={words('dropHint')}
        onFiles={([file]) => upload(file)}
        onPaths={([path]) => path !== undefined && onChange({ path })}
      />
      <Field label={words('pathLabel')} hint={words('fileHint')} error={failure}>
        <TextInput code value={draft.path} onChange={(path) => onChange({ path })} maxLength={4096} />
      </Field>
      {shell.canPickPath && (
        <div>
          <Button onClick={() => void pick()}>{words('chooseFile')}</Button>
        </div>
      )}
      <Limit draft={draft} onChange={onChange} />
    </div>
  );
}

function HeldOutRows({ draft, mainJobs, onChange }: PromptSourceProps) {
  const words = useCompareWords();
  if (mainJobs.length === 0) return <p className={classes['quiet']}>{words('noMainJob')}</p>;
  const options = mainJobs.map(({ id, name, version, result }) => ({
    value: id,
    label: `${name}:v${version}`,
    hint: result === null ? undefined : words('rowsHeldOut', { count: result.rows.heldOut }),
  }));
  return (
    <div className={classes['fields']}>
      <Field label={words('mainJob')} hint={words('mainJobHint')}>
        <Select value={draft.mainJob} onChange={(mainJob) => onChange({ mainJob })} options={options} />
      </Field>
      <Limit draft={draft} onChange={onChange} />
    </div>
  );
}

function Limit({ draft, onChange }: Pick<PromptSourceProps, 'draft' | 'onChange'>) {
  const words = useCompareWords();
  return (
    <Field label={words('limit')} className={classes['narrow']}>
      <NumberInput
        value={draft.limit}
        min={1}
        max={2_000}
        step={10}
        unit={words('limitUnit')}
        onChange={(limit) => limit !== null && onChange({ limit: Math.round(limit) })}
      />
    </Field>
  );
}
