import { ForgeError } from '#contract/errors.ts';
import type { ChatEvent } from '#contract/serving.ts';
import type { ModelLink } from './model-link.ts';
import type { RepeatableRequest } from './model-protocol.ts';

/**
 * One answer on its way from the model process to a caller. A caller that stops listening or aborts is let go at once; the
 * process is told and frees the sequence after the chunk it computes.
 */
export class AnswerStream {
  readonly #link: ModelLink;
  readonly #request: RepeatableRequest;
  readonly #signal: AbortSignal | undefined;
  readonly #reactionMs: number;
  readonly #id: number;
  readonly #ready: ChatEvent[] = [];
  #failure: Error | null = null;
  #over = false;
  #settledYet = false;
  #wake: () => void = () => undefined;
  /** Resolves, never rejects, when the process is done with this answer; true when it was answered. */
  readonly settled: Promise<boolean>;

  constructor(options: {
    readonly link: ModelLink;
    readonly request: RepeatableRequest;
    readonly signal: AbortSignal | undefined;
    /** A process that does not let go of a cancelled answer within this time is killed. */
    readonly reactionMs: number;
  }) {
    this.#link = options.link;
    this.#request = options.request;
    this.#signal = options.signal;
    this.#reactionMs = options.reactionMs;
    const { id, answer } = this.#link.call({ kind: 'chat', request: options.request }, (text) =>
      this.#add({ kind: 'delta', text }),
    );
    this.#id = id;
    this.settled = answer.then(
      (done) => {
        this.#settledYet = true;
        if (done.kind !== 'chat-done') throw new Error(`Unexpected answer ${done.kind}`);
        const { finishReason, firstTokenMs, totalMs, promptTokens, completionTokens, cachedPromptTokens } = done;
        const usage = { promptTokens, completionTokens, cachedPromptTokens };
        this.#add({ kind: 'done', finishReason, usage, seed: this.#request.seed, firstTokenMs, totalMs });
        return true;
      },
      (failure: Error) => {
        this.#settledYet = true;
        this.#fail(failure);
        return false;
      },
    );
  }

  async *events(): AsyncGenerator<ChatEvent, void, void> {
    const onAbort = (): void => this.#fail(new ForgeError('serving.cancelled'));
    this.#signal?.addEventListener('abort', onAbort, { once: true });
    try {
      for (;;) {
        const event = this.#ready.shift();
        if (event) {
          yield event;
          if (event.kind === 'done') return;
        } else if (this.#failure) {
          throw this.#failure;
        } else {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        }
      }
    } finally {
      this.#over = true;
      this.#signal?.removeEventListener('abort', onAbort);
      if (!this.#settledYet) this.#letGo();
    }
  }

  #add(event: ChatEvent): void {
    if (this.#over) return;
    this.#ready.push(event);
    this.#wake();
  }

  #fail(failure: Error): void {
    this.#failure ??= failure;
    // Text that was not fetched before an abort is of no use to anybody.
    if (failure instanceof ForgeError && failure.code === 'serving.cancelled') this.#ready.length = 0;
    this.#wake();
  }

  #letGo(): void {
    this.#link.cancel(this.#id);
    const timer = setTimeout(() => this.#link.kill(), this.#reactionMs);
    void this.settled.then(() => clearTimeout(timer));
  }
}
