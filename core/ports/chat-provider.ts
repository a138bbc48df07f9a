import type { ChatMessage, ChatUsage, FinishReason } from '#contract/serving.ts';

/** One conversation to be answered; the last message is the user's. */
export interface ChatPrompt {
  readonly messages: readonly ChatMessage[];
  readonly temperature: number;
  readonly maximumTokens: number;
}

/** An answer in pieces, then exactly one `done`. */
export type ChatPiece =
  | { readonly kind: 'delta'; readonly text: string }
  | {
      readonly kind: 'done';
      readonly finishReason: FinishReason;
      /** Null where the other side does not count. */
      readonly usage: ChatUsage | null;
      /** Milliseconds of the work itself, where the other side tells them: without loading a model or waiting for a turn. */
      readonly timing?: { readonly firstTokenMs: number; readonly totalMs: number };
    };

/** One model that answers, wherever it runs. */
export interface ChatProvider {
  /**
   * Answers one conversation. Stopping the iteration or aborting the signal ends the work.
   * @throws ForgeError `provider.*`, `serving.*`, `network.offline`; the signal's reason after an abort.
   */
  chat(prompt: ChatPrompt, signal: AbortSignal): AsyncIterable<ChatPiece>;
}
