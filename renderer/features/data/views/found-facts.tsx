import type { ImportPreview } from '#contract/import-preview.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Field } from '../../../ui/field.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Section } from '../../../ui/page.tsx';
import { Select } from '../../../ui/select.tsx';
import { formatBytes, formatNumber, formatShare } from '../../../words/format.ts';
import { useDatasetsWords } from '../datasets-words.ts';
import type { ImportDraft } from '../import-store.ts';
import styles from './import-view.module.css';

interface FoundFactsProps {
  readonly preview: ImportPreview;
  readonly draft: ImportDraft;
  readonly onChange: (change: Partial<ImportDraft>) => void;
}

/** What the first look found; whatever of it can be wrong can be changed here. */
export function FoundFacts({ preview, draft, onChange }: FoundFactsProps) {
  const words = useDatasetsWords();
  const { files, total, looked } = preview;
  const number = formatNumber(total.records);
  return (
    <Section
      title={words('foundTitle')}
      hint={files.count > 1 ? words('foundInFiles', { name: preview.file, count: files.count - 1 }) : preview.file}
    >
      <p className={styles['badges']}>
        <Badge>{words(`container_${preview.container}`)}</Badge>
        {preview.compression !== 'none' && <Badge>{preview.compression}</Badge>}
        <span>{words(total.isExact ? 'recordsExact' : 'recordsAbout', { count: total.records, records: number })}</span>
        <span className={styles['muted']}>{formatBytes(files.sizeBytes)}</span>
        {files.ignored > 0 && (
          <span className={styles['muted']}>{words('filesIgnored', { count: files.ignored })}</span>
        )}
      </p>
      <ReadingFields preview={preview} draft={draft} onChange={onChange} />
      {looked.fallbackEncoding > 0 && preview.encoding.name === 'utf-8' && (
        <Notice tone="warn">{words('fallbackEncoding', { count: looked.fallbackEncoding })}</Notice>
      )}
      {looked.rejected > 0 && (
        <Notice tone="info">
          {words('someRejected', { count: looked.rejected, looked: formatNumber(looked.records) })}
        </Notice>
      )}
    </Section>
  );
}

const found = 'found';
const encodings = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'windows-1252',
  'iso-8859-1',
  'iso-8859-15',
  'shift_jis',
  'gb18030',
  'euc-kr',
  'windows-1251',
  'koi8-r',
];
const delimiters = [',', ';', '\t', '|'];

/** Encoding, separator and header: what was found, or what the person knows better. */
function ReadingFields({ preview, draft, onChange }: FoundFactsProps) {
  const words = useDatasetsWords();
  const { container, encoding, delimiter, hasHeader } = preview;
  if (container === 'parquet' || container === 'arrow') return null;
  const foundOption = (value: string) => ({ value: found, label: words('foundValue', { value }) });
  const delimiterName = (sign: string): string => words(delimiterWord(sign), { sign });
  return (
    <div className={styles['fields']}>
      <Field
        label={words('encoding')}
        hint={draft.encoding === null ? words('certainty', { share: formatShare(encoding.confidence) }) : undefined}
      >
        <Select
          value={draft.encoding ?? found}
          onChange={(value) => onChange({ encoding: value === found ? null : value })}
          options={[foundOption(encoding.name), ...encodings.map((name) => ({ value: name, label: name }))]}
        />
      </Field>
      {container === 'csv' && (
        <>
          <Field label={words('delimiter')}>
            <Select
              value={draft.delimiter ?? found}
              onChange={(value) => onChange({ delimiter: value === found ? null : value })}
              options={[
                foundOption(delimiter === null ? '–' : delimiterName(delimiter)),
                ...delimiters.map((sign) => ({ value: sign, label: delimiterName(sign) })),
              ]}
            />
          </Field>
          <Field label={words('header')}>
            <Select
              value={draft.hasHeader === null ? found : draft.hasHeader ? 'yes' : 'no'}
              onChange={(value) => onChange({ hasHeader: value === found ? null : value === 'yes', mapping: null })}
              options={[
                foundOption(words(hasHeader ? 'headerYes' : 'headerNo')),
                { value: 'yes', label: words('headerYes') },
                { value: 'no', label: words('headerNo') },
              ]}
            />
          </Field>
        </>
      )}
    </div>
  );
}

function delimiterWord(sign: string) {
  if (sign === ',') return 'delimiter_comma';
  if (sign === ';') return 'delimiter_semicolon';
  if (sign === '\t') return 'delimiter_tab';
  return sign === '|' ? 'delimiter_bar' : 'delimiter_unusual';
}
