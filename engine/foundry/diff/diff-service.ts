import type { DiffPage, DiffPageRequest, DiffReport, RowChange, VersionPair } from '#contract/dataset-diffs.ts';
import type { DatasetVersion, FoundryJob, PagedRow, VersionReference } from '#contract/dataset-versions.ts';
import { ForgeError } from '#contract/errors.ts';
import type { StoreFolders } from '#native-bridge/datasets/store/store-places.ts';
import type { FoundryService } from '../foundry-service.ts';
import { readDiff, readPlaces } from './diff-files.ts';

/** Diffs of two versions: made by a job, read page by page. */
export interface DiffService {
  start(order: VersionPair & { readonly requestId: string }): Promise<FoundryJob>;
  /** Null where these very rows were not compared yet. */
  report(pair: VersionPair): Promise<DiffReport | null>;
  /** @throws ForgeError foundry.no-diff */
  page(request: DiffPageRequest): Promise<DiffPage>;
}

export interface DiffServiceOptions {
  readonly foundry: Pick<FoundryService, 'jobs' | 'versions' | 'rowsAt'>;
  readonly folders: StoreFolders;
}

interface Opened {
  readonly before: DatasetVersion;
  readonly after: DatasetVersion;
  readonly report: DiffReport | null;
}

function nameOf({ name, version }: VersionReference): string {
  return `${name}:v${version}`;
}

export function createDiffService({ foundry, folders }: DiffServiceOptions): DiffService {
  const { jobs, versions } = foundry;
  async function opened(pair: VersionPair): Promise<Opened> {
    const [before, after] = await Promise.all([versions.read(pair.before), versions.read(pair.after)]);
    const report = await readDiff(folders, pair);
    const isOfThese = report?.before.digest === before.digest && report.after.digest === after.digest;
    return { before, after, report: isOfThese ? report : null };
  }
  async function rowsOf(version: DatasetVersion, places: readonly (number | null)[]): Promise<Map<number, PagedRow>> {
    const wanted = places.filter((place) => place !== null);
    const rows = wanted.length === 0 ? [] : await foundry.rowsAt(version, wanted);
    return new Map(rows.map((row) => [row.place, row]));
  }
  return {
    async start({ before, after, requestId }) {
      await Promise.all([versions.read(before), versions.read(after)]);
      return jobs.start({ kind: 'diff', name: after.name, request: { before, after }, requestId });
    },
    report: async (pair) => (await opened(pair)).report,
    async page(request) {
      const { before, after, report } = await opened(request);
      if (report === null)
        throw new ForgeError('foundry.no-diff', { before: nameOf(request.before), after: nameOf(request.after) });
      const places = await readPlaces(folders, report, request);
      const [earlier, later] = await Promise.all([
        rowsOf(
          before,
          places.map((place) => place.before),
        ),
        rowsOf(
          after,
          places.map((place) => place.after),
        ),
      ]);
      const rows = places.map((place): RowChange => {
        const [old, now] = [earlier.get(place.before ?? -1) ?? null, later.get(place.after ?? -1) ?? null];
        return { change: request.change, before: old, after: now, from: place.from, to: place.to };
      });
      return { total: report[request.change], rows };
    },
  };
}
