import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { Button } from '../../../ui/button.tsx';
import { TextArea } from '../../../ui/text-input.tsx';
import { paneLetter } from '../compared-models.ts';
import { useComparisonWords } from '../comparison-words.ts';
import classes from './turn.module.css';

interface AnswerEditorProps {
  readonly pane: number;
  readonly text: string;
  readonly onSave: (text: string) => void;
  readonly onCancel: () => void;
}

/** Turns an answer into the one a person wishes for. */
export function AnswerEditor({ pane, text, onSave, onCancel }: AnswerEditorProps) {
  const words = useComparisonWords();
  const [written, setWritten] = useState(text);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.querySelector('textarea')?.focus(), []);
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') onCancel();
    else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onSave(written);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div ref={box} className={classes['editor']} onKeyDown={press}>
      <TextArea
        value={written}
        onChange={setWritten}
        rows={8}
        label={words('editor', { letter: paneLetter(pane) })}
        maxLength={200_000}
      />
      <p className="type-small">{words('editorHint')}</p>
      <div className={classes['row']}>
        <Button keys="Mod+Enter" onClick={() => onSave(written)}>
          {words('saveEdit')}
        </Button>
        <Button kind="quiet" keys="Escape" onClick={onCancel}>
          {words('cancelEdit')}
        </Button>
      </div>
    </div>
  );
}
