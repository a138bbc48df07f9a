import type { DatasetVersion, VersionReference } from '#contract/dataset-versions.ts';

/** A line of the table: one version, and where it stands among its dataset's. */
export interface DatasetRow {
  readonly id: string;
  readonly version: DatasetVersion;
  readonly isNewest: boolean;
  /** All versions of this name, the newest first. */
  readonly family: readonly VersionReference[];
  /** What it is compared with first; null where there is nothing. */
  readonly comparedWith: VersionReference | null;
}

/** `tickets:v2`, the name by which the command line and Create take it too. */
export function versionId({ name, version }: VersionReference): string {
  return `${name}:v${version}`;
}

/** Where a training on a version begins. */
export function trainAddress({ name, version }: VersionReference): string {
  return `/create/on/${name}/v${version}`;
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
        family: family.map(({ name, version: number }) => ({ name, version: number })),
        comparedWith: comparedWith(version, versions),
      })),
    );
}

/** The version of an address' parts (`tickets`, `v2` or `2`); null where it is none. */
export function referenceOf(name: string, version: string): VersionReference | null {
  const number = /^v?(\d{1,6})$/.exec(version)?.[1];
  return number === undefined || Number(number) === 0 ? null : { name, version: Number(number) };
}

/** The version that an id (`tickets:v2`) names; null where it is none. */
export function referenceOfId(id: string): VersionReference | null {
  const [, name = '', version = ''] = /^([^:]*):(v\d+)$/.exec(id) ?? [];
  return namePattern.test(name) ? referenceOf(name, version) : null;
}

/** What a version is compared with first: what it was made of, else the version before it, else any other of its dataset; null without one. */
export function comparedWith(version: DatasetVersion, all: readonly DatasetVersion[]): VersionReference | null {
  const isThere = ({ name, version: number }: VersionReference): boolean =>
    all.some((one) => one.name === name && one.version === number);
  if (version.parent !== null && isThere(version.parent)) return version.parent;
  const own = all.filter((one) => one.name === version.name && one.version !== version.version);
  const sorted = own.toSorted((a, b) => b.version - a.version);
  return sorted.find((one) => one.version < version.version) ?? sorted.at(-1) ?? null;
}

/** Where a version is compared with another one. */
export function diffAddress(before: VersionReference | null, after: VersionReference): string {
  const earlier = before === null ? '' : `before=${versionId(before)}&`;
  return `/data/diff?${earlier}after=${versionId(after)}`;
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
