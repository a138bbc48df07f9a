import type { ForgeClient } from '#contract/client.ts';
import { datasetName, fieldMapping, type DatasetVersion, type FieldMapping } from '#contract/dataset-versions.ts';
import { usageFailure } from './failure.ts';
import { textValue, type Invocation } from './invocation.ts';
import { pairOf } from './mapping-and-settings.ts';

/** `NAME` or `NAME:vN` as it is written. */
export interface DatasetReference {
  readonly name: string;
  /** Null: the newest. */
  readonly version: number | null;
}

/** Null for a word that can be no name of a dataset (a path, for example). */
export function datasetReferenceOf(word: string): DatasetReference | null {
  const [, name = '', version] = /^([^:/\\]+)(?::v([1-9]\d{0,8}))?$/.exec(word) ?? [];
  if (!datasetName.safeParse(name).success) return null;
  return { name, version: version === undefined ? null : Number(version) };
}

/** The version a word means; the newest where it names none. Null where there is none of that name. */
export async function findVersion(client: ForgeClient, word: string): Promise<DatasetVersion | null> {
  const reference = datasetReferenceOf(word);
  if (reference === null) return null;
  const { name, version } = reference;
  if (version !== null) return client.foundry.version({ name, version });
  const own = (await client.foundry.list()).filter((one) => one.name === name);
  return own.toSorted((a, b) => b.version - a.version)[0] ?? null;
}

/** The same; a word that means no version is refused. */
export async function versionOf(client: ForgeClient, word: string): Promise<DatasetVersion> {
  const version = await findVersion(client, word);
  if (version !== null) return version;
  throw usageFailure(
    `There is no dataset called ${word}.`,
    'Look at what there is with `forge data versions`, or make one with `forge data import`.',
  );
}

const places = Object.keys(fieldMapping.def.keyType.enum);

/** `--map prompt=question,answer=reply`, or given several times; a value may be a template: `--map 'prompt={title}: {body}'`. */
export function fieldMappingOf(invocation: Invocation): FieldMapping | null {
  const text = textValue(invocation, 'map');
  if (text === undefined) return null;
  const parts = text.split(new RegExp(`\\n|,(?=(?:${places.join('|')})=)`));
  const mapping = fieldMapping.safeParse(
    Object.fromEntries(parts.map((part) => pairOf(part, { option: '--map', keys: places }))),
  );
  if (mapping.success) return mapping.data;
  throw usageFailure(
    '--map cannot be used as it is written.',
    'Write --map prompt=<column>,answer=<column>; the other places are: context, system, messages, chosen, rejected, label, text, group, id, category, lang.',
  );
}
