import type { BuildFile, StepStamp } from '#contract/build-file.ts';
import {
  mainJobSteps,
  suggestModelName,
  type MainJobRequest,
  type MainJobStep,
  type MainJobStepView,
  type MainJobView,
} from '#contract/main-job.ts';
import type { ForgeErrorData } from '#contract/error-data.ts';

/** Steps that look at the present machine or start something: they run every time and are cheap. */
const alwaysRun: ReadonlySet<MainJobStep> = new Set(['machine', 'environment', 'base', 'deploy', 'serve']);

/** What is needed to judge whether the outcome of an earlier run of a step may be used again. */
export interface ReuseQuestion {
  readonly step: MainJobStep;
  readonly stamp: StepStamp | undefined;
  readonly inputsDigest: string;
  /** True when every artefact of the stamp was found with its digest. */
  readonly artefactsIntact: boolean;
}

/** The answer is a reason as well: it is shown to the person ("runs again: ..."). */
export type ReuseAnswer = { readonly reuse: true } | { readonly reuse: false; readonly reason: string };

/** Decides whether a step is skipped because its outcome is still valid (law 3: nothing lost, nothing done twice). */
export function decideReuse({ step, stamp, inputsDigest, artefactsIntact }: ReuseQuestion): ReuseAnswer {
  if (alwaysRun.has(step)) return { reuse: false, reason: 'looks at the machine as it is now' };
  if (stamp === undefined || (stamp.state !== 'done' && stamp.state !== 'reused'))
    return { reuse: false, reason: 'not done before' };
  if (stamp.inputsDigest !== inputsDigest) return { reuse: false, reason: 'its inputs changed' };
  if (!artefactsIntact) return { reuse: false, reason: 'a file it made is missing or changed' };
  return { reuse: true };
}

export interface NewBuild {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly request: MainJobRequest;
  readonly requestDigest: string;
  readonly now: number;
}

/** The state of a main job that has not begun. */
export function newBuild({ id, name, version, request, requestDigest, now }: NewBuild): BuildFile {
  return {
    v: 1,
    id,
    name,
    version,
    createdAt: now,
    updatedAt: now,
    request,
    requestDigest,
    state: 'waiting',
    steps: {},
    notes: [],
    failure: null,
  };
}

export function withStep(build: BuildFile, step: MainJobStep, change: { stamp: StepStamp; now: number }): BuildFile {
  return { ...build, updatedAt: change.now, steps: { ...build.steps, [step]: change.stamp } };
}

/** Live progress of the step that runs now; it is shown, not stored. */
export interface LiveStep {
  readonly step: MainJobStep;
  readonly text: string;
  readonly fraction: number | null;
  readonly etaSeconds: number | null;
  readonly seconds: number;
  readonly job: string | null;
}

/** A build whose step was begun and is not done: where it was, and the worker job with its curves. It is never used again as an outcome. */
export function withOpenStep(
  build: BuildFile,
  { step, text, seconds, job }: LiveStep,
  end: { state: 'failed' | 'interrupted'; now: number },
): BuildFile {
  const { state, now } = end;
  const kept = { state, inputsDigest: '', text, seconds, finishedAt: now, job };
  return withStep(build, step, { stamp: { ...kept, output: null, artefacts: [] }, now });
}

/**
 * The main job as the faces see it: every step in order, whether it has begun or not. While it runs only the first `reached` steps count: what an earlier
 * run left of the later ones may turn out to be stale.
 */
export function viewBuild(build: BuildFile, live: LiveStep | null, reached: number = mainJobSteps.length): MainJobView {
  return {
    id: build.id,
    name: build.name,
    version: build.version,
    state: build.state,
    steps: mainJobSteps.map((step, index) => viewStep(step, index < reached ? build.steps[step] : undefined, live)),
    notes: build.notes,
    request: build.request,
    createdAt: build.createdAt,
    updatedAt: build.updatedAt,
    queuePosition: null,
    failure: build.failure,
    result: null,
  };
}

function viewStep(step: MainJobStep, stamp: StepStamp | undefined, live: LiveStep | null): MainJobStepView {
  if (live?.step === step) {
    const { text, fraction, etaSeconds, seconds, job } = live;
    return { step, state: 'running', text, fraction, etaSeconds, seconds, job };
  }
  if (stamp === undefined)
    return { step, state: 'waiting', text: '', fraction: null, etaSeconds: null, seconds: null, job: null };
  return {
    step,
    state: stamp.state,
    text: stamp.text,
    fraction: null,
    etaSeconds: null,
    seconds: stamp.seconds,
    job: stamp.job,
  };
}

/** The stamps of a build after a failure: what was done stays, the failing step says so. */
export function failBuild(build: BuildFile, failure: ForgeErrorData, now: number): BuildFile {
  return { ...build, updatedAt: now, state: 'failed', failure };
}

/** The order after moving one before another (null: to the end); as it was when either is not in it. */
export function movedBefore(order: readonly string[], moved: string, before: string | null): readonly string[] {
  if (!order.includes(moved) || moved === before || (before !== null && !order.includes(before))) return order;
  const rest = order.filter((id) => id !== moved);
  const place = before === null ? rest.length : rest.indexOf(before);
  return [...rest.slice(0, place), moved, ...rest.slice(place)];
}

/** True for a version that ended before it had a plan (a refused dataset or base, no Python): there is nothing in it that could be lost. */
export function isBarren(build: BuildFile): boolean {
  const isOver = build.state === 'failed' || build.state === 'cancelled';
  const { plan } = build.steps;
  return isOver && plan?.state !== 'done' && plan?.state !== 'reused';
}

/** A person-given file name becomes a model name; never empty. */
export function nameFromFile(fileName: string): string {
  return suggestModelName(fileName.replace(/\.[^.]*$/, ''));
}
