import CircleAlert from 'lucide-react/icons/circle-alert';
import CircleCheck from 'lucide-react/icons/circle-check';
import Info from 'lucide-react/icons/info';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { classes } from './classes.ts';
import tones from './tone.module.css';
import styles from './tone-sign.module.css';
import { useUiWords } from './ui-words.ts';

export type SignTone = 'good' | 'warn' | 'bad' | 'info';

const signs = { good: CircleCheck, warn: TriangleAlert, bad: CircleAlert, info: Info };

/** The sign that stands beside a colour of state; it has its word for a screen reader. */
export function ToneSign({ tone, className }: { readonly tone: SignTone; readonly className?: string | undefined }) {
  const words = useUiWords();
  const Sign = signs[tone];
  return (
    <Sign
      role="img"
      aria-label={words(tone)}
      aria-hidden={false}
      className={classes(styles['sign'], tones[tone], className)}
    />
  );
}
