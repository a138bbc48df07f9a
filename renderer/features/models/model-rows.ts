import type { VersionReference } from '#contract/dataset-versions.ts';
import type { MainJobView } from '#contract/main-job.ts';
import type { ModelVersion } from '#contract/models.ts';
import { dataLabelOf } from '../create/data-label.ts';
import type { ServedFamily, ServingView } from '#contract/serving-state.ts';

/** `name:v3`: how a version is asked for. */
export function versionId({ name, version }: Pick<ModelVersion, 'name' | 'version'>): string {
  return `${name}:v${version}`;
}

/** Where a version can be reached. */
export interface Reach {
  /** Clients that ask for the bare name get it. */
  readonly isCurrent: boolean;
  /** The server is on. */
  readonly isServing: boolean;
  readonly isInMemory: boolean;
  readonly inOllama: boolean;
}

/** A value with its 95 % interval, in points. */
export interface Estimate {
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
}

export interface ModelRow {
  readonly id: string;
  readonly version: ModelVersion;
  readonly baseScore: Estimate | null;
  readonly tunedScore: Estimate | null;
  /** Name of the file it learned from; `sample` for the shipped one, null where the main job is gone. */
  readonly data: string | null;
  /** The dataset version it learned from, where it is known. */
  readonly dataset: (VersionReference & { readonly digest: string }) | null;
  /** Rows learned from. */
  readonly rows: number | null;
  /** The main job that made it. */
  readonly mainJob: string | null;
  readonly reach: Reach;
  readonly family: ServedFamily | null;
}

export interface ModelSurroundings {
  readonly serving: ServingView | null;
  /** By version id. */
  readonly mainJobs: ReadonlyMap<string, MainJobView>;
  readonly hidden: ReadonlySet<string>;
}

/** Versions as lines of the table, the newest first. */
export function modelRows(versions: readonly ModelVersion[], around: ModelSurroundings): readonly ModelRow[] {
  return versions
    .filter((version) => !around.hidden.has(versionId(version)))
    .toSorted((a, b) => b.createdAt - a.createdAt || a.name.localeCompare(b.name) || b.version - a.version)
    .map((version) => rowOf(version, around));
}

function rowOf(version: ModelVersion, { serving, mainJobs }: ModelSurroundings): ModelRow {
  const id = versionId(version);
  const job = mainJobs.get(id) ?? null;
  const family = serving?.families.find(({ name }) => name === version.name) ?? null;
  return {
    id,
    version,
    ...estimates(version),
    data: job === null ? null : dataName(job.request.dataset),
    dataset: job?.result?.dataset ?? null,
    rows: job?.result?.rows.train ?? null,
    mainJob: job?.id ?? null,
    reach: {
      isCurrent: family?.current === version.version,
      isServing: serving?.running === true,
      isInMemory: serving?.servers.some(({ path, state }) => path === version.ggufPath && state !== 'closed') === true,
      inOllama: version.inOllama,
    },
    family,
  };
}

/** The interval is that of the change, so it is laid around the tuned score from the base's. */
export function estimates({
  baseScore,
  tunedScore,
  interval,
}: Pick<ModelVersion, 'baseScore' | 'tunedScore' | 'interval'>): Pick<ModelRow, 'baseScore' | 'tunedScore'> {
  const base = baseScore === null ? null : { value: baseScore };
  if (tunedScore === null) return { baseScore: base, tunedScore: null };
  if (baseScore === null || interval === null) return { baseScore: base, tunedScore: { value: tunedScore } };
  const [low, high] = interval.map((change) => Math.min(100, Math.max(0, baseScore + change)));
  return {
    baseScore: base,
    tunedScore: { value: tunedScore, ...(low !== undefined && { low }), ...(high !== undefined && { high }) },
  };
}

/** `tickets:v2` for a dataset version, else the last part of a path, of either kind of system; `sample` for none. */
export function dataName(path: string | undefined): string {
  return path === undefined ? 'sample' : dataLabelOf(path);
}

/** Why a version cannot be asked or served: it has no file yet. */
export type VersionObstacle = 'building' | 'adapter-only' | 'failed';

export function versionObstacle({ state, ggufPath }: Pick<ModelVersion, 'state' | 'ggufPath'>): VersionObstacle | null {
  if (state !== 'ready') return state;
  return ggufPath === null ? 'adapter-only' : null;
}

export interface ParityLine {
  readonly gate: 'tokens' | 'template' | 'logits' | 'greedy' | 'loss';
  readonly passed: boolean;
  /** Equal ones and how many there were; for `logits` and `loss` a share instead. */
  readonly measured: { readonly equal: number; readonly of: number } | { readonly share: number };
}

/** How the served file compares with the trained model, gate by gate. */
export function parityLines(parity: NonNullable<ModelVersion['parity']>): readonly ParityLine[] {
  const { tokens, template, logits, greedy, loss } = parity;
  return [
    { gate: 'tokens', passed: tokens.passed, measured: tokens },
    { gate: 'template', passed: template.passed, measured: template },
    { gate: 'logits', passed: logits.passed, measured: { share: logits.argmaxAgreement } },
    { gate: 'greedy', passed: greedy.passed, measured: greedy },
    { gate: 'loss', passed: loss.passed, measured: { share: loss.change } },
  ];
}
