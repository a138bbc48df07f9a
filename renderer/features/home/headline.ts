import type { ModelVersion } from '#contract/models.ts';
import type { ServingView } from '#contract/serving-state.ts';

export interface HomeState {
  readonly serving: ServingView;
  /** In any order. */
  readonly models: readonly ModelVersion[];
}

export interface Headline {
  readonly word:
    | 'servedScored'
    | 'servedTunedOnly'
    | 'servedUnmeasured'
    | 'readyScored'
    | 'readyUnmeasured'
    | 'serverFailed'
    | 'nothingServed';
  /** The version it is about; null where there is none. */
  readonly model: ModelVersion | null;
}

/** `name:v3`. */
export function versionName({ name, version }: Pick<ModelVersion, 'name' | 'version'>): string {
  return `${name}:v${version}`;
}

/** The version that clients get: the one in memory, else the current one of the family made last. */
export function shownVersion({ serving, models }: HomeState): ModelVersion | null {
  const usable = models.filter(({ state }) => state === 'ready');
  const loaded = serving.servers.find(({ name, state }) => name !== null && state !== 'closed')?.name;
  const inMemory = usable.find((model) => versionName(model) === loaded);
  if (inMemory !== undefined) return inMemory;
  const current = usable.filter(({ name, version }) =>
    serving.families.some((family) => family.name === name && family.current === version),
  );
  return current.toSorted(newestFirst)[0] ?? usable.toSorted(newestFirst)[0] ?? null;
}

function newestFirst(one: ModelVersion, other: ModelVersion): number {
  return other.createdAt - one.createdAt || other.version - one.version;
}

/** The one sentence of the page: what is served and how good it is. */
export function headlineOf(state: HomeState): Headline {
  const model = shownVersion(state);
  if (state.serving.state === 'failed') return { word: 'serverFailed', model };
  if (model === null) return { word: 'nothingServed', model };
  const isMeasured = model.tunedScore !== null;
  if (!state.serving.running) return { word: isMeasured ? 'readyScored' : 'readyUnmeasured', model };
  if (!isMeasured) return { word: 'servedUnmeasured', model };
  return { word: model.baseScore === null ? 'servedTunedOnly' : 'servedScored', model };
}

export interface ScorePair {
  readonly base: { readonly value: number } | null;
  readonly tuned: { readonly value: number; readonly low?: number; readonly high?: number };
}

/** Both scores for the picture; the interval of the change stands around the tuned one. Null where nothing was measured. */
export function scoresOf({ baseScore, tunedScore, interval }: ModelVersion): ScorePair | null {
  if (tunedScore === null) return null;
  const base = baseScore === null ? null : { value: baseScore };
  if (baseScore === null || interval === null) return { base, tuned: { value: tunedScore } };
  const [low, high] = interval;
  return { base, tuned: { value: tunedScore, low: inScale(baseScore + low), high: inScale(baseScore + high) } };
}

const inScale = (points: number): number => Math.min(100, Math.max(0, points));
