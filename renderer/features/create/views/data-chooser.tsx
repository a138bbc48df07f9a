import FolderOpen from 'lucide-react/icons/folder-open';
import FileText from 'lucide-react/icons/file-text';
import { useState } from 'react';
import type { KnownDataset } from '#contract/dataset-preview.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import type { DroppedFolder } from '../../../ui/dropped-files.ts';
import { Field } from '../../../ui/field.tsx';
import { FileDrop } from '../../../ui/file-drop.tsx';
import { Section } from '../../../ui/page.tsx';
import { ProgressBar } from '../../../ui/progress.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { TextInput } from '../../../ui/text-input.tsx';
import { formatBytes } from '../../../words/format.ts';
import { useCreateWords } from '../create-words.ts';
import { canBeImported, readTypedSource } from '../data-source.ts';
import type { Bringing } from '../data-store.ts';
import { useDataWords } from '../data-words.ts';
import { Said } from '../../../words/said.tsx';
import { useSpeaker } from '../../../words/speaker.ts';
import styles from './data-step.module.css';

export interface DataChooserProps {
  readonly bringing: Bringing;
  /** Null while they are being read. */
  readonly known: readonly KnownDataset[] | null;
  readonly onFiles: (files: readonly File[]) => void;
  readonly onPath: (path: string) => void;
  readonly onFolder: (folder: DroppedFolder) => void;
  /** A path, a folder or `hf:owner/name`, as typed. */
  readonly onSource: (source: string) => void;
  readonly onKnown: (dataset: KnownDataset) => void;
  readonly onStop: () => void;
  /** Takes what lies there over an import. */
  readonly onImport: (path: string) => void;
  /** The system's own dialog, where there is one. */
  readonly onPick: ((kind: 'file' | 'folder') => void) | null;
}

/** The ways in: drop, choose, name a place, or take what is already here. */
export function DataChooser(props: DataChooserProps) {
  const words = useDataWords();
  const { bringing, known, onFiles, onPath, onFolder, onKnown, onStop } = props;
  return (
    <>
      {bringing.kind === 'failed' && <NotBrought bringing={bringing} onImport={props.onImport} />}
      {bringing.kind === 'sending' || bringing.kind === 'fetching' ? (
        <BringingBar bringing={bringing} onStop={onStop} />
      ) : (
        <>
          <FileDrop
            label={words('drop')}
            hint={words('dropHint')}
            onFiles={onFiles}
            onFolder={onFolder}
            onPaths={([path]) => path !== undefined && onPath(path)}
          />
          <PlaceField {...props} />
        </>
      )}
      <Section title={words('known')}>
        {known === null ? <Skeleton lines={2} height={2.75} /> : <KnownList known={known} onKnown={onKnown} />}
      </Section>
    </>
  );
}

function NotBrought({
  bringing: { failure, source },
  onImport,
}: {
  readonly bringing: Extract<Bringing, { kind: 'failed' }>;
  readonly onImport: (path: string) => void;
}) {
  const words = useDataWords();
  const isData = source !== undefined && canBeImported(failure);
  return (
    <ErrorNotice
      failure={failure}
      actions={isData ? <Button onClick={() => onImport(source)}>{words('importIt')}</Button> : undefined}
    />
  );
}

function BringingBar({
  bringing,
  onStop,
}: {
  readonly bringing: Extract<Bringing, { kind: 'sending' | 'fetching' }>;
  readonly onStop: () => void;
}) {
  const words = useDataWords();
  const { say } = useSpeaker();
  const isSending = bringing.kind === 'sending';
  const fraction = isSending ? shareOf(bringing.sentBytes, bringing.totalBytes) : bringing.fraction;
  const text = isSending
    ? words('ofBytes', { done: formatBytes(bringing.sentBytes), all: formatBytes(bringing.totalBytes) })
    : say(bringing.text);
  return (
    <div className={styles['place']}>
      <ProgressBar showLabel label={words(bringing.kind, { name: bringing.label })} fraction={fraction} text={text} />
      <Button onClick={onStop}>{words('stop')}</Button>
    </div>
  );
}

function shareOf(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}

function PlaceField({ onSource, onPick }: Pick<DataChooserProps, 'onSource' | 'onPick'>) {
  const words = useDataWords();
  const [text, setText] = useState('');
  const [isAsked, setIsAsked] = useState(false);
  const source = readTypedSource(text);
  const problems = {
    'web-address': words('placeWebAddress'),
    'hub-name': words('placeHubName'),
    relative: words('placeRelative'),
  };
  const take = (): void => {
    setIsAsked(true);
    if (source.kind === 'path' || source.kind === 'hub') onSource(text);
  };
  return (
    <div className={styles['place']}>
      <Field
        label={words('place')}
        hint={words('placeHint')}
        error={isAsked && source.kind === 'not-understood' ? problems[source.reason] : null}
      >
        <TextInput
          code
          value={text}
          onChange={setText}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            take();
          }}
        />
      </Field>
      <div className={styles['take']}>
        <div className={styles['placeButtons']}>
          <Button onClick={take}>{words('take')}</Button>
          {onPick !== null && (
            <Button icon={<FolderOpen aria-hidden />} onClick={() => onPick('folder')}>
              {words('pickFolder')}
            </Button>
          )}
        </div>
      </div>
    </div>
  );
}

function KnownList({
  known,
  onKnown,
}: Pick<DataChooserProps, 'onKnown'> & { readonly known: readonly KnownDataset[] }) {
  const words = useDataWords();
  const common = useCreateWords();
  return (
    <ul className={styles['known']}>
      {known.map((dataset) => (
        <li key={dataset.path}>
          <button type="button" className={styles['knownRow']} onClick={() => onKnown(dataset)}>
            <FileText size={16} aria-hidden />
            <span className={styles['knownWords']}>
              <span className={styles['knownName']}>
                <Said text={dataset.label} />
              </span>
              <br />
              <span className={styles['small']}>
                <Said text={dataset.about} />
              </span>
            </span>
            <span className={styles['small']}>
              {dataset.rows === null ? formatBytes(dataset.sizeBytes) : common('rows', { count: dataset.rows })}
            </span>
            <Badge tone={dataset.isDefault ? 'accent' : 'neutral'}>{words(`kind_${dataset.kind}`)}</Badge>
          </button>
        </li>
      ))}
    </ul>
  );
}
