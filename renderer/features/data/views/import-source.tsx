import FolderOpen from 'lucide-react/icons/folder-open';
import { useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { Field } from '../../../ui/field.tsx';
import { FileDrop } from '../../../ui/file-drop.tsx';
import { ProgressBar } from '../../../ui/progress.tsx';
import { TextInput } from '../../../ui/text-input.tsx';
import { formatBytes } from '../../../words/format.ts';
import { useSpeaker } from '../../../words/speaker.ts';
import { readTypedSource } from '../../create/data-source.ts';
import type { Bringing } from '../bring-files.ts';
import { useDatasetsWords } from '../datasets-words.ts';
import styles from './import-view.module.css';
import type { ImportHandlers } from './import-view.tsx';

interface ImportSourceProps {
  readonly bringing: Bringing;
  readonly handlers: ImportHandlers;
}

/** The ways in: drop, choose, or name a place. */
export function ImportSource({ bringing, handlers }: ImportSourceProps) {
  const words = useDatasetsWords();
  const isOnItsWay = bringing.kind === 'sending' || bringing.kind === 'fetching';
  return (
    <div className={styles['source']}>
      {bringing.kind === 'failed' && <ErrorNotice failure={bringing.failure} />}
      {isOnItsWay ? (
        <BringingBar bringing={bringing} onStop={handlers.stopBringing} />
      ) : (
        <>
          <FileDrop
            multiple
            label={words('drop')}
            hint={words('dropHint')}
            onFiles={handlers.files}
            onPaths={handlers.paths}
            onFolder={handlers.folder}
          />
          <PlaceField handlers={handlers} />
        </>
      )}
    </div>
  );
}

interface BringingBarProps {
  readonly bringing: Extract<Bringing, { kind: 'sending' | 'fetching' }>;
  readonly onStop: () => void;
}

function BringingBar({ bringing, onStop }: BringingBarProps) {
  const words = useDatasetsWords();
  const { say } = useSpeaker();
  const isSending = bringing.kind === 'sending';
  const fraction = !isSending
    ? bringing.fraction
    : bringing.totalBytes > 0
      ? bringing.sentBytes / bringing.totalBytes
      : null;
  const text = isSending
    ? words('ofBytes', { done: formatBytes(bringing.sentBytes), all: formatBytes(bringing.totalBytes) })
    : say(bringing.text);
  return (
    <div className={styles['bringing']}>
      <ProgressBar showLabel label={words(bringing.kind, { name: bringing.label })} fraction={fraction} text={text} />
      <Button onClick={onStop}>{words('stop')}</Button>
    </div>
  );
}

function PlaceField({ handlers }: Pick<ImportSourceProps, 'handlers'>) {
  const words = useDatasetsWords();
  const [text, setText] = useState('');
  const [isAsked, setIsAsked] = useState(false);
  const source = readTypedSource(text);
  const { pick } = handlers;
  const take = (): void => {
    setIsAsked(true);
    if (source.kind === 'path' || source.kind === 'hub') handlers.source(text);
  };
  const problem = isAsked && source.kind === 'not-understood' ? words(`place_${source.reason}`) : null;
  return (
    <form
      className={styles['placeLine']}
      onSubmit={(event) => {
        event.preventDefault();
        take();
      }}
    >
      <Field className={styles['grow']} label={words('placeName')} hint={words('placeHint')} error={problem}>
        <TextInput code value={text} onChange={setText} />
      </Field>
      <span className={styles['placeButtons']}>
        <Button type="submit">{words('takeIt')}</Button>
        {pick !== null && (
          <Button icon={<FolderOpen aria-hidden />} onClick={() => pick('folder')}>
            {words('pickFolder')}
          </Button>
        )}
      </span>
    </form>
  );
}
