import type { DatasetVersion, VersionReference } from '#contract/dataset-versions.ts';

/** A line of the table: one version, and where it stands among its dataset's. */
export interface DatasetRow {
  readonly id: string;
  readonly version: DatasetVersion;
  readonly isNewest: boolean;
  /** Versions of this name that are there. */
  readonly siblings: number;
}

/** `tickets:v2`, the name by which the command line and Create take it too. */
export function versionId({ name, version }: VersionReference): string {
  return `${name}:v${version}`;
}

/** Datasets by their newest version, newest first; within one, version after version downwards. */
export function datasetRows(versions: readonly DatasetVersion[]): readonly DatasetRow[] {
  const byName = Map.groupBy(versions, ({ name }) => name);
  const families = [...byName.values()].map((family) => family.toSorted((a, b) => b.version - a.version));
  const newest = (family: readonly DatasetVersion[]): number => Math.max(...family.map(({ createdAt }) => createdAt));
  return families
    .toSorted((a, b) => newest(b) - newest(a))
    .flatMap((family) =>
      family.map((version, index) => ({
        id: versionId(version),
        version,
        isNewest: index === 0,
        siblings: family.length,
      })),
    );
}

/** The version of an address' parts (`tickets`, `v2` or `2`); null where it is none. */
export function referenceOf(name: string, version: string): VersionReference | null {
  const number = /^v?(\d{1,6})$/.exec(version)?.[1];
  return number === undefined || Number(number) === 0 ? null : { name, version: Number(number) };
}

/** A name for a dataset made of a file's: `Kunden Tickets (2).csv` becomes `kunden-tickets-2`. */
export function nameFor(label: string): string {
  const bare = label.replace(
    /(\.(csv|tsv|txt|jsonl|ndjson|json|parquet|arrow|feather|gz|zst|zip|md|html?|pdf|docx))+$/i,
    '',
  );
  const plain = bare
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll('ß', 'ss')
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/^[-._]+|[-._]+$/g, '')
    .slice(0, 64);
  return plain === '' ? 'dataset' : plain;
}

export const namePattern = /^[a-z0-9][a-z0-9._-]{0,63}$/;
