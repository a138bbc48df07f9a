import { baseModelId, type BaseModelFiles, type BaseModelView, type OwnBaseModels } from '#contract/base-models.ts';
import { ForgeError } from '#contract/errors.ts';
import type { DeviceKind } from '#contract/jobs.ts';
import type { ModelFacts } from '#contract/recipes.ts';
import type { BaseModelFilesystem, FetchStep } from '#core/ports/base-model-store.ts';
import { describeEntry, describeOwn } from './describe-base-model.ts';
import { fetchBaseModel } from './fetch-base-model.ts';
import { findEntry } from './find-entry.ts';
import {
  checkFamily,
  findOwn,
  idOfPath,
  idOfText,
  readCatalogue,
  resolveBaseModel,
  resolveOnDisk,
  type ResolvedBaseModel,
} from './resolve-base-model.ts';

export type { ResolvedBaseModel } from './resolve-base-model.ts';

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
export function createBaseModelStore(options: BaseModelStoreOptions): BaseModelStore {
  const { filesystem, device } = options;
  const resolve = (idOrPath: string): Promise<ResolvedBaseModel> => resolveBaseModel(filesystem, idOrPath);
  return {
    resolve,
    obtain: (idOrPath, step) => obtain(options, idOrPath, step),
    defaultId: async () => (await readCatalogue(filesystem)).default,
    list: async () => listViews(filesystem, await device()),
    show: async (idOrPath) => describe(filesystem, idOrPath, await device()),
    add: async (path, name) => describe(filesystem, await addOwn(options, path, name), await device()),
    remove: async (id) => {
      const own = await filesystem.readOwn();
      const rest = own.models.filter((model) => model.id !== id);
      if (rest.length === own.models.length) return filesystem.removeFetched((await resolve(id)).id);
      await filesystem.writeOwn({ ...own, models: rest });
      return 0;
    },
    facts: async (idOrPath) => {
      const { id, facts, source } = await resolve(idOrPath ?? (await readCatalogue(filesystem)).default);
      const reason = 'its header does not tell its size';
      if (facts === null) throw new ForgeError('base-model.not-a-model', { path: source?.path ?? id, reason });
      return { id, facts };
    },
  };
}

async function obtain(options: BaseModelStoreOptions, idOrPath: string, step: FetchStep): Promise<ObtainedBaseModel> {
  const { filesystem } = options;
  const { id, source, digest, origin } = await resolveBaseModel(filesystem, idOrPath);
  if (source !== null && digest !== null) return { id, source, digest, origin };
  const entry = findEntry(await readCatalogue(filesystem), id);
  if (!entry) throw new Error(`${id} was resolved and is not in the catalogue`);
  const receipt = await fetchBaseModel(options, entry, step);
  return { id, source: receipt.files, digest: receipt.digest, origin: receipt.origin };
}

async function describe(filesystem: BaseModelFilesystem, idOrPath: string, device: DeviceKind): Promise<BaseModelView> {
  const resolved = await resolveBaseModel(filesystem, idOrPath);
  const entry = findEntry(await readCatalogue(filesystem), resolved.id);
  if (entry) return describeEntry(entry, resolved, device);
  return describeOwn(resolved, findOwn(await filesystem.readOwn(), resolved.id), device);
}

async function listViews(filesystem: BaseModelFilesystem, device: DeviceKind): Promise<readonly BaseModelView[]> {
  const { models: own } = await filesystem.readOwn();
  const { models } = await readCatalogue(filesystem);
  const views: BaseModelView[] = [];
  for (const model of own) views.push(await describeListed(filesystem, model, device));
  for (const { id } of models)
    if (!own.some((model) => model.id === id)) views.push(await describe(filesystem, id, device));
  return views;
}

/** A folder that was moved away stays in the list, marked, instead of breaking it. */
async function describeListed(
  filesystem: BaseModelFilesystem,
  model: OwnBaseModels['models'][number],
  device: DeviceKind,
): Promise<BaseModelView> {
  try {
    return describeOwn(await resolveOnDisk(filesystem, model.files.path, model.id), model, device);
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
    return { ...describeOwn(gone, model, device), state: 'unknown' };
  }
}

/** Enters a folder or file in the person's list and returns its id. */
async function addOwn(
  { filesystem, nowMs }: BaseModelStoreOptions,
  path: string,
  name: string | null,
): Promise<string> {
  const found = await filesystem.findPath(path);
  if (found === null)
    throw new ForgeError('base-model.not-a-model', { path, reason: 'there is no such file or folder' });
  const { files } = checkFamily(await filesystem.inspect(found));
  const id = baseModelId.parse(name === null ? idOfPath(found) : idOfText(name));
  const own = await filesystem.readOwn();
  const isTaken = findOwn(own, id) !== null || findEntry(await readCatalogue(filesystem), id) !== null;
  if (isTaken) throw new ForgeError('base-model.name-taken', { id });
  await filesystem.writeOwn({ ...own, models: [...own.models, { id, name: name ?? id, files, addedAt: nowMs() }] });
  return id;
}
