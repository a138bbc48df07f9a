import { diffLines, diffWordsWithSpace } from 'diff';

/** A piece of two texts laid over each other; `left` and `right` are in one of them only. */
export interface DiffPart {
  readonly kind: 'same' | 'left' | 'right';
  readonly text: string;
}

/** How fine the comparison is: by words, by lines for long texts, `whole` where even that would take too long. */
export interface AnswerDiff {
  readonly by: 'words' | 'lines' | 'whole';
  readonly parts: readonly DiffPart[];
}

const longestByWords = 20_000;
const patienceMs = 400;

/** The differences of two answers. Takes at most about a second whatever the texts are. */
export function answerDiff(left: string, right: string): AnswerDiff {
  const options = { timeout: patienceMs };
  const isShort = left.length + right.length <= longestByWords;
  const words = isShort ? diffWordsWithSpace(left, right, options) : undefined;
  if (words !== undefined) return { by: 'words', parts: words.map(partOf) };
  const lines = diffLines(left, right, options);
  if (lines !== undefined) return { by: 'lines', parts: lines.map(partOf) };
  const parts: readonly DiffPart[] = [
    { kind: 'left', text: left },
    { kind: 'right', text: right },
  ];
  return { by: 'whole', parts };
}

function partOf({ added, removed, value }: { added: boolean; removed: boolean; value: string }): DiffPart {
  return { kind: added ? 'right' : removed ? 'left' : 'same', text: value };
}
