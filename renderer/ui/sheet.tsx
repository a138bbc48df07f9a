import { classes } from './classes.ts';
import { Modal, type DialogProps } from './dialog.tsx';
import styles from './dialog.module.css';

export interface SheetProps extends Omit<DialogProps, 'size'> {
  /** `false`: lies over the page without taking the focus; the page stays in use. Closed by Escape and its cross. */
  readonly modal?: boolean;
}

/** A panel from the right: the inspector on a narrow window, or a longer form. */
export function Sheet({ className, ...rest }: SheetProps) {
  return <Modal {...rest} className={classes(styles['sheet'], className)} />;
}
