/**
 * How prompts are cut for evaluation, and what of an earlier prompt may be taken over.
 *
 * llama.cpp's kernels depend on how many tokens are computed at once, so the last bits of the state do as well, and a greedy
 * answer can change with them. So a prompt is always cut at the same places (a function of its tokens and messages only), each
 * chunk is computed alone, and state is taken over by whole chunks only: then an answer does not depend on what ran before.
 */
export interface PromptChunk {
  readonly start: number;
  readonly end: number;
}

/**
 * Cuts a prompt at the beginning of each message's content and then every `chunkTokens` tokens.
 * The chunks are in order, without gaps, none is empty.
 */
export function cutPrompt(tokenCount: number, boundaries: readonly number[], chunkTokens: number): PromptChunk[] {
  const chunks: PromptChunk[] = [];
  let start = 0;
  for (const boundary of [...boundaries, tokenCount]) {
    while (start < boundary) {
      const end = Math.min(start + chunkTokens, boundary);
      chunks.push({ start, end });
      start = end;
    }
  }
  return chunks;
}

/** What a sequence holds: the chunks of its last prompt that were computed completely. */
export interface HeldPrompt {
  readonly tokens: readonly number[];
  readonly chunks: readonly PromptChunk[];
}

/**
 * How many leading chunks of `wanted` the sequence already holds, cut alike and with the same tokens. The last chunk is never
 * counted: it has to be computed again, because the first new token is drawn from it.
 */
export function heldChunkCount(held: HeldPrompt, wanted: HeldPrompt): number {
  const most = Math.min(held.chunks.length, wanted.chunks.length - 1);
  for (let index = 0; index < most; index += 1) {
    const [a, b] = [held.chunks[index], wanted.chunks[index]];
    if (!a || !b || a.start !== b.start || a.end !== b.end) return index;
    for (let position = b.start; position < b.end; position += 1) {
      if (held.tokens[position] !== wanted.tokens[position]) return index;
    }
  }
  return Math.max(most, 0);
}
