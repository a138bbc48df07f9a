import type { CheckFlag } from '#contract/rows.ts';

/** A piece of a text with the remarks that lie on it; joined the pieces are the whole text. */
export interface MarkedPiece {
  readonly text: string;
  readonly flags: readonly CheckFlag[];
}

/** Cuts a text where remarks begin and end; those that overlap share a piece. Spans that lie outside of the text are drawn as far as they are in it. */
export function markedPieces(text: string, flags: readonly CheckFlag[]): readonly MarkedPiece[] {
  const spans = flags.flatMap((flag) => {
    if (flag.span === undefined) return [];
    const [start, end] = [Math.min(flag.span[0], text.length), Math.min(flag.span[1], text.length)];
    return end > start ? [{ flag, start, end }] : [];
  });
  const cuts = [...new Set([0, text.length, ...spans.flatMap(({ start, end }) => [start, end])])].toSorted(
    (a, b) => a - b,
  );
  return cuts.slice(0, -1).map((from, index) => {
    const to = cuts[index + 1] ?? text.length;
    const lying = spans.filter(({ start, end }) => start <= from && end >= to).map(({ flag }) => flag);
    return { text: text.slice(from, to), flags: lying };
  });
}

/** Remarks of a row on one text, such as `messages.1.content`. */
export function flagsAt(flags: readonly CheckFlag[], place: string): readonly CheckFlag[] {
  return flags.filter((flag) => flag.place === place);
}
