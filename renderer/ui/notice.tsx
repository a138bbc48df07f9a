import type { ReactNode } from 'react';
import { classes } from './classes.ts';
import styles from './notice.module.css';
import tones from './tone.module.css';
import { ToneSign, type SignTone } from './tone-sign.tsx';

export interface NoticeProps {
  readonly tone: SignTone;
  readonly title?: ReactNode;
  readonly children?: ReactNode;
  /** A button at the right: the remedy. */
  readonly action?: ReactNode;
  readonly className?: string | undefined;
}

/** A sentence about the state of things, in the flow of the page. */
export function Notice({ tone, title, children, action, className, ...rest }: NoticeProps) {
  return (
    <div
      className={classes(styles['notice'], tones[tone], className)}
      role={tone === 'bad' ? 'alert' : undefined}
      {...rest}
    >
      <ToneSign tone={tone} className={styles['sign']} />
      <div className={styles['words']}>
        {title !== undefined && <p className={styles['title']}>{title}</p>}
        {children !== undefined && <div className={styles['text']}>{children}</div>}
      </div>
      {action !== undefined && <div className={styles['action']}>{action}</div>}
    </div>
  );
}
