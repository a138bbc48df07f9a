import { createStore, type StoreApi } from 'zustand/vanilla';
import { metricEvent } from '#contract/events.ts';
import type { AnsweredRow } from '#contract/evaluation.ts';
import type { MainJobRequest, MainJobView } from '#contract/main-job.ts';
import type { JobView } from '#contract/jobs.ts';
import type { ForgeClient } from '#contract/client.ts';
import { newRequestId, type EngineAccess } from '../../connection/engine-access.ts';
import { createQuestion, notLoaded, type Loaded } from './loaded.ts';

export type AnswerOrder = 'worst-first' | 'best-first' | 'as-in-file';

export interface TrainingState {
  /** The main job that is watched; null until its first word. */
  readonly view: MainJobView | null;
  /** The training job inside it, for pause and resume. */
  readonly job: JobView | null;
  /** Training loss by step, thinned; null where it was not finite. */
  readonly losses: readonly (number | null)[];
  readonly answers: Loaded<{ readonly total: number; readonly rows: readonly AnsweredRow[] }>;
  readonly order: AnswerOrder;
  /** Starts what the draft asks for; the same decisions again go on with the same version. Gives the main job's id. */
  begin(draftId: string, request: MainJobRequest): Promise<string>;
  /** Follows one main job until the returned function is called. */
  watch(id: string): () => void;
  /** Follows the loss of one training job. */
  watchLoss(job: string): () => void;
  act(action: 'pause' | 'resume' | 'finish', job: string): Promise<void>;
  cancel(id: string): Promise<void>;
  goOn(id: string): Promise<void>;
  loadAnswers(id: string, order: AnswerOrder): Promise<void>;
}

const unfinished: readonly MainJobView['state'][] = ['failed', 'cancelled', 'interrupted'];
const answersShown = 10;
const pageLimit = 1000;

export function createTrainingStore(engine: EngineAccess): StoreApi<TrainingState> {
  return createStore<TrainingState>((set) => {
    const answers = createQuestion<NonNullable<TrainingState['answers']['value']>>((change) =>
      set((state) => ({ answers: change(state.answers) })),
    );
    let watchAgain = (): void => undefined;
    return {
      view: null,
      job: null,
      losses: [],
      answers: notLoaded,
      order: 'worst-first',
      begin: (draftId, request) => begin(engine, draftId, request),
      watch(id) {
        const [stop, again] = watch(engine, set, id);
        watchAgain = again;
        return stop;
      },
      watchLoss: (job) => watchLoss(engine, set, job),
      async act(action, job) {
        const input = { job, requestId: newRequestId() };
        await engine.call((client) => client.jobs[action](input));
      },
      async cancel(id) {
        await engine.call((client) => client.mainJobs.cancel({ id, requestId: newRequestId() }));
      },
      async goOn(id) {
        await engine.call((client) => client.mainJobs.resume({ id, requestId: newRequestId() }));
        // What the engine told of it ended with the main job; from here on there is more to tell.
        watchAgain();
      },
      async loadAnswers(id, order) {
        set({ order });
        await answers.ask((signal) =>
          engine.call((client) => client.mainJobs.answers({ id, order, limit: answersShown }, { signal })),
        );
      },
    };
  });
}

type Set = StoreApi<TrainingState>['setState'];

async function begin(engine: EngineAccess, draftId: string, request: MainJobRequest): Promise<string> {
  // A repeated press, or one after a crash, finds the same main job; other decisions start another.
  const requestId = `${draftId}-${digestOf(JSON.stringify(request))}`;
  const view = await engine.call((client) => client.mainJobs.start({ request, requestId }));
  if (unfinished.includes(view.state))
    await engine.call((client) => client.mainJobs.resume({ id: view.id, requestId: newRequestId() }));
  return view.id;
}

/** A short digest to tell requests apart (no secret): 53 bits of the text as base 36. */
export function digestOf(text: string): string {
  let high = 0xde_ad_be_ef;
  let low = 0x41_c6_ce_57;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 2_654_435_761);
    low = Math.imul(low ^ code, 1_597_334_677);
  }
  return ((high >>> 0) * 2 ** 21 + (low >>> 11)).toString(36);
}

/** Returns how to stop, and how to follow the main job anew once it goes on. */
function watch(engine: EngineAccess, set: Set, id: string): readonly [stop: () => void, again: () => void] {
  set((state) => (state.view?.id === id ? {} : { view: null, job: null, losses: [], answers: notLoaded }));
  const jobs = new Map<string, JobView>();
  const followMainJob = (): (() => void) =>
    engine.follow(async (client, signal) => {
      for await (const view of await client.mainJobs.watch({ id }, { signal })) set({ view, job: jobOf(view, jobs) });
    });
  const stopJobs = engine.follow(async (client, signal) => {
    for await (const job of await client.jobs.watch(undefined, { signal })) {
      jobs.set(job.id, job);
      set(({ view }) => (view === null ? {} : { job: jobOf(view, jobs) }));
    }
  });
  let stopMainJob = followMainJob();
  let isStopped = false;
  const stop = (): void => {
    isStopped = true;
    stopMainJob();
    stopJobs();
  };
  const again = (): void => {
    if (isStopped) return;
    stopMainJob();
    stopMainJob = followMainJob();
  };
  return [stop, again];
}

function jobOf({ steps }: MainJobView, jobs: ReadonlyMap<string, JobView>): JobView | null {
  const id = steps.find(({ step }) => step === 'train')?.job ?? null;
  return id === null ? null : (jobs.get(id) ?? null);
}

function watchLoss(engine: EngineAccess, set: Set, job: string): () => void {
  const add = (events: readonly unknown[], isFirst: boolean): void => {
    const values = events.flatMap(lossOf);
    if (values.length > 0 || isFirst)
      set(({ losses }) => ({ losses: isFirst ? values : thinned([...losses, ...values]) }));
  };
  return engine.follow(async (client, signal) => {
    let isFirst = true;
    for await (const events of metricEvents(client, job, signal)) {
      add(events, isFirst);
      isFirst = false;
    }
  });
}

async function* metricEvents(
  client: ForgeClient,
  job: string,
  signal: AbortSignal,
): AsyncGenerator<readonly unknown[]> {
  let after = 0;
  for (;;) {
    for (let isFull = true; isFull;) {
      const page = await client.runs.eventsPage({ job, after, limit: pageLimit, types: ['metric'] }, { signal });
      isFull = page.events.length === pageLimit;
      after = Math.max(after, page.last);
      yield page.events;
    }
    let isBehind = false;
    for await (const batch of await client.runs.subscribe({ job, after }, { signal })) {
      isBehind = batch.behind;
      after = Math.max(after, batch.last);
      yield batch.events;
    }
    if (!isBehind) return;
  }
}

function lossOf(event: unknown): (number | null)[] {
  const read = metricEvent.safeParse(event);
  if (!read.success) return [];
  const { values, nonFinite } = read.data;
  const loss = values['loss'];
  if (loss === undefined) return nonFinite.includes('loss') ? [null] : [];
  return [loss];
}

const mostPoints = 400;

/** At most 400 points: every second one goes when there are more. Enough for a line as wide as a thumb. */
export function thinned<T>(values: readonly T[]): readonly T[] {
  return values.length <= mostPoints ? values : thinned(values.filter((_, index) => index % 2 === 0));
}
