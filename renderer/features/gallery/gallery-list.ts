import type { GalleryEntry } from '../../ui/gallery-entry.ts';

/** What a feature's `gallery.tsx` exports: lists of entries under whatever name. */
export type GalleryModule = Readonly<Record<string, unknown>>;

export interface GalleryGroup {
  /** The part of the id before the slash. */
  readonly name: string;
  readonly entries: readonly GalleryEntry[];
}

/** All entries of all modules in the order of their ids; of two with one id the second falls out, and is named. */
export function entriesOf(modules: readonly GalleryModule[]): readonly GalleryEntry[] {
  const byId = new Map<string, GalleryEntry>();
  for (const entry of modules
    .flatMap((module) => Object.values(module))
    .filter(isList)
    .flat()) {
    if (byId.has(entry.id)) console.warn(`Two gallery entries are called ${entry.id}.`);
    else byId.set(entry.id, entry);
  }
  return [...byId.values()].toSorted((one, other) => (one.id < other.id ? -1 : 1));
}

/** Entries whose id or title has every word that is asked for, by feature. */
export function groupsOf(entries: readonly GalleryEntry[], query: string): readonly GalleryGroup[] {
  const wanted = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const groups = new Map<string, GalleryEntry[]>();
  for (const entry of entries) {
    const text = `${entry.id} ${entry.title}`.toLowerCase();
    if (!wanted.every((word) => text.includes(word))) continue;
    const name = entry.id.split('/')[0] ?? entry.id;
    groups.set(name, [...(groups.get(name) ?? []), entry]);
  }
  return [...groups].map(([name, found]) => ({ name, entries: found }));
}

function isList(value: unknown): value is readonly GalleryEntry[] {
  return (
    Array.isArray(value) && value.every((entry) => typeof entry === 'object' && entry !== null && 'render' in entry)
  );
}
