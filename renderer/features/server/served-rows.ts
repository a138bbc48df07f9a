import type { ServedFamily, ServingView } from '#contract/serving-state.ts';

export type HeldModel = ServingView['servers'][number];

export interface FamilyRow {
  readonly family: ServedFamily;
  /** `name:v3`, what `name` gives now. */
  readonly current: string;
  /** The process that holds the current version; null when it is not in memory. */
  readonly held: HeldModel | null;
  /** The version one goes back to; null where there is none or it is the current one. */
  readonly back: number | null;
}

/** Names that clients may ask for, with what they give now. */
export function familyRows({ families, servers }: Pick<ServingView, 'families' | 'servers'>): readonly FamilyRow[] {
  return families.map((family) => {
    const current = `${family.name}:v${family.current}`;
    const { previous, versions } = family;
    return {
      family,
      current,
      held: servers.find(({ name, state }) => name === current && state !== 'closed') ?? null,
      back: previous !== null && previous !== family.current && versions.includes(previous) ? previous : null,
    };
  });
}

/** Models in memory that are not a current version of a family: older versions, and base models. */
export function otherHeld({ families, servers }: Pick<ServingView, 'families' | 'servers'>): readonly HeldModel[] {
  const current = new Set(families.map((family) => `${family.name}:v${family.current}`));
  return servers.filter(
    ({ name, state }) => state !== 'closed' && state !== 'idle' && (name === null || !current.has(name)),
  );
}

/** Names that snippets can be filled with: the bare name follows the choice, a version stays. */
export function snippetModels({ families, models }: Pick<ServingView, 'families' | 'models'>): readonly string[] {
  const own = families.flatMap(({ name, versions }) => [
    name,
    ...versions.toSorted((one, other) => other - one).map((version) => `${name}:v${version}`),
  ]);
  const rest = models.map(({ name }) => name).filter((name) => !name.endsWith(':latest') && !own.includes(name));
  return [...own, ...rest];
}

/** The file's name, where a process has no name of its own. */
export function heldName({ name, path }: Pick<HeldModel, 'name' | 'path'>): string {
  return name ?? path.split(/[/\\]/).findLast((part) => part !== '') ?? path;
}
