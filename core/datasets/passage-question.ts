import type { RowMessage } from '#contract/datasets.ts';

/** A passage is measured by this much of its end: enough to tell models apart, and no minute's answer on a processor. */
const askedCharacters = 240;
const leastCharacters = 40;

/**
 * The question by which a passage of text is measured: its beginning, and what follows as the answer, cut between words. Null where it is too short to be
 * cut.
 */
export function passageQuestion(text: string): RowMessage[] | null {
  if (text.trim().length < leastCharacters) return null;
  const wanted = Math.max(Math.floor(text.length / 2), text.length - askedCharacters);
  const space = text.slice(wanted).search(/\s/);
  const cut = space === -1 ? whole(text, wanted) : wanted + space;
  const [beginning, rest] = [text.slice(0, cut).trim(), text.slice(cut).trim()];
  if (beginning === '' || rest === '') return null;
  return [
    { role: 'user', content: `Go on with this text:\n\n${beginning}` },
    { role: 'assistant', content: rest },
  ];
}

/** Never between the two halves of a sign. */
function whole(text: string, at: number): number {
  return /[\uDC00-\uDFFF]/.test(text.charAt(at)) ? at + 1 : at;
}
