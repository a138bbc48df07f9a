import type { ChatMessage, TokenScore } from '#contract/serving.ts';
import type { LlamaInUse } from './loaded-llama.ts';
import { asTokens, computePrompt, takePrompt, type PlacedPrompt } from './prompt-state.ts';
import type { SequencePool } from './sequence-pool.ts';

/** Most tokens of an answer that are rated. */
export const scoredTokens = 64;

type Wanted = 'first choice' | 'probabilities' | 'nothing';

/**
 * Rates the tokens of a given answer, computed alone: the first choices at all places in one go, then the probabilities where the answer has
 * another token (a list of the whole vocabulary, some 40 ms each).
 */
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
    if (answer.length === 0) return [];
    const choices = await evaluateAnswer(loaded, prompt, { answer, wanted: answer.map(() => 'first choice') });
    const parted = answer.map((token, place) => choices[place]?.token !== token);
    if (!parted.includes(true)) return answer.map(() => ({ gapNats: 0 }));
    const wanted = parted.map((isParted): Wanted => (isParted ? 'probabilities' : 'nothing'));
    const rated = await evaluateAnswer(loaded, prompt, { answer, wanted });
    return answer.map((token, place) => ({ gapNats: gapBelowBest(rated[place]?.probabilities, token) }));
  } finally {
    pool.giveBack(prompt.taken);
  }
}

interface Next {
  readonly token?: number | null;
  readonly probabilities?: ReadonlyMap<number, number>;
}

/** For each token of the answer what the model says about that place. Begins anew at the end of the computed prompt. */
async function evaluateAnswer(
  { turns, llama, threads }: LlamaInUse,
  { taken, tokens, lastChunk }: PlacedPrompt,
  { answer, wanted }: { readonly answer: readonly number[]; readonly wanted: readonly Wanted[] },
): Promise<(Next | undefined)[]> {
  const { sequence } = taken;
  const input = asTokens([...lastChunk, ...answer.slice(0, -1)]);
  const skipped = lastChunk.length - 1;
  const items = input.map((token, index) => {
    const generateNext = index < skipped ? undefined : generateNextFor(wanted[index - skipped]);
    return generateNext ? ([token, { generateNext }] as [typeof token, { generateNext: typeof generateNext }]) : token;
  });
  const start = tokens.length - lastChunk.length;
  const output = await turns.take('alone', async () => {
    llama.maxThreads = threads.prompt;
    if (sequence.nextTokenIndex > start)
      await sequence.eraseContextTokenRanges([{ start, end: sequence.nextTokenIndex }]);
    return sequence.controlledEvaluate(items);
  });
  return answer.map((_token, place) => output[place + skipped]?.next);
}

function generateNextFor(wanted: Wanted | undefined) {
  if (wanted === 'first choice') return { token: true, options: { temperature: 0 } };
  // The plain softmax over the whole vocabulary: a temperature of 0 would give 1 and 0 only.
  if (wanted === 'probabilities')
    return { probabilities: true, options: { temperature: 1, topK: 0, topP: 1, minP: 0, seed: 0 } };
  return undefined;
}

function gapBelowBest(probabilities: ReadonlyMap<number, number> | undefined, token: number): number {
  if (!probabilities) return 0;
  let best = 0;
  for (const probability of probabilities.values()) best = Math.max(best, probability);
  return Math.max(0, logarithm(best) - logarithm(probabilities.get(token) ?? 0));
}

/** A probability too small for a 32-bit float shows as 0; its logarithm is cut off there instead of being minus infinity. */
const logarithm = (probability: number): number => Math.log(Math.max(probability, 1e-38));
