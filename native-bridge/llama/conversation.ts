import type { Token } from 'node-llama-cpp';
import type { FinishReason } from '#contract/serving.ts';
import { AnswerText } from './answer-text.ts';
import { chunkTokens, type LlamaInUse } from './loaded-llama.ts';
import { ModelFailure, type RepeatableRequest } from './model-protocol.ts';
import { cutPrompt, type HeldPrompt } from './prompt-chunks.ts';
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
  const { tokens, boundaries } = loaded.promptTokens(request.messages);
  const room = loaded.view.contextTokens - 1 - tokens.length;
  if (room < 1) {
    throw new ModelFailure('serving.prompt-too-long', {
      promptTokens: tokens.length,
      contextTokens: loaded.view.contextTokens,
    });
  }
  const wanted: HeldPrompt = { tokens, chunks: cutPrompt(tokens.length, boundaries, chunkTokens) };
  const place = pool.take(wanted);
  if (!place) throw new Error('More conversations than sequences: the parent admits no more than there are.');
  const shares = request.isolated ? 0 : 1;
  loaded.sharedAnswers += shares;
  try {
    const cachedPromptTokens = await fillPrompt(conversation, place.taken, { wanted, heldChunks: place.heldChunks });
    const answer = await generate(conversation, place.taken, {
      lastChunk: tokens.slice(wanted.chunks.at(-1)?.start),
      tail: tokens.slice(-8),
      maximumTokens: Math.min(request.maximumTokens ?? room, room),
      startedMs,
    });
    return { ...answer, promptTokens: tokens.length, cachedPromptTokens, totalMs: performance.now() - startedMs };
  } finally {
    loaded.sharedAnswers -= shares;
    pool.giveBack(place.taken);
  }
}

/** Computes every chunk of the prompt but the last and those that are held. Returns how many tokens were held. */
async function fillPrompt(
  conversation: Conversation,
  taken: HeldSequence,
  plan: { readonly wanted: HeldPrompt; readonly heldChunks: number },
): Promise<number> {
  const { tokens, chunks } = plan.wanted;
  const kept = plan.heldChunks > 0 ? (chunks[plan.heldChunks - 1]?.end ?? 0) : 0;
  taken.held = { tokens, chunks: chunks.slice(0, plan.heldChunks) };
  const { sequence } = taken;
  const { turns, llama } = conversation.loaded;
  const manner = mannerOf(conversation.request);
  if (sequence.nextTokenIndex > kept) {
    const { nextTokenIndex: end } = sequence;
    await turns.take('alone', () => sequence.eraseContextTokenRanges([{ start: kept, end }]));
  }
  for (const { start, end } of chunks.slice(plan.heldChunks, -1)) {
    stopIfCancelled(conversation);
    const chunk = asTokens(tokens.slice(start, end));
    await turns.take(manner, () => {
      llama.maxThreads = conversation.loaded.threads.prompt;
      return sequence.evaluateWithoutGeneratingNewTokens(chunk);
    });
    taken.held = { tokens, chunks: chunks.slice(0, taken.held.chunks.length + 1) };
  }
  return kept;
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

/** Token is a branded number that only the library's tokenizer makes; ids travel as plain numbers in our own code. */
const asTokens = (tokens: readonly number[]): Token[] => [...tokens] as Token[];
