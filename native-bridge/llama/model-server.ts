import { freemem } from 'node:os';
import { randomInt } from 'node:crypto';
import { ForgeError } from '#contract/errors.ts';
import {
  chatRequest,
  type ChatEvent,
  type ChatMessage,
  type ChatRequest,
  type LoadedModel,
  type ModelServerStatus,
  type TokenScore,
} from '#contract/serving.ts';
import type { ModelServer, ModelToLoad, RenderedPrompt, ServingPolicy } from '#core/ports/model-server.ts';
import { AdmissionQueue } from './admission-queue.ts';
import { AnswerStream } from './answer-stream.ts';
import { checkModelFile, memoryForContext, type CheckedModelFile } from './check-model-file.ts';
import { forkModelProcess, ModelLink, type StartModelProcess } from './model-link.ts';
import type { ComputeThreads, RepeatableRequest } from './model-protocol.ts';
import { ModelUsers } from './model-users.ts';
import { RestartBackoff } from './restart-backoff.ts';
import { untilAborted } from './until-aborted.ts';

export interface ModelServerOptions {
  /** Physical cores of the machine: threads are never more. */
  readonly physicalCores: number;
  readonly policy: ServingPolicy;
  /** Threads to begin with; default all physical cores. */
  readonly threads?: number;
  /** Conversations that are answered at the same time; default 4. */
  readonly maximumSequences?: number;
  /** Conversations that may wait; default 32. */
  readonly queueLimit?: number;
  /** The process is ended after this long without work; default 15 minutes, null never. */
  readonly idleUnloadMs?: number | null;
  readonly gpu?: false | 'auto';
  readonly startProcess?: StartModelProcess;
  readonly freeMemoryBytes?: () => number;
}

const defaultContextTokens = 2_048;
const defaultIdleUnloadMs = 15 * 60_000;
/** A process that does not react to a cancel, a render or a new thread count for this long is taken for hung and killed. */
const reactionMs = 10_000;

/** Makes a model server; nothing starts before the first `load`. */
export function createModelServer(options: ModelServerOptions): ModelServer {
  return new LlamaModelServer(options);
}

class LlamaModelServer implements ModelServer {
  readonly #options: ModelServerOptions;
  readonly #sequences: number;
  readonly #queue: AdmissionQueue;
  #threads: number;
  #wanted: Required<ModelToLoad> | null = null;
  #live: { readonly link: ModelLink; readonly view: LoadedModel; readonly file: CheckedModelFile } | null = null;
  #starting: ModelLink | null = null;
  /** Loads and unloads one behind the other. */
  #turn: Promise<unknown> = Promise.resolve();
  readonly #backoff: RestartBackoff;
  readonly #users: ModelUsers;
  #closed = false;

