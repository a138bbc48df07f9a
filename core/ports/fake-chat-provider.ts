import type { ChatPiece, ChatPrompt, ChatProvider } from './chat-provider.ts';

/** Answers what a function says, word by word, and remembers what it was asked. */
export class FakeChatProvider implements ChatProvider {
  readonly prompts: ChatPrompt[] = [];
  readonly #answer: (prompt: ChatPrompt) => string | Error;
  readonly #betweenWords: () => Promise<void>;

  constructor(
    answer: (prompt: ChatPrompt) => string | Error,
    betweenWords: () => Promise<void> = () => Promise.resolve(),
  ) {
    this.#answer = answer;
    this.#betweenWords = betweenWords;
  }

  async *chat(prompt: ChatPrompt, signal: AbortSignal): AsyncGenerator<ChatPiece> {
    this.prompts.push(prompt);
    const answer = this.#answer(prompt);
    if (answer instanceof Error) throw answer;
    const words = answer.split(/(?<= )/);
    for (const text of words) {
      await this.#betweenWords();
      signal.throwIfAborted();
      yield { kind: 'delta', text };
    }
    const promptTokens = Math.ceil(prompt.messages.reduce((sum, { content }) => sum + content.length, 0) / 4);
    const usage = { promptTokens, completionTokens: words.length, cachedPromptTokens: 0 };
    yield { kind: 'done', finishReason: 'stop', usage };
  }
}
