import type {
  DatasetVersion,
  FoundryJob,
  ImportRequest,
  PagedRow,
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
import type { KeptMappings } from './preview/kept-mappings.ts';
import { createFoundryJobs, type FoundryJobs } from './foundry-jobs.ts';
import type { CountTokens } from './job-protocol.ts';
import { requireFreeName } from './required-name.ts';
import { createPagesClient } from './pages-client.ts';

/** Datasets as versions: what the handlers call. */
export interface FoundryService {
  readonly jobs: FoundryJobs;
  readonly versions: VersionStore;
  /** Which column was what, the last time; null where nothing is remembered. */
  readonly mappings: KeptMappings | null;
  /** Newest first. Whoever asks will want to look into one soon. */
  list(): Promise<DatasetVersion[]>;
  import(request: ImportRequest, requestId: string): Promise<FoundryJob>;
  /** Paths with those of datasets of the hub replaced by where they lie. */
  located(paths: readonly string[]): Promise<string[]>;
  page(request: PageRequest, signal?: AbortSignal): Promise<RowPage>;
  row(reference: VersionReference & { readonly id: string }): Promise<CanonicalRow>;
  rowsAt(version: DatasetVersion, places: readonly number[]): Promise<PagedRow[]>;
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
  readonly mappings?: KeptMappings;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Where the files of `hf:owner/name` lie; fetches them where they are not here. */
  readonly obtain: (source: string) => Promise<string>;
  /** Tokens of texts by the tokenizer of a model file. */
  readonly countTokens: CountTokens;
  /** A row as a base model would see it. */
  readonly showRow: (row: DatasetRow, base: string | null, signal?: AbortSignal) => Promise<ShownRow>;
}

/** Removed versions go for good a little after the time in which they can be taken back. */
const collectEveryMs = 5 * 60_000;

/** A conversation as the tokenizer takes it; calls of tools stand in the text as the JSON they are. */
function shownRowOf(row: CanonicalRow): DatasetRow {
  if (row.kind === 'text') return { id: row.id, kind: 'sft', messages: [], group: row.group, text: row.text };
  if (row.kind !== 'sft') throw new ForgeError('foundry.not-shown', { kind: row.kind });
  const messages = row.messages.map(({ role, content, weight, tool_calls: calls }) => ({
    role: role === 'tool' ? ('user' as const) : role,
    content: calls === undefined ? content : `${content}${JSON.stringify(calls)}`,
    ...(weight === undefined ? {} : { weight }),
  }));
  return { id: row.id, kind: 'sft', messages, group: row.group };
}

interface Collecting {
  begin(): void;
  stop(): void;
}

/** Deletes now and then what was removed, and what nobody names any more. */
function createCollecting(parts: {
  readonly versions: VersionStore;
  readonly jobs: Pick<FoundryJobs, 'isBusy'>;
  readonly clock: Clock;
  readonly logger: Logger;
}): Collecting {
  const { versions, jobs, clock, logger } = parts;
  let timer: { cancel(): void } | null = null;
  const collect = (): void => {
    // A job may be about to name files that nobody names yet.
    if (jobs.isBusy()) return;
    versions
      .collect()
      .catch((error: unknown) => logger.warn({ reason: String(error) }, 'the store could not be cleaned'));
  };
  return {
    begin() {
      collect();
      timer = clock.every(collectEveryMs, collect);
    },
    stop: () => timer?.cancel(),
  };
}

export function createFoundryService(options: FoundryServiceOptions): FoundryService {
  const { folder, folders, clock, logger } = options;
  const versions = createVersionStore({ folders, nowMs: () => clock.nowMs(), logger });
  const jobs = createFoundryJobs({ folder, folders, clock, logger, countTokens: options.countTokens });
  const pages = createPagesClient(folders);
  const collecting = createCollecting({ versions, jobs, clock, logger });

  /** For the next file with these columns; an import never waits for it, and never fails of it. */
  const remember = async ({ mapping, ...request }: ImportRequest, fetched: readonly string[]): Promise<void> => {
    if (mapping === null || options.mappings === undefined || fetched.length > 0) return;
    try {
      const { previewImport } = await import('./preview/preview-import.ts');
      const { columns } = await previewImport({ ...request, mapping });
      await options.mappings.keep(
        columns.map(({ name }) => name),
        mapping,
      );
    } catch (error) {
      logger.warn({ dataset: request.name, reason: String(error) }, 'a mapping was not remembered');
    }
  };

  return {
    jobs,
    versions,
    mappings: options.mappings ?? null,
    async list() {
      const all = await versions.list();
      if (all.length > 0) pages.warm();
      return all;
    },
    async import(request, requestId) {
      requireFreeName({ kind: 'import', name: request.name });
      const fetched: Record<string, string> = {};
      for (const place of request.paths) if (/^hf:/i.test(place)) fetched[place] = await options.obtain(place);
      const job = await jobs.start({ kind: 'import', name: request.name, request: { ...request, fetched }, requestId });
      void remember(request, Object.values(fetched));
      return job;
    },
    located: (paths) =>
      Promise.all(paths.map((place) => (/^hf:/i.test(place) ? options.obtain(place) : Promise.resolve(place)))),
    async page(request, signal) {
      return pages.page(await versions.read(request), request, signal);
    },
    row: async (reference) => pages.row(await versions.read(reference), reference.id),
    rowsAt: (version, places) => pages.rowsAt(version, places),
    async showRow(reference, signal) {
      const row = await pages.row(await versions.read(reference), reference.id);
      return options.showRow(shownRowOf(row), reference.base, signal);
    },
    rejects: async (reference) => pages.rejects(await versions.read(reference), reference),
    async begin() {
      await jobs.begin();
      collecting.begin();
    },
    async stop() {
      collecting.stop();
      await jobs.stop();
      await pages.stop();
    },
  };
}