  constructor(options: ModelServerOptions) {
    this.#options = options;
    this.#sequences = options.maximumSequences ?? 4;
    this.#threads = this.#allowedThreads(options.threads ?? options.physicalCores);
    this.#backoff = new RestartBackoff(options.policy.restartDelayMs);
    this.#queue = new AdmissionQueue({
      maximumSequences: this.#sequences,
      queueLimit: options.queueLimit ?? 32,
      admit: options.policy.admit,
      onIdle: () => this.#users.settle(),
    });
    this.#users = new ModelUsers({
      idleMs: options.idleUnloadMs === undefined ? defaultIdleUnloadMs : options.idleUnloadMs,
      hasRunning: () => this.#queue.running > 0,
      onIdle: () => void this.#inTurn(async () => (this.#users.isBusy ? undefined : this.#stop())),
    });
  }

  async load(model: ModelToLoad, signal?: AbortSignal): Promise<LoadedModel> {
    this.#refuseWhenClosed();
    const wanted = { path: model.path, contextTokens: model.contextTokens ?? defaultContextTokens };
    return this.#inTurn(async () => {
      if (signal?.aborted) throw new ForgeError('serving.cancelled');
      const file = await checkModelFile(wanted.path, wanted.contextTokens);
      if (this.#live?.link.alive && this.#live.file.fingerprint === file.fingerprint) return this.#live.view;
      await this.#users.untilDrained();
      this.#wanted = wanted;
      return this.#start(file);
    });
  }

  async *chat(request: ChatRequest, signal?: AbortSignal): AsyncGenerator<ChatEvent, void, void> {
    this.#refuseWhenClosed();
    const { seed, ...parsed } = chatRequest.parse(request);
    const leave = await this.#queue.enter(signal);
    const isolated = parsed.temperature === 0 || seed !== undefined;
    const repeatable: RepeatableRequest = { ...parsed, seed: seed ?? randomInt(0x7fff_ffff), isolated };
    const link = await this.#readyFor(leave, signal);
    const stream = new AnswerStream({ link, request: repeatable, signal, reactionMs });
    // The sequence is free when the process says so, which for a cancelled answer is a little later than the caller's end.
    void stream.settled.then((answered) => {
      if (answered) this.#backoff.worked();
      this.#finished(leave);
    });
    yield* stream.events();
  }

  async render(messages: readonly ChatMessage[]): Promise<RenderedPrompt> {
    const answer = await this.#quickCall({ kind: 'render', messages });
    if (answer.kind !== 'render-done') throw new Error(`Unexpected answer ${answer.kind}`);
    return answer.prompt;
  }

  async score(messages: readonly ChatMessage[], answer: string, signal?: AbortSignal): Promise<readonly TokenScore[]> {
    this.#refuseWhenClosed();
    const leave = await this.#queue.enter(signal);
    const link = await this.#readyFor(leave, signal);
    try {
      const done = await link.call({ kind: 'score', messages, answer }).answer;
      if (done.kind !== 'score-done') throw new Error(`Unexpected answer ${done.kind}`);
      return done.scores;
    } finally {
      this.#finished(leave);
    }
  }

  async tokenise(text: string): Promise<readonly number[]> {
    const answer = await this.#quickCall({ kind: 'tokenise', text });
    if (answer.kind !== 'tokenise-done') throw new Error(`Unexpected answer ${answer.kind}`);
    return answer.tokens;
  }

  async setThreads(threads: number): Promise<void> {
    this.#threads = this.#allowedThreads(threads);
    if (!this.#live?.link.alive) return;
    const { link, file } = this.#live;
    await this.#withinReaction(link, { kind: 'threads', threads: this.#computeThreads(file.sizeBytes) });
  }

  status(): ModelServerStatus {
    const live = this.#live?.link.alive ? this.#live : null;
    const { running, waiting } = this.#queue;
    const idleState = this.#starting ? 'loading' : this.#backoff.isWaiting() ? 'waiting-to-restart' : 'idle';
    return {
      state: this.#closed ? 'closed' : live ? 'ready' : idleState,
      model: live ? { ...live.view, threads: this.#threads } : null,
      threads: this.#threads,
      running,
      waiting,
      crashes: this.#backoff.total,
      processId: live?.link.pid ?? null,
    };
  }

  async unload(): Promise<void> {
    await this.#inTurn(() => this.#stop());
  }

  async dispose(): Promise<void> {
    this.#closed = true;
    this.#users.close();
    await this.#starting?.close();
    await this.#stop();
  }

  #allowedThreads(threads: number): number {
    return Math.max(1, Math.min(Math.floor(threads), Math.floor(this.#options.physicalCores)));
  }

  #computeThreads(fileBytes: number): ComputeThreads {
    const { physicalCores, policy } = this.#options;
    return {
      prompt: this.#threads,
      generation: policy.generationThreads({ threads: this.#threads, physicalCores, fileBytes }),
    };
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new ForgeError('serving.nothing-loaded');
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work, work);
    // The next in turn starts whatever happened to this one; its caller gets the failure through `result`.
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #start(file: CheckedModelFile): Promise<LoadedModel> {
    await this.#stop();
    await this.#backoff.untilDue();
    const { path, contextTokens, sizeBytes } = file;
    const { policy, freeMemoryBytes = freemem, gpu = false } = this.#options;
    const contextMemoryBytes = memoryForContext(path, policy.memoryNeededBytes(sizeBytes), freeMemoryBytes());
    const link = new ModelLink(this.#options.startProcess ?? forkModelProcess);
    this.#starting = link;
    void link.ended.then(({ crashed }) => crashed && this.#crashed(link));
    try {
      const order = {
        path,
        contextTokens,
        sequences: this.#sequences,
        physicalCores: Math.max(1, Math.floor(this.#options.physicalCores)),
        threads: this.#computeThreads(sizeBytes),
        gpu,
        contextMemoryBytes,
      };
      const answer = await link.call({ kind: 'load', model: order }).answer;
      if (answer.kind !== 'load-done') throw new Error(`Unexpected answer ${answer.kind}`);
      this.#live = { link, view: answer.model, file };
      if (order.threads.prompt !== this.#threads) await this.setThreads(this.#threads);
      this.#users.settle();
      return answer.model;
    } catch (failure) {
      if (link.alive) await link.close();
      throw failure;
    } finally {
      this.#starting = null;
    }
  }

  #crashed(link: ModelLink): void {
    if (this.#live?.link === link) this.#live = null;
    this.#backoff.crashed();
  }

  /** Like `#ready` for one that has a place in the queue: counted as a user, let go at once when its signal aborts. */
  async #readyFor(leave: () => void, signal: AbortSignal | undefined): Promise<ModelLink> {
    this.#users.stopTimer();
    const ready = this.#ready(() => this.#users.add());
    try {
      return await untilAborted(ready, signal);
    } catch (failure) {
      // After an abort the load goes on; the place is free when it has ended.
      void ready.then(() => this.#finished(leave), leave);
      throw failure;
    }
  }

  #finished(leave: () => void): void {
    leave();
    this.#users.remove();
  }

  /**
   * The process with the model in it; started again when it was unloaded or crashed. `onTaken` is called before the next
   * load can have its turn, so that it waits for this user.
   */
  async #ready(onTaken: () => void = () => undefined): Promise<ModelLink> {
    return this.#inTurn(async () => {
      this.#refuseWhenClosed();
      if (!this.#live?.link.alive) {
        if (!this.#wanted) throw new ForgeError('serving.nothing-loaded');
        await this.#start(await checkModelFile(this.#wanted.path, this.#wanted.contextTokens));
      }
      if (!this.#live) throw new ForgeError('serving.crashed', { reason: 'it ended right after loading' });
      onTaken();
      return this.#live.link;
    });
  }

  async #quickCall(message: Parameters<ModelLink['call']>[0]) {
    this.#refuseWhenClosed();
    return this.#withinReaction(await this.#ready(), message);
  }

  /** A call that computes nothing: when it takes long the process hangs (a chat template can loop for ever). */
  async #withinReaction(link: ModelLink, message: Parameters<ModelLink['call']>[0]) {
    const timer = setTimeout(() => link.kill(), reactionMs);
    try {
      return await link.call(message).answer;
    } finally {
      clearTimeout(timer);
    }
  }

  async #stop(): Promise<void> {
    const live = this.#live;
    this.#live = null;
    if (live?.link.alive) await live.link.close();
  }
}
