import { createHash } from 'node:crypto';
import type { FoundryJob } from '#contract/dataset-versions.ts';
import { isOver } from '#contract/foundry-job-over.ts';
import { ForgeError } from '#contract/errors.ts';
import { forgeErrorDataOf } from '#contract/client.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Logger } from '#core/ports/logger.ts';
import type { StoreFolders } from '#native-bridge/datasets/store/store-places.ts';
import { createBroadcast, type Broadcast } from '../broadcast.ts';
import { ChangeWatch } from '../change-watch.ts';
import { toForgeErrorData } from '../error-data.ts';
import { createJobFiles, type KeptJob } from './job-files.ts';
import type { CountTokens, FoundryKind } from './job-protocol.ts';
import { requireFreeName } from './required-name.ts';
import { startThread, type ThreadEnd, type ThreadRun } from './thread-run.ts';

/** What a job is started with. */
export interface JobOrder {
  readonly kind: FoundryKind;
  /** The dataset it is about, for people. */
  readonly name: string;
  readonly request: unknown;
  /** The same one gives the same job. */
  readonly requestId: string;
}

/** Long work on datasets: one job at a time, each in a thread of its own. It survives the engine. */
export interface FoundryJobs {
  start(order: JobOrder): Promise<FoundryJob>;
  /** Newest first. */
  list(): FoundryJob[];
  /** @throws ForgeError foundry.job-unknown */
  get(id: string): FoundryJob;
  watch(id: string, signal?: AbortSignal): AsyncGenerator<FoundryJob>;
  /** Every job as it is, then every change of any of them and every new one, until the signal aborts. */
  watchAll(signal: AbortSignal): AsyncGenerator<FoundryJob>;
  pause(id: string): Promise<FoundryJob>;
  resume(id: string): Promise<FoundryJob>;
  cancel(id: string): Promise<FoundryJob>;
  /** True while a job runs that may make a version. */
  isBusy(): boolean;
  /** Takes up what the last engine left. */
  begin(): Promise<void>;
  /** Lets go of what runs; the next engine goes on with it. */
  stop(): Promise<void>;
}

export interface FoundryJobsOptions {
  /** FORGE_HOME/foundry */
  readonly folder: string;
  readonly folders: StoreFolders;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly countTokens: CountTokens;
  /** Told after every end of a job. */
  readonly onEnded?: () => void;
}

/** Ended jobs that are remembered. */
const keptEnded = 50;

interface Entry {
  kept: KeptJob;
  run: ThreadRun | null;
  /** What was wished of the running thread last. */
  wish: 'go-on' | 'pause' | 'cancel' | 'let-go';
  /** Resolves when the thread of this run has ended and its end is written down. */
  settled: Promise<void>;
  readonly changes: Broadcast<FoundryJob>;
}

class Jobs implements FoundryJobs {
  readonly #options: FoundryJobsOptions;
  readonly #files: ReturnType<typeof createJobFiles>;
  readonly #entries = new Map<string, Entry>();
  readonly #all: ChangeWatch<FoundryJob>;
  #isStopping = false;

  constructor(options: FoundryJobsOptions) {
    this.#options = options;
    this.#files = createJobFiles(options.folder, options.logger);
    this.#all = new ChangeWatch(options.clock, (id) => this.#entries.get(id)?.kept.job ?? null);
  }

