import { setTimeout as sleep } from 'node:timers/promises';
import type { BuildFile } from '#contract/build-file.ts';
import { stepOutputs } from '#contract/build-outputs.ts';
import type { MainJobQuery } from '#contract/main-job.ts';
import type { BuildStamp, BuildStore } from './build-store.ts';

/** What is kept in memory of one main job, to sort and filter by: some 200 bytes. */
interface Entry {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly state: NonNullable<MainJobQuery['states']>[number];
  /** Null: was not measured. */
  readonly score: number | null;
  readonly endedAt: number;
  /** In lower case. */
  readonly sought: string;
  readonly at: number;
}

export interface FoundMainJobs {
  /** In the order asked for, of the page alone. */
  readonly ids: readonly string[];
  readonly total: number;
  readonly all: number;
}

/** Sorts and filters main jobs that are over without reading their files each time. */
export interface FinishedIndex {
  find(query: MainJobQuery, isActive: (id: string) => boolean): Promise<FoundMainJobs>;
}

/** The folders are looked through again after this long: a person may have copied or deleted some by hand. */
const trustedMs = 5_000;
/** Few folders are looked through within this time; of many, an answer is not held up, and the next one knows. */
const patienceMs = 50;
const readAtOnce = 32;
const keyOf = ({ name, version }: Pick<BuildFile, 'name' | 'version'>): string => `${name}:v${version}`;

/**
 * An index over `models/<name>/v<n>/build.json`, made at the first question (about 0.2 ms a file) and kept by what the store says it wrote. What
 * changed behind the store's back is seen at once among few, a question later among thousands.
 */
export function createFinishedIndex(store: BuildStore, nowMs: () => number): FinishedIndex {
  const entries = new Map<string, Entry>();
  const changed = new Map<string, Pick<BuildFile, 'name' | 'version'>>();
  let lookedAt = -Infinity;
  let looking: Promise<void> | null = null;
  store.onChange(({ name, version }) => changed.set(keyOf({ name, version }), { name, version }));
  const read = async ({ name, version, at }: BuildStamp): Promise<void> => {
    const build = await store.load(name, version).catch(() => null);
    if (build === null) entries.delete(keyOf({ name, version }));
    else entries.set(keyOf(build), entryOf(build, at));
  };
  const lookThrough = async (): Promise<void> => {
    const stamps = await store.stamps();
    const known = new Set(stamps.map(keyOf));
    for (const key of [...entries.keys()].filter((key) => !known.has(key))) entries.delete(key);
    const stale = stamps.filter((stamp) => entries.get(keyOf(stamp))?.at !== stamp.at);
    for (let start = 0; start < stale.length; start += readAtOnce)
      await Promise.all(stale.slice(start, start + readAtOnce).map(read));
    lookedAt = nowMs();
  };
  const look = (): Promise<void> => (looking ??= lookThrough().finally(() => (looking = null)));
  const takeChanges = async (): Promise<void> => {
    const places = [...changed.values()];
    changed.clear();
    await Promise.all(places.map((place) => read({ ...place, at: Number.NaN })));
  };
  return {
    async find(query, isActive) {
      if (lookedAt === -Infinity) await look();
      else if (nowMs() - lookedAt > trustedMs) await Promise.race([look(), sleep(patienceMs)]);
      await takeChanges();
      const over = [...entries.values()].filter(({ id }) => !isActive(id));
      const text = query.text.trim().toLowerCase();
      const matching = over.filter(
        ({ state, sought }) =>
          (query.states === null || query.states.includes(state)) && (text === '' || sought.includes(text)),
      );
      const sorted = matching.sort(orderOf(query)).slice(query.offset, query.offset + query.limit);
      return { ids: sorted.map(({ id }) => id), total: matching.length, all: over.length };
    },
  };
}

function entryOf(build: BuildFile, at: number): Entry {
  const { id, name, version, request, updatedAt } = build;
  const base = stepOutputs.base.safeParse(build.steps.base?.output).data?.id;
  const measured = build.state === 'succeeded' ? stepOutputs.evaluate.safeParse(build.steps.evaluate?.output) : null;
  return {
    ...{ id, name, version, endedAt: updatedAt, at },
    // One that says it runs or waits, and does not, was cut off.
    state: build.state === 'running' || build.state === 'waiting' ? 'interrupted' : build.state,
    score: measured?.data?.comparison.tunedMean ?? null,
    sought: [keyOf(build), request.base, request.dataset, base].filter(Boolean).join('\n').toLowerCase(),
  };
}

const collator = new Intl.Collator('en', { numeric: true });

/** What has no score is last either way; what is equal comes newest first. */
function orderOf({ sort, descending }: MainJobQuery): (one: Entry, other: Entry) => number {
  const sign = descending ? -1 : 1;
  const byTime = (one: Entry, other: Entry): number =>
    other.endedAt - one.endedAt || collator.compare(one.id, other.id);
  const compare: Record<MainJobQuery['sort'], (one: Entry, other: Entry) => number> = {
    name: (one, other) => sign * (collator.compare(one.name, other.name) || one.version - other.version),
    state: (one, other) => sign * collator.compare(one.state, other.state),
    ended: (one, other) => sign * (one.endedAt - other.endedAt),
    score: (one, other) => {
      if (one.score === null || other.score === null) return Number(one.score === null) - Number(other.score === null);
      return sign * (one.score - other.score);
    },
  };
  return (one, other) => compare[sort](one, other) || byTime(one, other);
}
