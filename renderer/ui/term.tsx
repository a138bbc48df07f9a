import { Popover } from '@base-ui/react/popover';
import type { ReactNode } from 'react';
import { termOf, type TermId } from '../words/glossary.ts';
import popup from './popup.module.css';
import styles from './term.module.css';
import { useUiWords } from './ui-words.ts';

export interface TermProps {
  readonly id: TermId;
  /** Another form of the word, as the sentence needs it. */
  readonly children?: ReactNode;
}

/** A word of the trade: dotted underline; hover, press or Enter explains it in one sentence. */
export function Term({ id, children }: TermProps) {
  useUiWords(); // follows the language
  const { name, explanation } = termOf(id);
  return (
    <Popover.Root>
      <Popover.Trigger openOnHover delay={250} className={styles['term']}>
        {children ?? name}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className={popup['positioner']} side="top" sideOffset={6}>
          <Popover.Popup className={styles['gloss']} initialFocus={false} aria-label={name}>
            <span className={styles['name']}>{name}</span>
            {explanation}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
