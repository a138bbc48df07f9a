import { useEffect, useRef } from 'react';
import { liveKey } from '../comparison-turns.ts';
import { appendedPart, type LiveTexts } from '../live-texts.ts';
import classes from './answer.module.css';

interface LiveAnswerProps {
  readonly live: LiveTexts;
  /** Place of the text; see `liveKey`. */
  readonly place: string;
  /** Shown until the first piece comes. */
  readonly waiting: string;
}

/** An answer while it is written: pieces go straight into the page, so that React draws nothing for them. */
export function LiveAnswer({ live, place, waiting }: LiveAnswerProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const node = document.createTextNode('');
    element.replaceChildren(node);
    return live.listen(place, (text) => {
      const part = appendedPart(node.data, text);
      if (part === null) node.data = text;
      else node.appendData(part);
    });
  }, [live, place]);
  return <div ref={box} className={classes['live']} data-waiting={waiting} aria-busy />;
}

/** The same for an answer of a comparison. */
export function LiveComparedAnswer({
  live,
  turn,
  pane,
  waiting,
}: Omit<LiveAnswerProps, 'place'> & { readonly turn: number; readonly pane: number }) {
  return <LiveAnswer live={live} place={liveKey(turn, pane)} waiting={waiting} />;
}
