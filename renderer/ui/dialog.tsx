import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import X from 'lucide-react/icons/x';
import type { ReactNode } from 'react';
import { IconButton } from './button.tsx';
import { classes } from './classes.ts';
import styles from './dialog.module.css';
import { useUiWords } from './ui-words.ts';

export interface DialogProps {
  readonly open: boolean;
  /** Escape, the cross, or a press outside. */
  readonly onClose: () => void;
  readonly title: ReactNode;
  readonly children: ReactNode;
  /** The buttons, the one that goes on last. */
  readonly footer?: ReactNode;
  readonly size?: 'normal' | 'wide';
  readonly className?: string | undefined;
}

/** Something to settle before going on. Rare: prefer the page itself, and Undo to a question. */
export function Dialog({ open, onClose, title, children, footer, size = 'normal', className }: DialogProps) {
  return (
    <Modal
      open={open}
      onClose={onClose}
      title={title}
      footer={footer}
      className={classes(styles['dialog'], styles[size], className)}
    >
      {children}
    </Modal>
  );
}

export interface ModalProps extends Omit<DialogProps, 'size'> {
  readonly className: string;
  /** `false`: the page beside it stays in use and keeps the focus. */
  readonly modal?: boolean;
}

/** What `Dialog` and `Sheet` share: focus stays inside and goes back, the page behind does not scroll. */
export function Modal({ open, onClose, title, children, footer, className, modal = true }: ModalProps) {
  const words = useUiWords();
  return (
    <BaseDialog.Root
      open={open}
      modal={modal}
      disablePointerDismissal={!modal}
      onOpenChange={(isOpen) => !isOpen && onClose()}
    >
      <BaseDialog.Portal>
        {modal && <BaseDialog.Backdrop className={styles['scrim']} />}
        <BaseDialog.Popup className={className} {...(!modal && { initialFocus: false })}>
          <BaseDialog.Title className={styles['title']}>{title}</BaseDialog.Title>
          <div className={styles['body']}>{children}</div>
          {footer !== undefined && <div className={styles['footer']}>{footer}</div>}
          {/* Last, so that the focus starts in the content and not on the cross. */}
          <div className={styles['close']}>
            <BaseDialog.Close render={<IconButton label={words('close')} icon={<X />} />} />
          </div>
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}
