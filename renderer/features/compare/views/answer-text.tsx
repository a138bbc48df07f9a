import { Markdown } from '../../../ui/markdown.tsx';
import { useComparisonWords } from '../comparison-words.ts';
import classes from './answer.module.css';
import { LongText } from './long-text.tsx';

/** From here on an answer is not laid out as Markdown: that would be felt. */
const longestMarkdown = 30_000;
const shownPlain = 20_000;

interface AnswerTextProps {
  readonly text: string;
  readonly isPlain: boolean;
  readonly label: string;
}

/** A whole answer: as Markdown, or as it was written. HTML in it stays text either way. */
export function AnswerText({ text, isPlain, label }: AnswerTextProps) {
  const words = useComparisonWords();
  if (text === '') return <p className={classes['quiet']}>{words('emptyAnswer')}</p>;
  if (isPlain || text.length > longestMarkdown) return <LongText text={text} shown={shownPlain} label={label} />;
  return <Markdown text={text} />;
}
