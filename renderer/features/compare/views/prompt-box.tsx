import ArrowUp from 'lucide-react/icons/arrow-up';
import type { KeyboardEvent, ReactNode } from 'react';
import { comparisonLimits } from '#contract/comparisons.ts';
import { Button } from '../../../ui/button.tsx';
import { TextArea } from '../../../ui/text-input.tsx';
import { formatNumber } from '../../../words/format.ts';
import { useComparisonWords } from '../comparison-words.ts';
import classes from './prompt-box.module.css';

interface PromptBoxProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly onSend: () => void;
  readonly label: string;
  readonly placeholder: string;
  readonly sendLabel: string;
  /** Why nothing can be sent now, whatever is written. */
  readonly obstacle: string | null;
  readonly isBusy?: boolean;
  readonly rows?: number;
  /** Beside the button: settings, cost. */
  readonly children?: ReactNode;
}

/** Where a prompt is written: Enter sends, Shift+Enter begins a line. */
export function PromptBox(props: PromptBoxProps) {
  const { text, onChange, onSend, label, placeholder, sendLabel, obstacle, isBusy = false, rows = 2, children } = props;
  const words = useComparisonWords();
  const own = text.trim() === '' ? words('sendEmpty') : tooLong(text, words);
  const reason = obstacle ?? own;
  const press = (event: KeyboardEvent): void => {
    // Enter also ends the composing of a character, and must not send then.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    if (reason === null && !isBusy) onSend();
  };
  return (
    <div className={classes['box']}>
      <TextArea
        className={classes['text']}
        value={text}
        onChange={onChange}
        onKeyDown={press}
        label={label}
        placeholder={placeholder}
        rows={rows}
      />
      {text.length > comparisonLimits.promptCharacters && (
        <p className={classes['tooLong']} role="alert">
          {own}
        </p>
      )}
      <div className={classes['foot']}>
        <div className={classes['beside']}>{children}</div>
        <Button kind="primary" icon={<ArrowUp />} busy={isBusy} disabledReason={reason} onClick={onSend}>
          {sendLabel}
        </Button>
      </div>
    </div>
  );
}

function tooLong(text: string, words: ReturnType<typeof useComparisonWords>): string | null {
  if (text.length <= comparisonLimits.promptCharacters) return null;
  return words('sendTooLong', { count: formatNumber(text.length) });
}
