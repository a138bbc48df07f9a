import type { DiffPart } from '../answer-diff.ts';
import classes from './diff-view.module.css';

/** Two texts laid over each other: what is in the earlier one only is struck, what is in the later one only underlined. */
export function DiffParts({ parts }: { readonly parts: readonly DiffPart[] }) {
  return parts.map(({ kind, text }, index) => {
    // A part has no identity but its place; the list is made anew as a whole.
    const key = `${index}-${kind}`;
    if (kind === 'same') return <span key={key}>{text}</span>;
    return kind === 'left' ? (
      <del key={key} className={classes['left']}>
        {text}
      </del>
    ) : (
      <ins key={key} className={classes['right']}>
        {text}
      </ins>
    );
  });
}
