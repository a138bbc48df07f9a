import type { SmokeComparison, SmokeVerdict, TokenScore } from '#contract/serving.ts';

/** One prompt as both sides answered it. */
export interface SmokeAnswers {
  readonly prompt: string;
  readonly embedded: { readonly promptTokens: number; readonly text: string };
  readonly ollama: { readonly promptTokens: number; readonly text: string };
  /** How the embedded server rates Ollama's answer, token by token. */
  readonly ratings: readonly TokenScore[];
}

/** Share of greedy answers that must agree; kernels differ between builds, so one close call in ten is let pass. */
const neededShare = 0.9;

/**
 * Most that the embedded server's first choice may be likelier than Ollama's token, in natural logarithms: 0.5 = 1.65 times. Letter by letter a
 * quantised file can not be compared: its activations are rounded at every layer, so the last bit of a sum grows into another rounding, and where
 * two words are almost equally likely the greedy answers part. Measured on SmolLM2-135M, 10 prompts, same file on both sides: f16 10 of
 * 10 equal; Q8_0 2 and Q4_1 1 of 10 equal, yet no token of any answer was rated more than 0.24 and 0.44 below the best one.
 */
export const nearTieNats = 0.5;

/** Ollama serves the measured file only when every prompt has the same length there and nine of ten greedy answers agree. */
export function judgeSmokeTest(answers: readonly SmokeAnswers[]): SmokeVerdict {
  const comparisons = answers.map(compare);
  const count = (has: (comparison: SmokeComparison) => boolean): number => comparisons.filter(has).length;
  const promptsEqual = count(({ promptEqual }) => promptEqual);
  const answersEqual = count(({ answerEqual }) => answerEqual);
  const answersAgreeing = count(({ answerAgrees }) => answerAgrees);
  const total = comparisons.length;
  const answersNeeded = Math.ceil(total * neededShare);
  const passed = total > 0 && promptsEqual === total && answersAgreeing >= answersNeeded;
  return { passed, total, promptsEqual, answersEqual, answersAgreeing, answersNeeded, comparisons };
}

function compare({ prompt, embedded, ollama, ratings }: SmokeAnswers): SmokeComparison {
  // The two decode the first space of a sentencepiece answer differently; it is no difference of the model.
  const answerEqual = embedded.text.trim() === ollama.text.trim();
  const gaps = ratings.map(({ gapNats }) => gapNats);
  const largestGapNats = answerEqual ? 0 : Math.max(0, ...gaps);
  // An empty answer has no token that could be rated, so it agrees only with an empty one.
  const answerAgrees = answerEqual || (gaps.length > 0 && largestGapNats <= nearTieNats);
  return {
    prompt,
    embeddedPromptTokens: embedded.promptTokens,
    ollamaPromptTokens: ollama.promptTokens,
    embeddedAnswer: embedded.text,
    ollamaAnswer: ollama.text,
    promptEqual: embedded.promptTokens === ollama.promptTokens,
    answerEqual,
    largestGapNats,
    answerAgrees,
  };
}
