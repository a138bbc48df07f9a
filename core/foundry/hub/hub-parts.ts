import type { HubPart, HubSource } from '#contract/hub-datasets.ts';

/** A file of a repository of the hub. */
export interface HubDataFile {
  /** With slashes, from the repository's root. */
  readonly path: string;
  readonly bytes: number;
}

export interface HubPartFiles<File extends HubDataFile = HubDataFile> extends HubPart {
  readonly members: readonly File[];
}

const dataFile = /\.(csv|tsv|jsonl|ndjson|json|txt|parquet|arrow|feather)(?:\.(?:gz|zst))?$|\.zip$/i;
/** What describes a repository instead of holding rows. */
const describing =
  /(^|\/)(dataset_infos?|dataset_dict|state|package(-lock)?|config|croissant)\.json$|(^|\/)(readme|licen[cs]e|requirements|notice)[^/]*\.txt$/i;
/** Words by which the hub itself knows splits ("File names and splits" of its documentation). */
const splitWords: readonly (readonly [RegExp, string])[] = [
  [/(^|[^a-z])train(ing)?([^a-z]|$)/i, 'train'],
  [/(^|[^a-z])(validation|valid|val|dev)([^a-z]|$)/i, 'validation'],
  [/(^|[^a-z])(test(ing)?|eval(uation)?)([^a-z]|$)/i, 'test'],
];
const usualConfiguration = 'default';

function splitOf(path: string): string {
  const parts = path.split('/').toReversed();
  for (const part of parts) for (const [word, split] of splitWords) if (word.test(part)) return split;
  return 'train';
}

/** A folder that is neither `data` nor a split names a configuration. */
function configurationOf(path: string): string {
  const [folder] = path.split('/').slice(0, -1);
  if (folder === undefined || /^data$/i.test(folder)) return usualConfiguration;
  return splitWords.some(([word]) => word.test(folder)) ? usualConfiguration : folder;
}

/** Of the branch that the hub converts to: `configuration/split/0000.parquet`. */
function convertedPlace(path: string): { configuration: string; split: string } | null {
  const [configuration, split, file, ...more] = path.split('/');
  if (configuration === undefined || split === undefined || file === undefined || more.length > 0) return null;
  return { configuration, split: split.replace(/^partial-/, '') };
}

function formatOf(path: string): string {
  return path
    .slice(path.lastIndexOf('/') + 1)
    .replace(/\.(gz|zst)$/i, '')
    .replace(/^.*\./, '')
    .toLowerCase();
}

/** The files that hold rows, by configuration and split. `isConverted`: they are those of the hub's Parquet branch. */
export function hubPartsOf<File extends HubDataFile>(
  files: readonly File[],
  isConverted: boolean,
): readonly HubPartFiles<File>[] {
  const parts = new Map<string, { configuration: string; split: string; members: File[] }>();
  for (const file of files) {
    if (!dataFile.test(file.path) || describing.test(file.path) || file.bytes === 0) continue;
    const place = isConverted
      ? convertedPlace(file.path)
      : { configuration: configurationOf(file.path), split: splitOf(file.path) };
    if (place === null) continue;
    const key = `${place.configuration}/${place.split}`;
    const part = parts.get(key) ?? { ...place, members: [] };
    part.members.push(file);
    parts.set(key, part);
  }
  return [...parts.values()].map((part) => ({
    ...part,
    files: part.members.length,
    sizeBytes: part.members.reduce((sum, { bytes }) => sum + bytes, 0),
    formats: [...new Set(part.members.map(({ path }) => formatOf(path)))],
  }));
}

/** The part that a source means; null where there is none such, or more than one could be meant. */
export function chooseHubPart<Part extends HubPart>(
  parts: readonly Part[],
  { configuration, split }: Pick<HubSource, 'configuration' | 'split'>,
): Part | null {
  const configurations = [...new Set(parts.map((part) => part.configuration))];
  const usual = configurations.includes(usualConfiguration) ? usualConfiguration : null;
  const wanted = configuration ?? (configurations.length === 1 ? configurations[0] : usual);
  const inside = parts.filter((part) => part.configuration === wanted);
  if (split !== null) return inside.find((part) => part.split === split) ?? null;
  const [only, second] = inside;
  return inside.find((part) => part.split === 'train') ?? (second === undefined ? (only ?? null) : null);
}
