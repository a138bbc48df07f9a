import { hubSourceText, parseHubSource, type HubListing } from '#contract/hub-datasets.ts';
import type { EngineAccess } from '../../connection/engine-access.ts';
import type { Bringing } from './bring-files.ts';

interface Wanted {
  /** `hf:owner/name`, or a part of it. */
  readonly source: string;
  readonly label: string;
  readonly signal: AbortSignal;
}

/** Datasets of the hub: what they consist of is asked first; where there are several parts and none is named, the person chooses. */
export function createHubFetching(engine: EngineAccess, tell: (bringing: Bringing) => void) {
  let chosen: ((source: string) => void) | null = null;
  const choice = ({ label, signal }: Wanted, listing: HubListing): Promise<string> =>
    new Promise((resolve, reject) => {
      chosen = resolve;
      signal.addEventListener('abort', () => reject(new Error('nothing was chosen')));
      tell({ kind: 'choosing', label, listing });
    });
  return {
    choose: (source: string): void => chosen?.(source),
    /** The part that is on the engine's disk then, as a path of an import. */
    async fetch(wanted: Wanted): Promise<string> {
      const { source, label, signal } = wanted;
      tell({ kind: 'asking', label });
      const listing = await engine.call((client) => client.foundry.hubParts({ source }, { signal }));
      const part = partWithoutAsking(source, listing) ?? (await choice(wanted, listing));
      const totalBytes = listing.parts.find((one) => sourceOfPart(listing, one) === part)?.sizeBytes ?? 0;
      tell({ kind: 'fetching', label, file: '', doneBytes: 0, totalBytes });
      const stream = await engine.call((client) => client.foundry.fetchHub({ source: part }, { signal }));
      for await (const event of stream) {
        if (event.kind === 'done') return event.source;
        tell({ ...event, kind: 'fetching', label });
      }
      throw new Error('The engine ended without naming a part.');
    },
  };
}

/** A part as it is asked for. */
export function sourceOfPart(
  { repository, revision }: HubListing,
  { configuration, split }: Pick<HubListing['parts'][number], 'configuration' | 'split'>,
): string {
  return hubSourceText({ repository, revision, configuration, split });
}

/** The only part, or the one that was named; null where a person has to choose. */
function partWithoutAsking(source: string, listing: HubListing): string | null {
  const isNamed = parseHubSource(source)?.configuration != null;
  return isNamed || listing.parts.length === 1 ? (listing.suggested ?? (isNamed ? source : null)) : null;
}
