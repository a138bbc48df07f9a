import type { ForgeClient } from '#contract/client.ts';
import { metricNames, type RunRecorder } from './run-recorder.ts';

/** What the history is made of besides the curves: everything but the four kinds that come with every step. */
const storyTypes = [
  'hello',
  'measured',
  'sample',
  'checkpoint',
  'invariant',
  'intervention',
  'log',
  'warning',
  'done',
  'failed',
];
const pageLimit = 500;
/** Points of one curve that history brings; the engine keeps the extremes of each stretch. */
const historyPoints = 5_000;
const mostPlaced = 40;

export interface FollowRun {
  readonly client: ForgeClient;
  readonly signal: AbortSignal;
  readonly job: string;
  readonly recorder: RunRecorder;
  /** Something was taken in; `factsChanged` is false when only curves grew. */
  onTaken(factsChanged: boolean): void;
}

/**
 * Brings a recorder up to date and keeps it there until the run is over: the first time by story and thinned curves, after a lost
 * connection by the pages it missed. A tail that was too slow pages again. Resolves when the engine has no more.
 */
export async function followRun(run: FollowRun): Promise<void> {
  if (!run.recorder.hasHistory) await readHistory(run);
  else await readMissed(run);
  while (await readTail(run)) await readMissed(run);
}

async function readHistory({ client, signal, job, recorder, onTaken }: FollowRun): Promise<void> {
  let after = 0;
  for (let isFull = true; isFull;) {
    const page = await client.runs.eventsPage({ job, after, limit: pageLimit, types: storyTypes }, { signal });
    recorder.take(page.events);
    isFull = page.events.length === pageLimit;
    after = page.last;
  }
  // The curves are read after the story, so that nothing is missing between the two; what they have in common is put twice.
  const series = await client.runs.series({ job, names: [...metricNames], points: historyPoints }, { signal });
  for (const { name, ...history } of series) recorder.takeSeries(name, history);
  recorder.cursor = after;
  recorder.hasHistory = true;
  onTaken(true);
  if (recorder.facts.interventions.some(({ step }) => step === null)) {
    await placeInterventions({ client, signal, job, recorder });
    onTaken(true);
  }
}

/** An intervention tells no step, but the metric that follows it in the log does. */
async function placeInterventions({ client, signal, job, recorder }: Omit<FollowRun, 'onTaken'>): Promise<void> {
  const found: { readonly id: number; readonly position: number }[] = [];
  let after = 0;
  for (const { id } of recorder.facts.interventions.slice(0, mostPlaced)) {
    const page = await client.runs.eventsPage({ job, after, limit: 1, types: ['intervention'] }, { signal });
    if (page.events.length === 0) break;
    after = page.last;
    found.push({ id, position: after });
  }
  const steps = new Map(recorder.facts.interventions.map(({ id, step }) => [id, step]));
  for (const { id, position } of found.filter((one) => steps.get(one.id) === null)) {
    const page = await client.runs.eventsPage({ job, after: position, limit: 1, types: ['metric'] }, { signal });
    const [metric] = page.events as readonly { readonly step?: unknown }[];
    if (typeof metric?.step === 'number') recorder.placeIntervention(id, metric.step);
  }
}

async function readMissed({ client, signal, job, recorder, onTaken }: FollowRun): Promise<void> {
  for (let isFull = true; isFull;) {
    const page = await client.runs.eventsPage({ job, after: recorder.cursor, limit: pageLimit }, { signal });
    const changed = recorder.take(page.events);
    recorder.cursor = Math.max(recorder.cursor, page.last);
    isFull = page.events.length === pageLimit;
    onTaken(changed);
  }
}

/** @returns true when the tail ended because this reader was too slow */
async function readTail({ client, signal, job, recorder, onTaken }: FollowRun): Promise<boolean> {
  let isBehind = false;
  for await (const batch of await client.runs.subscribe({ job, after: recorder.cursor }, { signal })) {
    isBehind = batch.behind;
    const changed = recorder.take(batch.events);
    recorder.cursor = Math.max(recorder.cursor, batch.last);
    onTaken(changed);
  }
  return isBehind && !signal.aborted;
}
