import { readFile, stat } from 'node:fs/promises';
import { hash } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';
import { ForgeError } from '#contract/errors.ts';
import { hubSourceText, parseHubSource, type HubListing, type HubSource } from '#contract/hub-datasets.ts';
import { chooseHubPart, hubPartsOf, type HubPartFiles } from '#core/foundry/hub/hub-parts.ts';
import { openHubDataset, type HubDatasetFiles } from '#native-bridge/datasets/hub-files.ts';
import { writeJsonAtomic } from '#native-bridge/files/write-file-atomic.ts';
import type { HubAccess, HubFile } from '#native-bridge/hub/hub-repository.ts';
import { oneByOne } from '../../one-by-one.ts';

/** Files of one configuration and split, on this disk. */
export interface FetchedPart {
  /** The part as a source, written out. */
  readonly source: string;
  readonly folder: string;
  readonly files: number;
  readonly sizeBytes: number;
}

export interface HubFetchStep {
  readonly signal: AbortSignal;
  report(progress: { readonly file: string; readonly doneBytes: number; readonly totalBytes: number }): void;
}

/** Datasets of the hub: what they consist of, and their files below `hub/<owner>--<name>/`. */
export interface HubDatasets {
  list(source: string, signal?: AbortSignal): Promise<HubListing>;
  fetch(source: string, step: HubFetchStep): Promise<FetchedPart>;
  /** Where a part lies that was fetched within the last hour; fetched anew otherwise, which costs nothing for files that are as they were. */
  placeOf(source: string): Promise<string>;
}

export interface HubDatasetsOptions {
  /** FORGE_HOME/datasets/hub */
  readonly folder: string;
  readonly access: HubAccess;
  readonly nowMs: () => number;
}

/** The branch on which the hub keeps every dataset as Parquet. */
const convertedRevision = 'refs/convert/parquet';
const freshMs = 3_600_000;
const namedParts = 12;

const fetchedPart = z.object({
  source: z.string(),
  folder: z.string(),
  commit: z.string(),
  files: z.number(),
  sizeBytes: z.number(),
  fetchedAt: z.number(),
});

function sourceOf(text: string): HubSource {
  const source = parseHubSource(text);
  if (source !== null) return source;
  const reason = 'write it as hf:owner/name, hf:owner/name@revision or hf:owner/name:configuration/split';
  throw new ForgeError('dataset.hub-not-usable', { repository: text.slice(0, 200), reason });
}

interface OpenedDataset {
  readonly source: HubSource;
  readonly hub: HubDatasetFiles;
  readonly isConverted: boolean;
  readonly parts: readonly HubPartFiles<HubFile>[];
}

function has(parts: readonly HubPartFiles[], { configuration, split }: HubSource): boolean {
  return parts.some(
    (part) =>
      (configuration === null || part.configuration === configuration) && (split === null || part.split === split),
  );
}

function asked({ configuration, split }: HubSource): string {
  return [configuration, split].filter((word) => word !== null).join('/');
}

function namesOf(parts: readonly HubPartFiles[]): string {
  const names = parts.slice(0, namedParts).map(({ configuration, split }) => `${configuration}/${split}`);
  return names.join(', ') + (parts.length > namedParts ? ` (${parts.length - namedParts})` : '');
}

class Hub implements HubDatasets {
  readonly #options: HubDatasetsOptions;
  readonly #inTurn = oneByOne();

  constructor(options: HubDatasetsOptions) {
    this.#options = options;
  }

  async list(text: string, signal = new AbortController().signal): Promise<HubListing> {
    const { source, hub, isConverted, parts } = await this.#open(sourceOf(text), signal);
    const chosen = chooseHubPart(parts, source);
    const { repository, revision } = source;
    return {
      ...{ repository, revision, commit: hub.commit, isConverted },
      parts: parts.map(({ members: _members, ...part }) => part),
      suggested: chosen === null ? null : hubSourceText({ ...source, ...chosen }),
    };
  }

  fetch(text: string, step: HubFetchStep): Promise<FetchedPart> {
    return this.#inTurn(() => this.#fetch(sourceOf(text), step));
  }