  async start({ kind, name, request, requestId }: JobOrder): Promise<FoundryJob> {
    requireFreeName({ kind, name });
    const id = createHash('sha256').update(`${kind}\n${requestId}`).digest('hex').slice(0, 16);
    const known = this.#entries.get(id);
    if (known !== undefined) return known.kept.job;
    const job: FoundryJob = {
      ...{ id, kind, name, state: 'waiting', text: '', done: 0, total: null, rowsPerSecond: null, secondsLeft: null },
      ...{ startedAt: this.#options.clock.nowMs(), result: null, failure: null },
    };
    const entry = this.#add({ job, request });
    await this.#files.save(entry.kept);
    this.#runNext();
    return entry.kept.job;
  }

  list(): FoundryJob[] {
    return [...this.#entries.values()].map(({ kept }) => kept.job).toReversed();
  }

  get(id: string): FoundryJob {
    return this.#entry(id).kept.job;
  }

  async *watch(id: string, signal?: AbortSignal): AsyncGenerator<FoundryJob> {
    const entry = this.#entry(id);
    const changes = entry.changes.subscribe(signal);
    let shown = entry.kept.job;
    yield shown;
    if (isOver(shown)) return;
    for await (const job of changes) {
      if (job !== shown) yield job;
      shown = job;
      if (isOver(job)) return;
    }
  }

  async *watchAll(signal: AbortSignal): AsyncGenerator<FoundryJob> {
    for await (const change of this.#all.watch(() => this.list(), signal)) {
      if (change.kind === 'changed') yield change.item;
      else yield* change.items;
    }
  }

  async pause(id: string): Promise<FoundryJob> {
    const entry = this.#unfinished(id);
    if (entry.run === null) await this.#set(entry, { state: 'paused' });
    else this.#wish(entry, 'pause');
    await entry.settled;
    return entry.kept.job;
  }

  async resume(id: string): Promise<FoundryJob> {
    const entry = this.#unfinished(id);
    if (entry.run === null && entry.kept.job.state === 'paused') await this.#set(entry, { state: 'waiting' });
    this.#runNext();
    return entry.kept.job;
  }

  async cancel(id: string): Promise<FoundryJob> {
    const entry = this.#entry(id);
    if (isOver(entry.kept.job)) return entry.kept.job;
    if (entry.run === null) await this.#end(entry, { state: 'cancelled', text: '' });
    else this.#wish(entry, 'cancel');
    await entry.settled;
    this.#runNext();
    return entry.kept.job;
  }

  isBusy(): boolean {
    return [...this.#entries.values()].some(({ run }) => run !== null);
  }

  async begin(): Promise<void> {
    const kept = await this.#files.load();
    for (const one of kept) {
      // What ran when the engine died goes on by itself.
      const job = one.job.state === 'running' ? { ...one.job, state: 'waiting' as const } : one.job;
      if (!this.#entries.has(job.id)) this.#add({ ...one, job });
    }
    await this.#forgetOld();
    this.#runNext();
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    const running = [...this.#entries.values()].filter(({ run }) => run !== null);
    for (const entry of running) this.#wish(entry, 'let-go');
    await Promise.all(running.map(({ settled }) => settled));
    for (const { changes } of this.#entries.values()) changes.close();
  }

  #add(kept: KeptJob): Entry {
    const entry: Entry = { kept, run: null, wish: 'go-on', settled: Promise.resolve(), changes: createBroadcast() };
    this.#entries.set(kept.job.id, entry);
    this.#all.changed(kept.job.id);
    return entry;
  }

  #entry(id: string): Entry {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new ForgeError('foundry.job-unknown', { job: id });
    return entry;
  }

  #unfinished(id: string): Entry {
    const entry = this.#entry(id);
    const { job } = entry.kept;
    if (isOver(job)) throw new ForgeError('foundry.job-over', { name: job.name, state: job.state });
    return entry;
  }

  #wish(entry: Entry, wish: 'pause' | 'cancel' | 'let-go'): void {
    if (entry.wish === 'cancel') return;
    entry.wish = wish;
    entry.run?.stop(wish === 'cancel' ? 'cancel' : 'pause');
  }

  #runNext(): void {
    if (this.#isStopping || this.isBusy()) return;
    const next = [...this.#entries.values()].find(({ kept }) => kept.job.state === 'waiting');
    if (next === undefined) return;
    const { job, request } = next.kept;
    this.#show(next, { state: 'running' });
    const task = { kind: job.kind, request, folder: this.#files.workFolder(job.id), startedAt: job.startedAt };
    next.wish = 'go-on';
    next.run = startThread(task, {
      folders: this.#options.folders,
      countTokens: this.#options.countTokens,
      onProgress: (progress) => this.#show(next, progress),
    });
    next.settled = this.#follow(next, next.run);
  }

  async #follow(entry: Entry, run: ThreadRun): Promise<void> {
    const { logger, onEnded } = this.#options;
    try {
      await this.#files.save(entry.kept).catch(async (error: unknown) => {
        run.stop('cancel');
        await run.ended;
        throw error;
      });
      const end = await run.ended;
      entry.run = null;
      await this.#takeEnd(entry, end);
    } catch (error) {
      entry.run = null;
      const failure = toForgeErrorData(error, logger);
      this.#show(entry, { state: 'failed', failure, text: failure.message });
      logger.warn(
        { job: entry.kept.job.id, code: failure.code },
        'the end of a job of the foundry was not written down',
      );
    }
    onEnded?.();
    this.#runNext();
  }

  async #takeEnd(entry: Entry, end: ThreadEnd): Promise<void> {
    if (end.kind === 'done') return this.#end(entry, { state: 'done', result: end.result, secondsLeft: null });
    if (entry.wish === 'cancel') return this.#end(entry, { state: 'cancelled', text: '' });
    if (end.kind === 'stopped') {
      if (entry.wish === 'pause') await this.#set(entry, { state: 'paused', rowsPerSecond: null, secondsLeft: null });
      return;
    }
    const { logger } = this.#options;
    const failure =
      end.kind === 'refused'
        ? forgeErrorDataOf(new ForgeError(end.code, end.detail), null)
        : toForgeErrorData(Object.assign(new Error('a job of the foundry failed'), { stack: end.stack }), logger);
    await this.#end(entry, { state: 'failed', failure, text: failure.message });
  }

  /** The end is written down before the files of the work go, and told when they are gone: a crash in between leaves files, never a job without its end. */
  async #end(entry: Entry, change: Partial<FoundryJob>): Promise<void> {
    const ending = { rowsPerSecond: null, secondsLeft: null, ...change };
    const job = { ...entry.kept.job, ...ending };
    await this.#files.save({ ...entry.kept, job }).catch(async () => {
      // The work itself may be what fills the disk.
      await this.#files.makeRoom(job.id);
      await this.#files.save({ ...entry.kept, job });
    });
    await this.#files.clear(job.id);
    this.#show(entry, ending);
  }

  async #set(entry: Entry, change: Partial<FoundryJob>): Promise<void> {
    const kept = { ...entry.kept, job: { ...entry.kept.job, ...change } };
    await this.#files.save(kept);
    this.#show(entry, change);
  }

  #show(entry: Entry, change: Partial<FoundryJob>): void {
    entry.kept = { ...entry.kept, job: { ...entry.kept.job, ...change } };
    entry.changes.send(entry.kept.job);
    this.#all.changed(entry.kept.job.id);
  }

  async #forgetOld(): Promise<void> {
    const ended = [...this.#entries.values()].filter(({ kept }) => isOver(kept.job));
    for (const { kept } of ended) await this.#files.clear(kept.job.id);
    for (const { kept } of ended.slice(0, Math.max(0, ended.length - keptEnded))) {
      this.#entries.delete(kept.job.id);
      await this.#files.forget(kept.job.id);
    }
  }
}

export function createFoundryJobs(options: FoundryJobsOptions): FoundryJobs {
  return new Jobs(options);
}
