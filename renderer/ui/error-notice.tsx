import type { ReactNode } from 'react';
import type { ForgeErrorData } from '#contract/error-data.ts';
import { Button } from './button.tsx';
import { CopyButton } from './copy-button.tsx';
import { useSpeaker } from '../words/speaker.ts';
import styles from './error-notice.module.css';
import { failureDetails } from './failure-details.ts';
import { Notice } from './notice.tsx';
import { useUiWords } from './ui-words.ts';

export interface ErrorNoticeProps {
  readonly failure: ForgeErrorData;
  /** Tries the same again; shown as a button. */
  readonly onRetry?: (() => void) | undefined;
  /** The remedy as a button, where Forge can do it. */
  readonly actions?: ReactNode;
  readonly className?: string | undefined;
}

/** What happened, and what can be done about it; the code and a copy for whoever helps. */
export function ErrorNotice({ failure, onRetry, actions, className, ...rest }: ErrorNoticeProps) {
  const words = useUiWords();
  const { message, remedy } = useSpeaker().failure(failure);
  const buttons = (
    <>
      {actions}
      {onRetry !== undefined && <Button onClick={onRetry}>{words('retry')}</Button>}
    </>
  );
  const hasButtons = actions !== undefined || onRetry !== undefined;
  return (
    <Notice tone="bad" title={message} className={className} {...rest}>
      <p>{remedy}</p>
      <div className={styles['foot']}>
        {hasButtons && <div className={styles['actions']}>{buttons}</div>}
        <span className={styles['code']}>{failure.code}</span>
        <CopyButton label={words('copyDetails')} text={failureDetails(failure)} />
      </div>
    </Notice>
  );
}
