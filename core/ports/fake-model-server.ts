import type {
  ChatEvent,
  ChatMessage,
  ChatRequest,
  LoadedModel,
  ModelServerStatus,
  TokenScore,
} from '#contract/serving.ts';
import type { ModelServer, ModelToLoad, RenderedPrompt } from './model-server.ts';

/** Answers one conversation, given the model that is loaded. Throw a ForgeError to play a failure. */
export type FakeAnswer = (messages: readonly ChatMessage[], model: LoadedModel | null) => string;

/** A model server without a model: answers what a function says, one piece per word, and remembers what it was asked. */
export class FakeModelServer implements ModelServer {
  readonly requests: ChatRequest[] = [];
  readonly loads: ModelToLoad[] = [];
  cancelled = 0;
  disposed = false;
  readonly #answer: FakeAnswer;
  readonly #betweenWords: () => Promise<void>;
  #model: LoadedModel | null = null;
  #threads = 2;
  #running = 0;

  /** `betweenWords` lets a test hold an answer up. */
  constructor(
    answer: FakeAnswer = ([first]) => `you said ${first?.content ?? 'nothing'}`,
    betweenWords?: () => Promise<void>,
  ) {
    this.#answer = answer;
    this.#betweenWords = betweenWords ?? (() => Promise.resolve());
  }

  load(model: ModelToLoad): Promise<LoadedModel> {
    this.loads.push(model);
    this.#model = {
      path: model.path,
      architecture: 'llama',
      contextTokens: model.contextTokens ?? 2048,
      trainedContextTokens: 8192,
      sequences: 4,
      threads: this.#threads,
      sizeBytes: 1,
      chatTemplate: '{% for message in messages %}{{ message.content }}{% endfor %}',
      bosText: '',
      eosText: '</s>',
      addsBos: false,
      loadMs: 1,
    };
    return Promise.resolve(this.#model);
  }

  async *chat(request: ChatRequest, signal?: AbortSignal): AsyncGenerator<ChatEvent, void, void> {
    this.requests.push(request);
    this.#running += 1;
    let finished = false;
    try {
      const words = this.#answer(request.messages, this.#model).split(/(?<= )/);
      const given = words.slice(0, request.maximumTokens);
      for (const text of given) {
        await this.#betweenWords();
        signal?.throwIfAborted();
        yield { kind: 'delta', text };
      }
      finished = true;
      const usage = { promptTokens: request.messages.length, completionTokens: given.length, cachedPromptTokens: 0 };
      const finishReason = given.length < words.length ? 'length' : 'stop';
      yield { kind: 'done', finishReason, usage, seed: request.seed ?? 0, firstTokenMs: 1, totalMs: 1 };
    } finally {
      this.#running -= 1;
      if (!finished) this.cancelled += 1;
    }
  }

  render(messages: readonly ChatMessage[]): Promise<RenderedPrompt> {
    const text = messages.map(({ content }) => content).join('');
    return Promise.resolve({ text, tokens: codePoints(text), contentGuard: 'exact' });
  }

  /** Rates everything as certain. */
  score(_messages: readonly ChatMessage[], answer: string): Promise<readonly TokenScore[]> {
    return Promise.resolve(codePoints(answer).map(() => ({ gapNats: 0 })));
  }

  tokenise(text: string): Promise<readonly number[]> {
    return Promise.resolve(codePoints(text));
  }

  setThreads(threads: number): Promise<void> {
    this.#threads = threads;
    return Promise.resolve();
  }

  status(): ModelServerStatus {
    return {
      state: this.disposed ? 'closed' : this.#model ? 'ready' : 'idle',
      model: this.#model,
      threads: this.#threads,
      running: this.#running,
      waiting: 0,
      crashes: 0,
      processId: null,
    };
  }

  unload(): Promise<void> {
    this.#model = null;
    return Promise.resolve();
  }

  dispose(): Promise<void> {
    this.disposed = true;
    return this.unload();
  }
}

const codePoints = (text: string): number[] => [...text].map((character) => character.codePointAt(0) ?? 0);
