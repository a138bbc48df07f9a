import type { ServingView } from './serving-state.ts';

/** The model in memory, else the one that the newest family would give. */
export function shownModel({ servers, families }: Pick<ServingView, 'servers' | 'families'>): string | null {
  const loaded = servers.find(({ name }) => name !== null)?.name;
  if (loaded !== undefined) return loaded;
  const [family] = families;
  return family === undefined ? null : `${family.name}:v${family.current}`;
}
