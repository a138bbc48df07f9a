import { useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { classes as joined } from '../../../ui/classes.ts';
import { formatNumber } from '../../../words/format.ts';
import { useComparisonWords } from '../comparison-words.ts';
import classes from './answer.module.css';

interface LongTextProps {
  readonly text: string;
  /** Characters shown before somebody asks for the rest. */
  readonly shown: number;
  readonly label: string;
}

/** Text as it is, HTML in it too. A very long one shows its beginning, and the rest in a box of its own that scrolls. */
export function LongText({ text, shown, label }: LongTextProps) {
  const words = useComparisonWords();
  const [isWhole, setWhole] = useState(false);
  if (text.length <= shown) return <div className={classes['plain']}>{text}</div>;
  return (
    <>
      <div
        className={joined(classes['plain'], isWhole && classes['long'])}
        {...(isWhole && { tabIndex: 0, role: 'region', 'aria-label': label })}
      >
        {isWhole ? text : `${text.slice(0, shown)} …`}
      </div>
      <Button kind="quiet" className={classes['more']} onClick={() => setWhole(!isWhole)}>
        {isWhole ? words('showLess') : words('showAll', { size: formatNumber(text.length) })}
      </Button>
    </>
  );
}
