import { access } from 'node:fs/promises';
import type { DatasetVersion, PageRequest } from '#contract/dataset-versions.ts';
import { ForgeError } from '#contract/errors.ts';
import type { RowTexts, VersionPages } from '#core/foundry/version-store.ts';
import { buildIndex } from './build-index.ts';
import { inBoth, readFigureRows } from './figure-rows.ts';
import { IndexPages } from './index-pages.ts';
import { lookThroughRejects, rejectsPage, type RejectSteps } from './rejects-page.ts';
import { blobPath, indexPath, type StoreFolders } from './store-places.ts';
import { searchRows } from './text-search.ts';

/** Open indexes, and searches whose places are remembered. */
const keptIndexes = 6;
const keptSearches = 6;

/** The oldest entries go; `dropped` is told which. */
class Newest<Value> {
  readonly #entries = new Map<string, Value>();
  readonly #most: number;
  readonly #dropped: (value: Value) => void;

  constructor(most: number, dropped: (value: Value) => void = () => undefined) {
    this.#most = most;
    this.#dropped = dropped;
  }

  get(key: string): Value | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  set(key: string, value: Value): void {
    this.#entries.set(key, value);
    while (this.#entries.size > this.#most) this.delete(this.#entries.keys().next().value ?? '');
  }

  delete(key: string): void {
    const value = this.#entries.get(key);
    if (this.#entries.delete(key) && value !== undefined) this.#dropped(value);
  }

  keys(): string[] {
    return [...this.#entries.keys()];
  }
}

function keyOf({ name, version, digest }: DatasetVersion): string {
  return `${name}:v${version}:${digest}`;
}

type Selected = (version: DatasetVersion, request: PageRequest, signal?: AbortSignal) => Promise<Uint32Array | null>;

/** Places that a text search or the figures of a study select; null where neither does. The last few are remembered. */
function createSelection(folders: StoreFolders): Selected {
  const searches = new Newest<Uint32Array>(keptSearches);

  async function foundIn(version: DatasetVersion, text: string, signal?: AbortSignal): Promise<Uint32Array | null> {
    const wanted = text.trim();
    if (wanted === '') return null;
    const key = `${version.files.rows}:${wanted.toLowerCase()}`;
    const known = searches.get(key);
    if (known !== undefined) return known;
    const found = await searchRows(blobPath(folders, version.files.rows), wanted, signal);
    searches.set(key, found);
    return found;
  }

  /** The rows behind figures of the study; remembered like a search. @throws ForgeError foundry.study-changed */
  async function behindFigures(version: DatasetVersion, { study }: PageRequest['filter']): Promise<Uint32Array | null> {
    if (study === null) return null;
    const key = `${keyOf(version)}:${study.madeAt}:${study.lists.join(',')}`;
    const places = searches.get(key) ?? (await readFigureRows(folders, version, study));
    if (places === null)
      throw new ForgeError('foundry.study-changed', { name: version.name, version: version.version });
    searches.set(key, places);
    // A figure that every row is behind selects nothing.
    return places.length >= version.rows ? null : places;
  }

  // The same array for the same question, so that pages of it are quick.
  return async (version, { filter }, signal) => {
    const [behind, found] = [await behindFigures(version, filter), await foundIn(version, filter.text, signal)];
    if (behind === null || found === null) return behind ?? found;
    const key = `${keyOf(version)}:${JSON.stringify([filter.study, filter.text])}`;
    const both = searches.get(key) ?? inBoth(behind, found);
    searches.set(key, both);
    return both;
  };
}

/** Pages of any version. An index that is missing or of an older format is made again from the rows first. */
export function createVersionPages(folders: StoreFolders, texts: RowTexts): VersionPages {
  const open = new Newest<IndexPages>(keptIndexes, (pages) => pages.close());
  const selected = createSelection(folders);
  const looked = new Newest<RejectSteps>(keptSearches);

  async function pagesOf(version: DatasetVersion): Promise<IndexPages> {
    const key = keyOf(version);
    const known = open.get(key);
    if (known !== undefined) return known;
    const files = { index: indexPath(folders, version), rows: blobPath(folders, version.files.rows) };
    await access(files.rows).catch(() => {
      const { name, version: number } = version;
      throw new ForgeError('foundry.version-damaged', { name, version: number, reason: 'its rows are gone' });
    });
    const pages = openIndex(files, texts) ?? (await rebuilt(files, texts));
    open.set(key, pages);
    return pages;
  }

  return {
    async page(version: DatasetVersion, request: PageRequest, signal) {
      const found = await selected(version, request, signal);
      return (await pagesOf(version)).page(request, found);
    },
    async row(version, id) {
      const row = (await pagesOf(version)).row(id);
      if (row !== null) return row;
      throw new ForgeError('foundry.row-unknown', { row: id, name: version.name, version: version.version });
    },
    rowsAt: async (version, places) => (await pagesOf(version)).rowsAt(places),
    async rejects(version, range) {
      const { rejects: digest } = version.files;
      if (digest === null) return { total: 0, rejects: [], reasons: [] };
      const file = blobPath(folders, digest);
      const known = looked.get(digest) ?? (await lookThroughRejects(file));
      looked.set(digest, known);
      return rejectsPage(file, known, range);
    },
    close() {
      for (const key of open.keys()) open.delete(key);
    },
  };
}

type IndexFiles = ConstructorParameters<typeof IndexPages>[0];

function openIndex(files: IndexFiles, texts: RowTexts): IndexPages | null {
  try {
    return new IndexPages(files, texts);
  } catch {
    // Missing, damaged or of another format: it holds nothing that the rows do not.
    return null;
  }
}

async function rebuilt(files: IndexFiles, texts: RowTexts): Promise<IndexPages> {
  await buildIndex({ rowsFile: files.rows, indexFile: files.index, texts });
  return new IndexPages(files, texts);
}
