import { freemem } from 'node:os';
import { stat } from 'node:fs/promises';
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
import { readGgufHeader } from './gguf-header.ts';
import { forkModelProcess, ModelLink, type StartModelProcess } from './model-link.ts';
import type { ComputeThreads, RepeatableRequest } from './model-protocol.ts';

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

interface Wanted {
  readonly path: string;
  readonly contextTokens: number;
}

/** Makes a model server; nothing starts before the first `load`. */
export function createModelServer(options: ModelServerOptions): ModelServer {
  return new LlamaModelServer(options);
}

class LlamaModelServer implements ModelServer {
  readonly #options: ModelServerOptions;
  readonly #sequences: number;
  readonly #queue: AdmissionQueue;
  #threads: number;
  #wanted: Wanted | null = null;
  #live: {
    readonly link: ModelLink;
    readonly view: LoadedModel;
    readonly fingerprint: string;
    readonly fileBytes: number;
  } | null = null;
  #starting: ModelLink | null = null;
  /** Loads and unloads one behind the other. */
  #turn: Promise<unknown> = Promise.resolve();
  #crashesInARow = 0;
  #crashes = 0;
  #restartAtMs = 0;
  #idleTimer: NodeJS.Timeout | null = null;
  /** Answers that use the process now; a load waits for them. */
  #active = 0;
  #drained: (() => void)[] = [];
  #closed = false;

  constructor(options: ModelServerOptions) {
    this.#options = options;
    this.#sequences = options.maximumSequences ?? 4;
    this.#threads = this.#allowedThreads(options.threads ?? options.physicalCores);
    this.#queue = new AdmissionQueue({
      maximumSequences: this.#sequences,
      queueLimit: options.queueLimit ?? 32,
      admit: options.policy.admit,
      onIdle: () => this.#becameIdle(),
    });
  }

  async load(model: ModelToLoad, signal?: AbortSignal): Promise<LoadedModel> {
    this.#refuseWhenClosed();
    const wanted = { path: model.path, contextTokens: model.contextTokens ?? defaultContextTokens };
    return this.#inTurn(async () => {
      if (signal?.aborted) throw new ForgeError('serving.cancelled');
      const fingerprint = await this.#check(wanted);
      if (this.#live?.link.alive && this.#live.fingerprint === fingerprint) return this.#live.view;
      await this.#untilDrained();
      this.#wanted = wanted;
      return this.#start(wanted, fingerprint);
    });
  }

  async *chat(request: ChatRequest, signal?: AbortSignal): AsyncGenerator<ChatEvent, void, void> {
    this.#refuseWhenClosed();
    const { seed, ...parsed } = chatRequest.parse(request);
    const leave = await this.#queue.enter(signal);
    this.#stopIdleTimer();
    const isolated = parsed.temperature === 0 || seed !== undefined;
    const repeatable: RepeatableRequest = { ...parsed, seed: seed ?? randomInt(0x7fff_ffff), isolated };
    const link = await this.#ready(() => (this.#active += 1)).catch((failure: unknown) => {
      leave();
      throw failure;
    });
    const stream = new AnswerStream({ link, request: repeatable, signal, reactionMs });
    // The sequence is free when the process says so, which for a cancelled answer is a little later than the caller's end.
    void stream.settled.then((answered) => {
      if (answered) this.#crashesInARow = 0;
      this.#active -= 1;
      leave();
      this.#becameIdle();
    });
    yield* stream.events();
  }

  async render(messages: readonly ChatMessage[]): Promise<RenderedPrompt> {
    const answer = await this.#quickCall({ kind: 'render', messages });
    if (answer.kind !== 'render-done') throw new Error(`Unexpected answer ${answer.kind}`);
    return answer.prompt;
  }

  async score(messages: readonly ChatMessage[], answer: string, signal?: AbortSignal): Promise<readonly TokenScore[]> {
    const leave = await this.#queue.enter(signal);
    try {
      const link = await this.#ready(() => (this.#active += 1));
      try {
        const done = await link.call({ kind: 'score', messages, answer }).answer;
        if (done.kind !== 'score-done') throw new Error(`Unexpected answer ${done.kind}`);
        return done.scores;
      } finally {
        this.#active -= 1;
      }
    } finally {
      leave();
      this.#becameIdle();
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
    const { link, fileBytes } = this.#live;
    await this.#withinReaction(link, { kind: 'threads', threads: this.#computeThreads(fileBytes) });
  }

  status(): ModelServerStatus {
    const live = this.#live?.link.alive ? this.#live : null;
    const { running, waiting } = this.#queue;
    const waits = this.#crashesInARow > 0 && Date.now() < this.#restartAtMs;
    const idleState = this.#starting ? 'loading' : waits ? 'waiting-to-restart' : 'idle';
    return {
      state: this.#closed ? 'closed' : live ? 'ready' : idleState,
      model: live ? { ...live.view, threads: this.#threads } : null,
      threads: this.#threads,
      running,
      waiting,
      crashes: this.#crashes,
      processId: live?.link.pid ?? null,
    };
  }

  async unload(): Promise<void> {
    await this.#inTurn(() => this.#stop());
  }

  async dispose(): Promise<void> {
    this.#closed = true;
    this.#stopIdleTimer();
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

  /** Looks at the file before any process is started. Returns what tells this file in this state from any other. */
  async #check(wanted: Wanted): Promise<string> {
    const { sizeBytes } = await readGgufHeader(wanted.path);
    const { mtimeMs } = await stat(wanted.path);
    return JSON.stringify([wanted.path, wanted.contextTokens, sizeBytes, mtimeMs]);
  }

  async #start(wanted: Wanted, fingerprint: string): Promise<LoadedModel> {
    await this.#stop();
    await this.#waitForRestart();
    const { sizeBytes } = await readGgufHeader(wanted.path);
    const freeBytes = (this.#options.freeMemoryBytes ?? freemem)();
    const neededBytes = this.#options.policy.memoryNeededBytes(sizeBytes);
    if (neededBytes > freeBytes) {
      const [neededMegabytes, freeMegabytes] = [neededBytes, freeBytes].map((bytes) => Math.round(bytes / 1e6)) as [
        number,
        number,
      ];
      throw new ForgeError('serving.not-enough-memory', { path: wanted.path, neededMegabytes, freeMegabytes });
    }
    const link = new ModelLink(this.#options.startProcess ?? forkModelProcess);
    this.#starting = link;
    void link.ended.then(({ crashed }) => crashed && this.#crashed(link));
    try {
      const order = {
        ...wanted,
        sequences: this.#sequences,
        physicalCores: Math.max(1, Math.floor(this.#options.physicalCores)),
        threads: this.#computeThreads(sizeBytes),
        gpu: this.#options.gpu ?? false,
        contextMemoryBytes: freeBytes - neededBytes,
      };
      const answer = await link.call({ kind: 'load', model: order }).answer;
      if (answer.kind !== 'load-done') throw new Error(`Unexpected answer ${answer.kind}`);
      this.#live = { link, view: answer.model, fingerprint, fileBytes: sizeBytes };
      this.#becameIdle();
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
    this.#crashes += 1;
    this.#crashesInARow += 1;
    this.#restartAtMs = Date.now() + this.#options.policy.restartDelayMs(this.#crashesInARow);
  }

  async #waitForRestart(): Promise<void> {
    const waitMs = this.#restartAtMs - Date.now();
    if (this.#crashesInARow === 0 || waitMs <= 0) return;
    if (waitMs > longestRestartWaitMs) {
      const waitSeconds = Math.ceil(waitMs / 1000);
      throw new ForgeError('serving.keeps-crashing', { crashes: this.#crashesInARow, waitSeconds });
    }
    await new Promise((resolve) => setTimeout(resolve, waitMs));
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
        await this.#start(this.#wanted, await this.#check(this.#wanted));
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

  #untilDrained(): Promise<void> {
    if (this.#active === 0) return Promise.resolve();
    return new Promise((resolve) => this.#drained.push(resolve));
  }

  #becameIdle(): void {
    if (this.#active > 0) return;
    for (const resolve of this.#drained.splice(0)) resolve();
    this.#stopIdleTimer();
    const idleUnloadMs = this.#options.idleUnloadMs === undefined ? defaultIdleUnloadMs : this.#options.idleUnloadMs;
    if (idleUnloadMs === null || this.#closed || this.#isBusy()) return;
    const unloadIfIdle = (): Promise<void> => this.#inTurn(async () => (this.#isBusy() ? undefined : this.#stop()));
    this.#idleTimer = setTimeout(() => void unloadIfIdle(), idleUnloadMs);
    this.#idleTimer.unref();
  }

  #isBusy(): boolean {
    return this.#active > 0 || this.#queue.running > 0;
  }

  #stopIdleTimer(): void {
    if (this.#idleTimer) clearTimeout(this.#idleTimer);
    this.#idleTimer = null;
  }
}
