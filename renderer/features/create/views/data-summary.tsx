import { useState } from 'react';
import type { DatasetInspection } from '#contract/dataset-preview.ts';
import type { ColumnMapping, DatasetReport } from '#contract/datasets.ts';
import { Field } from '../../../ui/field.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Section } from '../../../ui/page.tsx';
import { Select } from '../../../ui/select.tsx';
import { formatBytes } from '../../../words/format.ts';
import { useDataWords } from '../data-words.ts';
import { fileNameOf } from '../data-source.ts';
import { completedMapping, mappingPlaces, withPlace, type MappingPlace, type OpenMapping } from '../mapping-change.ts';
import { Said } from '../../../words/said.tsx';
import { useSpeaker } from '../../../words/speaker.ts';
import styles from './data-step.module.css';

/** What was read, in one line of figures, and what to know about it. */
export function ReadSummary({ inspection }: { readonly inspection: DatasetInspection }) {
  const words = useDataWords();
  const { report, scoring } = inspection;
  const { certain, name } = report.encoding;
  return (
    <Section title={words('read')}>
      <p className={styles['figures']}>
        <span>{words('format', { container: report.container, format: report.format })}</span>
        <span>{words(certain ? 'encoding_certain' : 'encoding_guessed', { name })}</span>
        <span>{formatBytes(report.sizeBytes)}</span>
        <span>{words('summary_rows', { count: report.rows })}</span>
        {report.duplicates > 0 && <span>{words('duplicates', { count: report.duplicates })}</span>}
      </p>
      <p className={styles['small']}>
        <Said text={scoring} />
      </p>
      <Remarks report={report} file={fileNameOf(inspection.path)} />
    </Section>
  );
}

interface RemarksProps {
  readonly report: DatasetReport;
  /** Its name, for the place of what was put aside. */
  readonly file: string;
}

/** What is odd about the file, together: nothing here stops anybody. */
function Remarks({ report, file }: RemarksProps) {
  const words = useDataWords();
  const { encoding, contradictions, rejected } = report;
  if (encoding.certain && contradictions === 0 && rejected.total === 0) return null;
  return (
    <Notice tone="warn">
      <ul className={styles['remarks']}>
        {!encoding.certain && <li>{words('guessedEncoding', { name: encoding.name })}</li>}
        {contradictions > 0 && (
          <li>
            {words('contradictions', { count: contradictions })} {words('contradictionsHint')}
          </li>
        )}
        {rejected.total > 0 && <Rejects report={report} file={file} />}
      </ul>
    </Notice>
  );
}

function Rejects({ report: { rejected }, file }: RemarksProps) {
  const words = useDataWords();
  const { say } = useSpeaker();
  const [first] = rejected.examples;
  return (
    <li>
      <details className={styles['more']}>
        <summary>
          {words('rejected', { count: rejected.total })}{' '}
          {first !== undefined && `${words('atLine', { line: first.line, file })}: ${say(first.message)}`}
        </summary>
        <ul className={styles['rejects']} tabIndex={0} aria-label={words('rejects')}>
          {rejected.examples.map(({ line, message, excerpt }) => (
            <li key={`${line}-${message}`} className={styles['reject']}>
              <span>
                {words('atLine', { line, file })}: {say(message)}
              </span>
              <code className={styles['excerpt']}>{excerpt}</code>
            </li>
          ))}
        </ul>
      </details>
    </li>
  );
}

export interface MappingSelectsProps {
  readonly columns: readonly string[];
  /** As it is read now; null when the engine found none. */
  readonly mapping: ColumnMapping | null;
  readonly onChange: (mapping: ColumnMapping) => void;
}

const none = '\u0000none';

/** Which column is what. A complete choice is told at once; a half one is kept here until it is. */
export function MappingSelects({ columns, mapping, onChange }: MappingSelectsProps) {
  const words = useDataWords();
  const [open, setOpen] = useState<OpenMapping | null>(null);
  const shown: OpenMapping = open ?? mapping ?? {};
  const choose = (place: MappingPlace, value: string): void => {
    const next = withPlace(shown, place, value === none ? null : value);
    const complete = completedMapping(next);
    setOpen(complete === null ? next : null);
    if (complete !== null) onChange(complete);
  };
  if (columns.length === 0) return <p className={styles['small']}>{words('fixedPlaces')}</p>;
  const names = columns.map((column) => ({ value: column, label: column }));
  return (
    <div className={styles['mapping']}>
      {mappingPlaces.map((place) => {
        const isNeeded = place === 'prompt' || place === 'answer';
        return (
          <Field key={place} label={words(`place_${place}`)} required={isNeeded}>
            <Select
              value={shown[place] ?? (isNeeded ? null : none)}
              onChange={(value) => choose(place, value)}
              placeholder={words('notChosen')}
              options={isNeeded ? names : [{ value: none, label: words('noColumn') }, ...names]}
            />
          </Field>
        );
      })}
    </div>
  );
}
