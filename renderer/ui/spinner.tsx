import { classes } from './classes.ts';
import styles from './spinner.module.css';
import { useUiWords } from './ui-words.ts';

export interface SpinnerProps {
  /** What is waited for; without it "Working". */
  readonly label?: string | undefined;
  readonly size?: 'small' | 'normal';
  /** True when words beside it already say it. */
  readonly silent?: boolean;
  readonly className?: string | undefined;
}

/** Something goes on and nobody knows how long. Where the share done is known, `ProgressBar`. */
export function Spinner({ label, size = 'normal', silent = false, className, ...rest }: SpinnerProps) {
  const words = useUiWords();
  const named = silent ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label ?? words('working') };
  return <span className={classes(styles['spinner'], styles[size], className)} {...named} {...rest} />;
}
