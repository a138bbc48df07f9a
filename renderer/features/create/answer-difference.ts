import { diffWordsWithSpace } from 'diff';

/** A part of an answer; `differs` when the expected answer does not have it there. */
export interface AnswerPart {
  readonly text: string;
  readonly differs: boolean;
}

/** Comparing grows with the square of the length; longer answers are shown unmarked. */
const longestCompared = 4_000;
/** Give up on two texts that share next to nothing. */
const mostEdits = 800;

/** The answer in parts, so that what is not as expected can be marked. Joined they are the answer. */
export function answerParts(answer: string, expected: string): readonly AnswerPart[] {
  if (answer === '') return [];
  if (answer === expected) return [{ text: answer, differs: false }];
  if (answer.length + expected.length > longestCompared * 2) return [{ text: answer, differs: false }];
  const changes = diffWordsWithSpace(expected, answer, { maxEditLength: mostEdits });
  if (changes === undefined) return [{ text: answer, differs: true }];
  return changes.filter(({ removed }) => !removed).map(({ value, added }) => ({ text: value, differs: added }));
}
