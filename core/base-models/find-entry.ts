import type { Catalogue, CatalogueEntry } from '#contract/base-models.ts';

/** The entry with this id, alias, hub repository or name of an Ollama copy; letters' case does not matter. */
export function findEntry(catalogue: Catalogue, wanted: string): CatalogueEntry | null {
  const text = wanted.trim().toLowerCase();
  const isNamed = ({ id, aliases, sources }: CatalogueEntry): boolean =>
    id === text ||
    aliases.includes(text) ||
    sources.some((source) => source.kind === 'hub' && source.repository.toLowerCase() === text) ||
    sources.some((source) => source.kind === 'ollama' && source.names.includes(text));
  return catalogue.models.find(isNamed) ?? null;
}

/** Up to three ids nearest to a word, best first: those that contain its parts, then those with the fewest changed letters. */
export function nearestIds(ids: readonly string[], wanted: string, count = 3): readonly string[] {
  const text = wanted.trim().toLowerCase().slice(0, 80);
  const parts = text.split(/[^a-z0-9.]+/).filter((part) => part.length > 1);
  const distance = (id: string): number =>
    editDistance(text, id) - 2 * parts.filter((part) => id.includes(part)).join('').length;
  return ids
    .map((id) => ({ id, distance: distance(id) }))
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ id }) => id);
}

/** Levenshtein distance; both texts are at most 80 letters. */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const same = left[i - 1] === right[j - 1] ? 0 : 1;
      next.push(Math.min((next[j - 1] ?? 0) + 1, (row[j] ?? 0) + 1, (row[j - 1] ?? 0) + same));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
