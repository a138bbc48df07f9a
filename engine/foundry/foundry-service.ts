import type {
  DatasetVersion,
  FoundryJob,
  ImportRequest,
  PageRequest,
  RowPage,
  VersionReference,
} from '#contract/dataset-versions.ts';
import type { ShownRow } from '#contract/dataset-preview.ts';
import type { DatasetRow } from '#contract/datasets.ts';
import { ForgeError } from '#contract/errors.ts';
import type { CanonicalRow } from '#contract/rows.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Logger } from '#core/ports/logger.ts';
import type { RejectsPage, RejectsRange, VersionStore } from '#core/foundry/version-store.ts';
import { createVersionStore } from '#native-bridge/datasets/store/create-version-store.ts';
import type { StoreFolders } from '#native-bridge/datasets/store/store-places.ts';
import { createFoundryJobs, type FoundryJobs } from './foundry-jobs.ts';
import { createPagesClient } from './pages-client.ts';

/** Datasets as versions: what the handlers call. */
export interface FoundryService {
  readonly jobs: FoundryJobs;
  readonly versions: VersionStore;
  /** Newest first. Whoever asks will want to look into one soon. */
  list(): Promise<DatasetVersion[]>;
  import(request: ImportRequest, requestId: string): Promise<FoundryJob>;
  page(request: PageRequest, signal?: AbortSignal): Promise<RowPage>;
  row(reference: VersionReference & { readonly id: string }): Promise<CanonicalRow>;
  showRow(
    reference: VersionReference & { readonly id: string; readonly base: string | null },
    signal?: AbortSignal,
  ): Promise<ShownRow>;
  rejects(reference: VersionReference & RejectsRange): Promise<RejectsPage>;
  begin(): Promise<void>;
  stop(): Promise<void>;
}

export interface FoundryServiceOptions {
  /** FORGE_HOME/foundry */
  readonly folder: string;
  readonly folders: StoreFolders;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Fetches `hf:owner/name` and gives the path of what came. */
  readonly obtain: (source: string) => Promise<string>;
  /** A row as a base model would see it. */
  readonly showRow: (row: DatasetRow, base: string | null, signal?: AbortSignal) => Promise<ShownRow>;
}

/** Removed versions go for good a little after the time in which they can be taken back. */
const collectEveryMs = 5 * 60_000;

/** A conversation as the tokenizer takes it; calls of tools stand in the text as the JSON they are. */
function shownRowOf(row: CanonicalRow): DatasetRow {
  if (row.kind !== 'sft') throw new ForgeError('foundry.not-shown', { kind: row.kind });
  const messages = row.messages.map(({ role, content, weight, tool_calls: calls }) => ({
    role: role === 'tool' ? ('user' as const) : role,
    content: calls === undefined ? content : `${content}${JSON.stringify(calls)}`,
    ...(weight === undefined ? {} : { weight }),
  }));
  return { id: row.id, kind: 'sft', messages, group: row.group };
}

export function createFoundryService(options: FoundryServiceOptions): FoundryService {
  const { folder, folders, clock, logger } = options;
  const versions = createVersionStore({ folders, nowMs: () => clock.nowMs(), logger });
  const jobs = createFoundryJobs({ folder, folders, clock, logger });
  const pages = createPagesClient(folders);
  let collecting: { cancel(): void } | null = null;

  const collect = (): void => {
    // A job may be about to name files that nobody names yet.
    if (jobs.isBusy()) return;
    versions
      .collect()
      .catch((error: unknown) => logger.warn({ reason: String(error) }, 'the store could not be cleaned'));
  };

  return {
    jobs,
    versions,
    async list() {
      const all = await versions.list();
      if (all.length > 0) pages.warm();
      return all;
    },
    async import(request, requestId) {
      const fetched: Record<string, string> = {};
      for (const place of request.paths) if (/^hf:/i.test(place)) fetched[place] = await options.obtain(place);
      return jobs.start({ kind: 'import', name: request.name, request: { ...request, fetched }, requestId });
    },
    async page(request, signal) {
      return pages.page(await versions.read(request), request, signal);
    },
    row: async (reference) => pages.row(await versions.read(reference), reference.id),
    async showRow(reference, signal) {
      const row = await pages.row(await versions.read(reference), reference.id);
      return options.showRow(shownRowOf(row), reference.base, signal);
    },
    rejects: async (reference) => pages.rejects(await versions.read(reference), reference),
    async begin() {
      await jobs.begin();
      collect();
      collecting = clock.every(collectEveryMs, collect);
    },
    async stop() {
      collecting?.cancel();
      await jobs.stop();
      await pages.stop();
    },
  };
}
