import { classes } from './classes.ts';
import { sparklineShape } from './sparkline-path.ts';
import styles from './sparkline.module.css';

export interface SparklineProps {
  /** At equal distances, oldest first; null is a gap. A few hundred at most. */
  readonly values: readonly (number | null)[];
  /** A sentence: what it is, and what it says now. */
  readonly label: string;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly tone?: 'accent' | 'base' | 'text';
  readonly className?: string | undefined;
}

const box = { width: 120, height: 24 };

/** The shape of a series without its figures. Stretches to the width it is given. */
export function Sparkline({ values, label, minimum, maximum, tone = 'text', className, ...rest }: SparklineProps) {
  const { paths } = sparklineShape(values, { ...box, minimum, maximum });
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 -1 ${box.width} ${box.height + 2}`}
      preserveAspectRatio="none"
      className={classes(styles['sparkline'], styles[tone], className)}
      {...rest}
    >
      {paths.map((path) => (
        <path key={path} d={path} />
      ))}
    </svg>
  );
}
