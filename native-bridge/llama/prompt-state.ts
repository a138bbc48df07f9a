import type { Token } from 'node-llama-cpp';
import type { ChatMessage } from '#contract/serving.ts';
import { chunkTokens, type LlamaInUse } from './loaded-llama.ts';
import { ModelFailure } from './model-protocol.ts';
import { cutPrompt, type HeldPrompt } from './prompt-chunks.ts';
import type { HeldSequence, SequencePool } from './sequence-pool.ts';

/** A prompt with the sequence that will hold it; give the sequence back to the pool in the end. */
export interface PlacedPrompt {
  readonly tokens: readonly number[];
  readonly taken: HeldSequence;
  /** The tokens from which the first new token is drawn; `computePrompt` leaves them out. */
  readonly lastChunk: readonly number[];
  /** Tokens that fit behind the prompt. */
  readonly room: number;
  readonly wanted: HeldPrompt;
  readonly heldChunks: number;
}

/** Cuts a conversation into chunks and takes the sequence that holds most of it. */
export function takePrompt(given: {
  readonly loaded: LlamaInUse;
  readonly pool: SequencePool;
  readonly messages: readonly ChatMessage[];
}): PlacedPrompt {
  const { tokens, boundaries } = given.loaded.promptTokens(given.messages);
  const { contextTokens } = given.loaded.view;
  const room = contextTokens - 1 - tokens.length;
  if (room < 1) throw new ModelFailure('serving.prompt-too-long', { promptTokens: tokens.length, contextTokens });
  const wanted: HeldPrompt = { tokens, chunks: cutPrompt(tokens.length, boundaries, chunkTokens) };
  const place = given.pool.take(wanted);
  if (!place) throw new Error('More conversations than sequences: the parent admits no more than there are.');
  return { ...place, tokens, room, wanted, lastChunk: tokens.slice(wanted.chunks.at(-1)?.start) };
}

/** Computes every chunk of the prompt but the last and those that are held. Returns how many tokens were held. */
export async function computePrompt(
  { taken, wanted, heldChunks }: PlacedPrompt,
  how: { readonly loaded: LlamaInUse; readonly manner: 'alone' | 'together'; readonly beforeChunk: () => void },
): Promise<number> {
  const { tokens, chunks } = wanted;
  const { turns, llama, threads } = how.loaded;
  const { sequence } = taken;
  const kept = heldChunks > 0 ? (chunks[heldChunks - 1]?.end ?? 0) : 0;
  const { nextTokenIndex: end } = sequence;
  taken.held = { tokens, chunks: chunks.slice(0, heldChunks) };
  if (end > kept) await turns.take('alone', () => sequence.eraseContextTokenRanges([{ start: kept, end }]));
  for (const { start, end: chunkEnd } of chunks.slice(heldChunks, -1)) {
    how.beforeChunk();
    const chunk = asTokens(tokens.slice(start, chunkEnd));
    await turns.take(how.manner, () => {
      llama.maxThreads = threads.prompt;
      return sequence.evaluateWithoutGeneratingNewTokens(chunk);
    });
    taken.held = { tokens, chunks: chunks.slice(0, taken.held.chunks.length + 1) };
  }
  return kept;
}

/** Token is a branded number that only the library's tokenizer makes; ids travel as plain numbers in our own code. */
export const asTokens = (tokens: readonly number[]): Token[] => [...tokens] as Token[];
