import type { ChatMessage, TokenScore } from '#contract/serving.ts';
import type { LlamaInUse } from './loaded-llama.ts';
import { asTokens, computePrompt, takePrompt } from './prompt-state.ts';
import type { SequencePool } from './sequence-pool.ts';

/** Most tokens of an answer that are rated: each needs the probabilities of the whole vocabulary. */
export const scoredTokens = 64;

/** The plain softmax over the whole vocabulary; a temperature of 0 would give 1 and 0 only. */
const unchanged = { temperature: 1, topK: 0, topP: 1, minP: 0, seed: 0 } as const;

/** Rates the tokens of a given answer, computed alone. */
export async function scoreAnswer(given: {
  readonly loaded: LlamaInUse;
  readonly pool: SequencePool;
  readonly messages: readonly ChatMessage[];
  readonly answer: string;
}): Promise<TokenScore[]> {
  const { loaded, pool } = given;
  const prompt = takePrompt(given);
  try {
    await computePrompt(prompt, { loaded, manner: 'alone', beforeChunk: () => undefined });
    const answer = loaded.vocabulary.tokeniseInside(given.answer, false).slice(0, Math.min(scoredTokens, prompt.room));
    const scores: TokenScore[] = [];
    let before = prompt.lastChunk;
    for (const token of answer) {
      const probabilities = await nextProbabilities(loaded, prompt.taken, before);
      let best = 0;
      for (const probability of probabilities.values()) best = Math.max(best, probability);
      scores.push({ logProbability: logarithm(probabilities.get(token) ?? 0), bestLogProbability: logarithm(best) });
      before = [token];
    }
    return scores;
  } finally {
    pool.giveBack(prompt.taken);
  }
}

async function nextProbabilities(
  { turns, llama, threads }: LlamaInUse,
  { sequence }: ReturnType<typeof takePrompt>['taken'],
  before: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const tokens = asTokens(before);
  const last = tokens.length - 1;
  const input = tokens.map((token, index) =>
    index === last ? ([token, { generateNext: { probabilities: true, options: unchanged } }] as [typeof token, object]) : token,
  );
  const output = await turns.take('alone', () => {
    llama.maxThreads = tokens.length > 1 ? threads.prompt : threads.generation;
    return sequence.controlledEvaluate(input);
  });
  return output[last]?.next.probabilities ?? new Map<number, number>();
}

/** A probability too small for a 32-bit float shows as 0; its logarithm is cut off there instead of being minus infinity. */
const logarithm = (probability: number): number => Math.log(Math.max(probability, 1e-38));
