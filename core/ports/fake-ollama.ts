import type { OllamaStatus } from '#contract/serving.ts';
import type { ChatPiece } from './chat-provider.ts';
import type { Ollama, OllamaAnswer, OllamaChat, OllamaModelToCreate } from './ollama.ts';

/** An Ollama in memory; what it answers is a function. `failAt` plays an Ollama that ends in the middle of that step. */
export class FakeOllama implements Ollama {
  readonly models = new Map<string, OllamaModelToCreate>();
  status: OllamaStatus = { state: 'running', host: 'http://127.0.0.1:11434', version: '0.17.4' };
  failAt: 'create' | 'chat' | 'copy' | 'remove' | null = null;
  failure: Error = new Error('the fake was not told how to fail');
  readonly #answer: (request: OllamaChat) => OllamaAnswer;

  constructor(answer: (request: OllamaChat) => OllamaAnswer) {
    this.#answer = answer;
  }

  detect(): Promise<OllamaStatus> {
    return Promise.resolve(this.status);
  }

  list(): ReturnType<Ollama['list']> {
    const models = [...this.models].map(([name, { ggufPath }]) => ({ name, digest: ggufPath, sizeBytes: 1 }));
    return Promise.resolve(models);
  }

  async create(model: OllamaModelToCreate): Promise<{ digest: string }> {
    // A real one can end after the model is there and before it says so.
    this.models.set(model.name, model);
    await this.#step('create');
    return { digest: `sha256:${model.ggufPath}` };
  }

  async chat(request: OllamaChat): Promise<OllamaAnswer> {
    await this.#step('chat');
    return this.#answer(request);
  }

  async *stream(request: OllamaChat): AsyncGenerator<ChatPiece> {
    const { text, promptTokens, completionTokens } = await this.chat(request);
    for (const word of text.split(/(?<= )/)) yield { kind: 'delta', text: word };
    const usage = { promptTokens, completionTokens, cachedPromptTokens: 0 };
    yield { kind: 'done', finishReason: 'stop', usage };
  }

  async copy(from: string, to: string): Promise<void> {
    await this.#step('copy');
    const model = this.models.get(from);
    if (!model) throw new Error(`no model ${from}`);
    this.models.set(to, model);
  }

  async remove(name: string): Promise<boolean> {
    await this.#step('remove');
    return this.models.delete(name);
  }

  #step(step: NonNullable<FakeOllama['failAt']>): Promise<void> {
    return this.failAt === step ? Promise.reject(this.failure) : Promise.resolve();
  }
}
