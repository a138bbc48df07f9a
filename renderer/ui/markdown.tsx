import { lazy, Suspense } from 'react';
import { classes } from './classes.ts';
import styles from './markdown.module.css';
import { useUiWords } from './ui-words.ts';

export interface MarkdownProps {
  /** Text that a model wrote: never trusted. HTML in it is shown as text, images are not loaded, links are asked about. */
  readonly text: string;
  readonly className?: string | undefined;
}

const MarkdownBody = lazy(() => import('./markdown-body.tsx').then(({ MarkdownBody: body }) => ({ default: body })));

/** Formatting this much at each new word would be felt. */
const longestFormatted = 60_000;

/** A model's answer with its formatting. The formatter is its own chunk; until it is here, the plain text stands in its place. */
export function Markdown({ text, className, ...rest }: MarkdownProps) {
  const words = useUiWords();
  const plain = <div className={styles['plain']}>{text}</div>;
  const isLong = text.length > longestFormatted;
  return (
    <div className={classes(styles['markdown'], className)} {...rest}>
      {isLong && <p className="type-small">{words('tooLongToFormat')}</p>}
      {isLong ? plain : <Suspense fallback={plain}>{<MarkdownBody text={text} />}</Suspense>}
    </div>
  );
}