  async placeOf(text: string): Promise<string> {
    const source = sourceOf(text);
    const known = await this.#known(source);
    if (known !== null && this.#options.nowMs() - known.fetchedAt < freshMs) return known.folder;
    const nobody = { signal: new AbortController().signal, report: () => undefined };
    return (await this.fetch(text, nobody)).folder;
  }

  async #fetch(given: HubSource, step: HubFetchStep): Promise<FetchedPart> {
    step.signal.throwIfAborted();
    const { source, hub, parts } = await this.#open(given, step.signal);
    const part = chooseHubPart(parts, source);
    const { repository } = source;
    if (part === null) {
      const wanted = asked(source);
      throw has(parts, source) || wanted === ''
        ? new ForgeError('dataset.hub-part-open', { repository, parts: namesOf(parts) })
        : new ForgeError('dataset.hub-part-unknown', { repository, wanted, parts: namesOf(parts) });
    }
    const chosen: HubSource = { ...source, configuration: part.configuration, split: part.split };
    const folder = path.join(this.#home(source), 'parts', keyOf(chosen));
    await hub.fetch(part.members, {
      folder,
      onBytes: ({ path: file }, doneBytes, totalBytes) => step.report({ file, doneBytes, totalBytes }),
    });
    const fetched = { source: hubSourceText(chosen), folder, files: part.files, sizeBytes: part.sizeBytes };
    const kept = { ...fetched, commit: hub.commit, fetchedAt: this.#options.nowMs() };
    for (const named of [chosen, given]) await writeJsonAtomic(this.#markOf(named), kept);
    return fetched;
  }

  /** Its own files where they hold what is asked for, else those of the hub's Parquet branch. */
  async #open(source: HubSource, signal: AbortSignal): Promise<OpenedDataset> {
    const { access } = this.#options;
    const step = { signal, report: () => undefined };
    const { repository } = source;
    const hub = await openHubDataset(access, source, step);
    const isBranch = source.revision === convertedRevision;
    const parts = hubPartsOf(hub.files, isBranch);
    if (has(parts, source) || (isBranch && parts.length > 0)) return { source, hub, isConverted: isBranch, parts };
    const converted = { ...source, revision: convertedRevision };
    const other = isBranch ? null : await openHubDataset(access, converted, step).catch(unlessMissing);
    const otherParts = other === null ? [] : hubPartsOf(other.files, true);
    if (other !== null && has(otherParts, source))
      return { source: converted, hub: other, isConverted: true, parts: otherParts };
    if (parts.length > 0) return { source, hub, isConverted: isBranch, parts };
    const reason = 'it has no CSV, TSV, JSONL, JSON, Parquet or Arrow file';
    throw new ForgeError('dataset.hub-not-usable', { repository, reason });
  }

  async #known(source: HubSource): Promise<z.infer<typeof fetchedPart> | null> {
    const text = await readFile(this.#markOf(source), 'utf8').catch(() => null);
    if (text === null) return null;
    const { data } = fetchedPart.safeParse(JSON.parse(text));
    if (data === undefined || path.dirname(path.dirname(data.folder)) !== this.#home(source)) return null;
    const isThere = await stat(data.folder).then(
      (found) => found.isDirectory(),
      () => false,
    );
    return isThere ? data : null;
  }

  #home({ repository }: HubSource): string {
    return path.join(this.#options.folder, repository.replace('/', '--'));
  }

  #markOf(source: HubSource): string {
    return path.join(this.#home(source), 'parts', `${keyOf(source)}.json`);
  }
}

/** A folder name for a source: readable, and never two sources in one. */
function keyOf(source: HubSource): string {
  const words = [source.configuration, source.split].filter((word) => word !== null).join('-');
  return `${words === '' ? 'usual' : words}-${hash('sha256', hubSourceText(source)).slice(0, 12)}`;
}

function unlessMissing(error: unknown): null {
  const isMissing =
    error instanceof ForgeError &&
    (error.code === 'dataset.not-on-hub' || error.code === 'dataset.hub-revision-unknown');
  if (isMissing) return null;
  throw error;
}

export function createHubDatasets(options: HubDatasetsOptions): HubDatasets {
  return new Hub(options);
}
