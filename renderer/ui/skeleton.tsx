import { classes } from './classes.ts';
import styles from './skeleton.module.css';
import { useUiWords } from './ui-words.ts';

export interface SkeletonProps {
  /** Lines of text, or one block of `height`. */
  readonly lines?: number;
  /** In rem, the final height of what comes. */
  readonly height?: number | undefined;
  /** In rem; the whole width without it. */
  readonly width?: number | undefined;
  readonly className?: string | undefined;
}

/** Holds the place of what is being loaded, in its final size. */
export function Skeleton({ lines = 1, height, width, className, ...rest }: SkeletonProps) {
  const words = useUiWords();
  const size = {
    ...(height !== undefined && { height: `${height}rem` }),
    ...(width !== undefined && { width: `${width}rem` }),
  };
  return (
    <div className={classes(styles['skeleton'], className)} role="status" aria-label={words('loading')} {...rest}>
      {Array.from({ length: lines }, (_, line) => (
        <div key={line} className={styles['line']} style={size} />
      ))}
    </div>
  );
}
