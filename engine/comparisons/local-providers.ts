import { ForgeError } from '#contract/errors.ts';
import type { ChatPiece, ChatPrompt, ChatProvider } from '#core/ports/chat-provider.ts';
import type { Ollama } from '#core/ports/ollama.ts';
import type { ServedModels } from '../http/openai-served-models.ts';

/** The same answers in every comparison. */
const seed = 17;

/** A model of the embedded server. When it does not fit into memory beside another one, that one leaves first. */
export function localProvider(servers: Pick<ServedModels, 'chat' | 'unload'>, name: string): ChatProvider {
  return {
    async *chat(prompt, signal) {
      try {
        yield* piecesOf(servers, name, { prompt, signal });
      } catch (error) {
        if (!(error instanceof ForgeError) || error.code !== 'serving.not-enough-memory') throw error;
        await servers.unload();
        yield* piecesOf(servers, name, { prompt, signal });
      }
    },
  };
}

async function* piecesOf(
  servers: Pick<ServedModels, 'chat'>,
  name: string,
  { prompt, signal }: { prompt: ChatPrompt; signal: AbortSignal },
): AsyncGenerator<ChatPiece> {
  const { messages, temperature, maximumTokens } = prompt;
  for await (const event of servers.chat(name, { messages: [...messages], temperature, maximumTokens, seed }, signal)) {
    if (event.kind === 'delta') yield { kind: 'delta', text: event.text };
    else {
      const { finishReason, usage, firstTokenMs, totalMs } = event;
      yield { kind: 'done', finishReason, usage, timing: { firstTokenMs, totalMs } };
    }
  }
}

/** A model of the local Ollama. */
export function ollamaProvider(ollama: Pick<Ollama, 'stream'>, model: string): ChatProvider {
  return {
    chat: ({ messages, temperature, maximumTokens }, signal) =>
      ollama.stream({ model, messages, temperature, maximumTokens, seed }, signal),
  };
}
