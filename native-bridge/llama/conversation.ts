import type { Token } from 'node-llama-cpp';
import type { FinishReason } from '#contract/serving.ts';
import { AnswerText } from './answer-text.ts';
import type { LlamaInUse } from './loaded-llama.ts';
import { ModelFailure, type RepeatableRequest } from './model-protocol.ts';
import { asTokens, computePrompt, takePrompt } from './prompt-state.ts';
import type { HeldSequence, SequencePool } from './sequence-pool.ts';

export interface ConversationResult {
  readonly finishReason: FinishReason;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly cachedPromptTokens: number;
  readonly firstTokenMs: number;
  readonly totalMs: number;
}

export interface Conversation {
  readonly loaded: LlamaInUse;
  readonly pool: SequencePool;
  readonly request: RepeatableRequest;
  readonly onText: (text: string) => void;
  /** Looked at between chunks of the prompt and between tokens. */
  readonly isCancelled: () => boolean;
}

/** Answers one conversation on a sequence of its own. */
export async function answerConversation(conversation: Conversation): Promise<ConversationResult> {
  const startedMs = performance.now();
  const { loaded, pool, request } = conversation;
  const manner = mannerOf(request);
  const shares = request.isolated ? 0 : 1;
  const prompt = takePrompt({ loaded, pool, messages: request.messages });
  const { tokens, room, taken } = prompt;
  loaded.sharedAnswers += shares;
  try {
    const cachedPromptTokens = await computePrompt(prompt, {
      loaded,
      manner,
      beforeChunk: () => stopIfCancelled(conversation),
    });
    const answer = await generate(conversation, taken, {
      lastChunk: prompt.lastChunk,
      tail: tokens.slice(-8),
      maximumTokens: Math.min(request.maximumTokens ?? room, room),
      startedMs,
    });
    return { ...answer, promptTokens: tokens.length, cachedPromptTokens, totalMs: performance.now() - startedMs };
  } finally {
    loaded.sharedAnswers -= shares;
    pool.giveBack(taken);
  }
}

async function generate(
  conversation: Conversation,
  taken: HeldSequence,
  plan: {
    readonly lastChunk: readonly number[];
    readonly tail: readonly number[];
    readonly maximumTokens: number;
    readonly startedMs: number;
  },
): Promise<Pick<ConversationResult, 'finishReason' | 'completionTokens' | 'firstTokenMs'>> {
  stopIfCancelled(conversation);
  const { request, loaded, onText } = conversation;
  const answer = new AnswerText({
    detokenise: (tokens, before) => loaded.model.detokenize(asTokens(tokens), false, asTokens(before)),
    promptTail: plan.tail,
    stop: request.stop,
    stopWhenJsonCloses: request.stopWhenJsonCloses,
  });
  let completionTokens = 0;
  let firstTokenMs = 0;
  const timed = (): void => {
    if (firstTokenMs === 0) firstTokenMs = performance.now() - plan.startedMs;
  };
  const say = (text: string): void => {
    if (text !== '') onText(text);
  };
  for await (const token of steps(conversation, taken, plan.lastChunk)) {
    timed();
    stopIfCancelled(conversation);
    completionTokens += 1;
    const piece = answer.push(token);
    say(piece.text);
    if (piece.ended) return { finishReason: 'stop', completionTokens, firstTokenMs };
    if (completionTokens >= plan.maximumTokens) {
      say(answer.finish());
      return { finishReason: 'length', completionTokens, firstTokenMs };
    }
  }
  timed();
  say(answer.finish());
  return { finishReason: 'stop', completionTokens, firstTokenMs };
}

/** The tokens of an answer; each is computed in a turn of its own. Ends where the model ends. */
async function* steps(
  { loaded, request }: Conversation,
  { sequence }: HeldSequence,
  lastChunk: readonly number[],
): AsyncGenerator<Token, void, void> {
  const manner = mannerOf(request);
  const tokens = sequence.evaluate(asTokens(lastChunk), samplingOf(request));
  let first = true; // computes the last chunk of the prompt
  try {
    for (;;) {
      const batched = !request.isolated && loaded.sharedAnswers > 1;
      const threads = first || batched ? loaded.threads.prompt : loaded.threads.generation;
      const step = await loaded.turns.take(manner, () => {
        loaded.llama.maxThreads = threads;
        return tokens.next();
      });
      first = false;
      if (step.done) return;
      yield step.value;
    }
  } finally {
    await tokens.return();
  }
}

const mannerOf = ({ isolated }: RepeatableRequest): 'alone' | 'together' => (isolated ? 'alone' : 'together');

/** `topK` and `minP` off: OpenAI's sampling has neither, and node-llama-cpp's own default of 40 would be a hidden setting. */
function samplingOf(request: RepeatableRequest) {
  const { temperature, topP, seed } = request;
  return { temperature, topP, topK: 0, minP: 0, seed };
}

function stopIfCancelled({ isCancelled }: Conversation): void {
  if (isCancelled()) throw new ModelFailure('serving.cancelled');
}
