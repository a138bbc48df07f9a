import { useState } from 'react';
import type { ModelExportRequest } from '#contract/exports.ts';
import { quantisationTypes } from '#contract/quantisation-types.ts';
import { useShell } from '../../../shell/use-shell.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field } from '../../../ui/field.tsx';
import { RadioCards } from '../../../ui/radio-cards.tsx';
import { Select } from '../../../ui/select.tsx';
import { TextInput } from '../../../ui/text-input.tsx';
import { emptyExportDraft, exportRequestOf, type ExportDraft } from '../export-run.ts';
import type { ModelRow } from '../model-rows.ts';
import { useModelsWords } from '../models-words.ts';
import classes from './models-view.module.css';

interface ExportDialogProps {
  readonly row: ModelRow;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onExport: (request: ModelExportRequest) => void;
}

/** What to write of a version, and where to. */
export function ExportDialog({ row, isOpen, onClose, onExport }: ExportDialogProps) {
  const words = useModelsWords();
  const [draft, setDraft] = useState<ExportDraft>(emptyExportDraft);
  const change = (part: Partial<ExportDraft>): void => setDraft({ ...draft, ...part });
  const request = exportRequestOf(row.id, draft);
  return (
    <Dialog
      open={isOpen}
      onClose={onClose}
      title={words('exportTitle', { id: row.id })}
      footer={
        <>
          <Button kind="quiet" onClick={onClose}>
            {words('close')}
          </Button>
          <Button
            kind="primary"
            disabledReason={request === null ? words('destinationMissing') : null}
            onClick={() => request !== null && onExport(request)}
          >
            {words('startExport')}
          </Button>
        </>
      }
    >
      <div className={classes['fields']}>
        <RadioCards
          label={words('format')}
          value={draft.format}
          onChange={(format) => change({ format })}
          options={[
            { value: 'gguf', label: words('formatGguf'), description: words('formatGgufText') },
            { value: 'adapter', label: words('formatAdapter'), description: words('formatAdapterText') },
            { value: 'merged', label: words('formatMerged'), description: words('formatMergedText') },
          ]}
        />
        {draft.format === 'gguf' && <TypeField row={row} draft={draft} onChange={change} />}
        <Destination row={row} draft={draft} onChange={change} />
      </div>
    </Dialog>
  );
}

interface PartProps {
  readonly row: ModelRow;
  readonly draft: ExportDraft;
  readonly onChange: (part: Partial<ExportDraft>) => void;
}

function TypeField({ row, draft, onChange }: PartProps) {
  const words = useModelsWords();
  const measured = row.version.quantisation;
  const others = quantisationTypes.filter((type) => type !== measured);
  return (
    <Field label={words('fileType')} {...(draft.type !== null && { hint: words('otherTypeHint') })}>
      <Select
        value={draft.type ?? 'measured'}
        onChange={(chosen) => onChange({ type: others.find((type) => type === chosen) ?? null })}
        options={[
          { value: 'measured', label: words('measuredType', { type: measured ?? '–' }) },
          ...others.map((type) => ({ value: type, label: type })),
        ]}
      />
    </Field>
  );
}

function Destination({ row, draft, onChange }: PartProps) {
  const words = useModelsWords();
  const shell = useShell();
  const choose = async (): Promise<void> => {
    const { name, version } = row.version;
    const isFolder = draft.format === 'merged';
    const suggested = isFolder ? null : `${name}-v${version}.gguf`;
    const to = await shell.pickPath({ kind: isFolder ? 'folder' : 'save', title: words('choose'), suggested });
    if (to !== null) onChange({ to });
  };
  return (
    <>
      <Field label={words('destination')} hint={words('destinationHint')}>
        <TextInput code value={draft.to} onChange={(to) => onChange({ to })} maxLength={4096} />
      </Field>
      {shell.canPickPath && (
        <div>
          <Button onClick={() => void choose()}>{words('choose')}</Button>
        </div>
      )}
    </>
  );
}
