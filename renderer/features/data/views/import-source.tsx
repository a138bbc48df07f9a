import FolderOpen from 'lucide-react/icons/folder-open';
import { useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { Field } from '../../../ui/field.tsx';
import { FileDrop } from '../../../ui/file-drop.tsx';
import { ProgressBar } from '../../../ui/progress.tsx';
import { TextInput } from '../../../ui/text-input.tsx';
import { formatBytes } from '../../../words/format.ts';
import { readTypedSource } from '../../create/data-source.ts';
import type { Bringing } from '../bring-files.ts';
import { useDatasetsWords } from '../datasets-words.ts';
import { HubParts } from './hub-parts.tsx';
import styles from './import-view.module.css';
import type { ImportHandlers } from './import-view.tsx';

interface ImportSourceProps {
  readonly bringing: Bringing;
  readonly handlers: ImportHandlers;
}

/** The ways in: drop, choose, or name a place. */
export function ImportSource({ bringing, handlers }: ImportSourceProps) {
  const words = useDatasetsWords();
  const isOnItsWay = bringing.kind === 'sending' || bringing.kind === 'fetching' || bringing.kind === 'asking';
  if (bringing.kind === 'choosing')
    return (
      <HubParts
        label={bringing.label}
        listing={bringing.listing}
        onChoose={handlers.choosePart}
        onStop={handlers.stopBringing}
      />
    );
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
  readonly bringing: Extract<Bringing, { kind: 'sending' | 'asking' | 'fetching' }>;
  readonly onStop: () => void;
}

function BringingBar({ bringing, onStop }: BringingBarProps) {
  const words = useDatasetsWords();
  const done = bringing.kind === 'sending' ? bringing.sentBytes : bringing.kind === 'fetching' ? bringing.doneBytes : 0;
  const total = bringing.kind === 'asking' ? 0 : bringing.totalBytes;
  const bytes = total === 0 ? '' : words('ofBytes', { done: formatBytes(done), all: formatBytes(total) });
  const file = bringing.kind === 'fetching' ? bringing.file : '';
  return (
    <div className={styles['bringing']}>
      <ProgressBar
        showLabel
        label={words(bringing.kind, { name: bringing.label })}
        fraction={total === 0 ? null : done / total}
        text={[bytes, file].filter((part) => part !== '').join(' · ')}
      />
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
