import { classes } from './classes.ts';
import { keyParts } from './key-names.ts';
import styles from './key-hint.module.css';
import { useIsMac } from './use-platform.ts';

export interface KeysProps {
  /** `Mod+K`, `Shift+Enter`, `J`; `Mod` is the command key on a Mac, Ctrl elsewhere. */
  readonly keys: string;
  readonly className?: string | undefined;
}

/** A key or a combination, as it is printed on the keyboard at hand. */
export function Keys({ keys, className, ...rest }: KeysProps) {
  const parts = keyParts(keys, useIsMac());
  return (
    <kbd className={classes(styles['keys'], className)} {...rest}>
      {parts.map((part) => (
        <kbd key={part} className={styles['key']}>
          {part}
        </kbd>
      ))}
    </kbd>
  );
}
