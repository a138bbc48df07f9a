import type { BuildFile } from '#contract/build-file.ts';
import type { MainJobView } from '#contract/main-job.ts';
import { movedBefore, viewBuild } from '#core/main-job/build.ts';
import type { Logger } from '#core/ports/logger.ts';
import { createBroadcast, type Broadcast } from '../broadcast.ts';
import type { BuildStore } from './build-store.ts';
import type { QueueFile } from './queue-file.ts';

/** A main job that waits or runs. */
export interface QueuedMainJob {
  readonly id: string;
  /** As it stood on disk before it was asked for this time. */
  readonly earlier: BuildFile;
  readonly build: BuildFile;
  readonly abort: AbortController;
  readonly broadcast: Broadcast<MainJobView>;
  /** Resolves when it is over or let go. */
  readonly settled: Promise<void>;
  readonly settle: () => void;
  view: MainJobView;
}

export interface MainJobQueueOptions {
  readonly store: BuildStore;
  readonly file: QueueFile;
  readonly logger: Logger;
  /** Runs one to its end; must not reject. */
  readonly run: (job: QueuedMainJob) => Promise<void>;
  /** After every new view of a main job, also the last one. */
  readonly onShown: (id: string) => void;
}

/** Main jobs in their order, one running at a time. What waits is on disk before its caller hears of it, and outlives the engine. */
export class MainJobQueue {
  readonly #options: MainJobQueueOptions;
  #waiting: QueuedMainJob[] = [];
  #running: QueuedMainJob | null = null;
  /** Nothing is started until `open`, and nothing any more after `close`. */
  #isOpen = false;
  #isClosed = false;

  constructor(options: MainJobQueueOptions) {
    this.#options = options;
  }

  /** Takes up what an earlier engine left waiting, in its order. */
  async takeUp(): Promise<void> {
    const { file, store } = this.#options;
    for (const id of await file.load()) {
      const build = await store.byId(id);
      if (build?.state === 'waiting' && this.find(id) === null) this.#waiting.push(newEntry(build, build));
    }
    this.#showPositions();
  }

  /** Begins to run what waits. Repeatable. */
  open(): void {
    this.#isOpen = true;
    this.#next();
  }

  find(id: string): QueuedMainJob | null {
    return this.#running?.id === id ? this.#running : (this.#waiting.find((job) => job.id === id) ?? null);
  }

  views(): readonly MainJobView[] {
    return [...(this.#running === null ? [] : [this.#running]), ...this.#waiting].map(({ view }) => view);
  }

  isWaiting(id: string): boolean {
    return this.#waiting.some((job) => job.id === id);
  }

  /** Puts a build last and opens the queue. */
  async add(build: BuildFile, now: number): Promise<QueuedMainJob> {
    const waiting: BuildFile = { ...build, state: 'waiting', failure: null, updatedAt: now };
    await this.#options.store.save(waiting);
    const job = newEntry(build, waiting);
    this.#waiting.push(job);
    await this.#save();
    this.#showPositions();
    this.open();
    return job;
  }

  /** Puts one that waits before another that waits, or last. */
  async move(id: string, before: string | null): Promise<void> {
    const order = movedBefore(
      this.#waiting.map((job) => job.id),
      id,
      before,
    );
    this.#waiting = order.flatMap((wanted) => this.#waiting.find((job) => job.id === wanted) ?? []);
    await this.#save();
    this.#showPositions();
  }

  /** Takes one out that waits; `ended` is what is left of it. */
  async remove(job: QueuedMainJob, { ended, view }: { ended: BuildFile; view: MainJobView }): Promise<void> {
    this.#waiting = this.#waiting.filter((other) => other !== job);
    await this.#options.store.save(ended);
    await this.#save();
    this.show(job, view);
    this.#end(job);
    this.#showPositions();
  }

  show(job: QueuedMainJob, view: MainJobView): void {
    job.view = view;
    job.broadcast.send(view);
    this.#options.onShown(job.id);
  }

  /** Lets go of the running one; what waits stays as it is on disk. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#running?.abort.abort('engine-stop');
    await this.#running?.settled;
    for (const { broadcast } of this.#waiting) broadcast.close();
  }

  #next(): void {
    if (!this.#isOpen || this.#isClosed || this.#running !== null) return;
    const job = this.#waiting.shift();
    if (job === undefined) return;
    this.#running = job;
    this.show(job, { ...job.view, queuePosition: null });
    this.#saveOrLog();
    this.#showPositions();
    void this.#options.run(job).then(() => {
      this.#running = null;
      this.#end(job);
      this.#next();
    });
  }

  #end(job: QueuedMainJob): void {
    job.settle();
    job.broadcast.close();
    this.#options.onShown(job.id);
  }

  #showPositions(): void {
    for (const [index, job] of this.#waiting.entries()) {
      if (job.view.queuePosition !== index + 1) this.show(job, { ...job.view, queuePosition: index + 1 });
    }
  }

  #save(): Promise<void> {
    return this.#options.file.save(this.#waiting.map(({ id }) => id));
  }

  /** A queue that is a step behind is harmless: at the next start each build says itself whether it waits. */
  #saveOrLog(): void {
    void this.#save().catch((error: unknown) =>
      this.#options.logger.error({ error: String(error) }, 'the queue of main jobs could not be stored'),
    );
  }
}

function newEntry(earlier: BuildFile, build: BuildFile): QueuedMainJob {
  const { promise: settled, resolve: settle } = Promise.withResolvers<void>();
  return {
    id: build.id,
    earlier,
    build,
    abort: new AbortController(),
    broadcast: createBroadcast<MainJobView>(),
    settled,
    settle,
    view: viewBuild(build, null, 0),
  };
}
