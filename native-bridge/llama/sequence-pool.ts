import type { LlamaContext, LlamaContextSequence } from 'node-llama-cpp';
import { heldChunkCount, type HeldPrompt } from './prompt-chunks.ts';

/** One sequence of the context and what its state holds. */
export interface HeldSequence {
  readonly sequence: LlamaContextSequence;
  held: HeldPrompt;
}

const nothingHeld: HeldPrompt = { tokens: [], chunks: [] };

/** The sequences of one context; each is used by one conversation at a time and keeps its state for the next. */
export class SequencePool {
  /** Idle ones, least recently used first. */
  readonly #idle: HeldSequence[];

  constructor(context: LlamaContext) {
    this.#idle = Array.from({ length: context.totalSequences }, () => ({
      sequence: context.getSequence(),
      held: nothingHeld,
    }));
  }

  /** Takes the idle sequence that already holds most of the prompt, else the one that was idle longest. Null when all are in use. */
  take(wanted: HeldPrompt): { readonly taken: HeldSequence; readonly heldChunks: number } | null {
    const [first] = this.#idle;
    if (!first) return null;
    let best = { taken: first, heldChunks: heldChunkCount(first.held, wanted) };
    for (const taken of this.#idle) {
      const heldChunks = heldChunkCount(taken.held, wanted);
      if (heldChunks > best.heldChunks) best = { taken, heldChunks };
    }
    this.#idle.splice(this.#idle.indexOf(best.taken), 1);
    return best;
  }

  giveBack(taken: HeldSequence): void {
    this.#idle.push(taken);
  }
}
