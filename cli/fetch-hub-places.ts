import { parseHubSource } from '#contract/hub-datasets.ts';
import { downloadProgress } from './download-progress.ts';
import type { Invocation } from './invocation.ts';
import type { StopSignal } from './stop-signal.ts';
import { oneLine } from './terminal/text.ts';
import { bytes } from './terminal/units.ts';
import { withEngine } from './with-engine.ts';

/**
 * Fetches what of the given places is a dataset of the hub, with its bytes shown. Gives the places with each of those written out as the part that is here
 * now; null when it was stopped, and what has arrived is kept.
 */
export async function fetchHubPlaces(
  invocation: Invocation,
  places: readonly string[],
  stop: StopSignal,
): Promise<string[] | null> {
  const fetched: string[] = [];
  for (const place of places) {
    const source = isHubPlace(place) ? await fetchOne(invocation, place, stop) : place;
    if (source === null) return null;
    fetched.push(source);
  }
  return fetched;
}

/** Also the address of a dataset's page. */
export function isHubPlace(place: string): boolean {
  return /^hf:/i.test(place) || parseHubSource(place) !== null;
}

async function fetchOne(invocation: Invocation, source: string, stop: StopSignal): Promise<string | null> {
  const progress = downloadProgress(invocation);
  try {
    return await withEngine(invocation, async ({ client }) => {
      progress.show({ text: `looking up ${oneLine(source)}`, fraction: null });
      for await (const event of await client.foundry.fetchHub({ source }, { signal: stop.first })) {
        if (event.kind === 'done') return event.source;
        const { file, doneBytes, totalBytes } = event;
        const fraction = totalBytes === 0 ? null : doneBytes / totalBytes;
        progress.show({ text: `fetching ${oneLine(file)}, ${bytes(doneBytes)} of ${bytes(totalBytes)}`, fraction });
      }
      return null;
    });
  } catch (error) {
    if (!stop.first.aborted) throw error;
    return null;
  } finally {
    progress.finish();
  }
}
