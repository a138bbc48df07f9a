import type { ServedFamily } from '#contract/serving-state.ts';

/** What a person chose for a name, and what it replaced. */
export interface VersionChoice {
  /** The version that was chosen; null follows the newest. */
  readonly version: number | null;
  /** What clients got before the choice; null when nothing changed by it. */
  readonly previous: number | null;
  /** What clients got after it. Once that is another one, `previous` says nothing any more. */
  readonly current: number;
}

/**
 * What clients get under a bare name. A chosen version that is gone gives way to the newest. The way back leads to what the last
 * choice replaced, else (a newer version came by itself) to the version below.
 * @param versions those that can be served; at least one
 */
export function familyOf(name: string, versions: readonly number[], choice: VersionChoice | undefined): ServedFamily {
  const ascending = versions.toSorted((a, b) => a - b);
  const newest = ascending.at(-1);
  if (newest === undefined) throw new Error(`${name} has no version that can be served.`);
  const pinned = choice?.version != null && ascending.includes(choice.version) ? choice.version : null;
  const current = pinned ?? newest;
  const replaced = choice?.current === current ? choice.previous : null;
  const below = pinned === null ? (ascending.findLast((version) => version < current) ?? null) : null;
  const previous = replaced !== null && ascending.includes(replaced) ? replaced : below;
  return { name, current, pinned: pinned !== null, previous, versions: ascending };
}

/** The choice of a version of a family; `version` null follows the newest again. It must be one of its versions. */
export function chooseVersion(family: ServedFamily, version: number | null): VersionChoice {
  const current = version ?? Math.max(...family.versions);
  return { version, current, previous: current === family.current ? family.previous : family.current };
}
