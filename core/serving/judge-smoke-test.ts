import type { SmokeComparison, SmokeVerdict } from '#contract/serving.ts';

/** One prompt as both sides answered it. */
export interface SmokeAnswers {
  readonly prompt: string;
  readonly embedded: { readonly promptTokens: number; readonly text: string };
  readonly ollama: { readonly promptTokens: number; readonly text: string };
}

/** Share of greedy answers that must be equal; kernels differ between builds, so one close call in ten is let pass. */
const neededShare = 0.9;

/** Ollama serves the measured file only when every prompt has the same length there and nine of ten greedy answers are the same. */
export function judgeSmokeTest(answers: readonly SmokeAnswers[]): SmokeVerdict {
  const comparisons = answers.map(compare);
  const promptsEqual = comparisons.filter(({ promptEqual }) => promptEqual).length;
  const answersEqual = comparisons.filter(({ answerEqual }) => answerEqual).length;
  const total = comparisons.length;
  const answersNeeded = Math.ceil(total * neededShare);
  const passed = total > 0 && promptsEqual === total && answersEqual >= answersNeeded;
  return { passed, total, promptsEqual, answersEqual, answersNeeded, comparisons };
}

function compare({ prompt, embedded, ollama }: SmokeAnswers): SmokeComparison {
  return {
    prompt,
    embeddedPromptTokens: embedded.promptTokens,
    ollamaPromptTokens: ollama.promptTokens,
    embeddedAnswer: embedded.text,
    ollamaAnswer: ollama.text,
    promptEqual: embedded.promptTokens === ollama.promptTokens,
    // The two decode the first space of a sentencepiece answer differently; it is no difference of the model.
    answerEqual: embedded.text.trim() === ollama.text.trim(),
  };
}
