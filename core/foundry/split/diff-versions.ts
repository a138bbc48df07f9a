import { orderKey } from '../../datasets/text-hash.ts';

/** A row of a version as the diff sees it. */
export interface DiffRow {
  /** Hash of its content. */
  readonly id: string;
  /** What it was at its source (place and id there); null when it had no id there. */
  readonly sourceKey: string | null;
  /** Its side of the split; null before a split. */
  readonly side: string | null;
}

/** Opens the rows of a version once more, ascending by id (UTF-16 order, each id once), in batches of any size. */
export type OpenDiffRows = () => AsyncIterable<readonly DiffRow[]>;

export type VersionChange =
  | { readonly kind: 'added' | 'removed'; readonly id: string }
  /** The same row of the source with other content. */
  | { readonly kind: 'changed'; readonly id: string; readonly earlierId: string; readonly sourceKey: string }
  | { readonly kind: 'moved'; readonly id: string; readonly from: string | null; readonly to: string | null };

/**
 * What became of the rows from one version to the next (D-11). Both streams are read twice and merged; in memory are a number for each row that stands in one
 * version only, and the ids of changed rows until their counterpart comes. Throws RangeError when a stream is not ascending.
 */
export async function* diffVersions(before: OpenDiffRows, after: OpenDiffRows): AsyncGenerator<VersionChange> {
  const [gone, come] = [new Set<number>(), new Set<number>()];
  for await (const { earlier, later } of mergeById(before(), after())) {
    const alone = earlier === null ? later : later === null ? earlier : null;
    if (alone !== null && alone.sourceKey !== null) (earlier === null ? come : gone).add(orderKey(alone.sourceKey, 0));
  }
  const changed = new Set([...come].filter((key) => gone.has(key)));
  const waiting = createWaitingRows();
  for await (const { earlier, later } of mergeById(before(), after())) {
    const row = earlier ?? later;
    if (row === null) continue;
    if (earlier !== null && later !== null) {
      if (earlier.side !== later.side) yield { kind: 'moved', id: row.id, from: earlier.side, to: later.side };
      continue;
    }
    const kind = earlier === null ? 'added' : 'removed';
    const { sourceKey } = row;
    if (sourceKey === null || !changed.has(orderKey(sourceKey, 0))) yield { kind, id: row.id };
    else yield* waiting.meet(kind, row.id, sourceKey);
  }
  yield* waiting.left();
}

interface WaitingRows {
  /** Pairs a row with one of the same source from the other version, or lets it wait for one. */
  meet(kind: 'added' | 'removed', id: string, sourceKey: string): Generator<VersionChange>;
  /** Those that found no counterpart: one source row had become several, or the other way round. */
  left(): Generator<VersionChange>;
}

function createWaitingRows(): WaitingRows {
  const waiting = { added: new Map<string, string[]>(), removed: new Map<string, string[]>() };
  return {
    *meet(kind, id, sourceKey) {
      const others = waiting[kind === 'added' ? 'removed' : 'added'];
      const list = others.get(sourceKey);
      const other = list?.shift();
      if (list?.length === 0) others.delete(sourceKey);
      if (other === undefined) {
        const own = waiting[kind].get(sourceKey);
        if (own === undefined) waiting[kind].set(sourceKey, [id]);
        else own.push(id);
        return;
      }
      const [earlierId, laterId] = kind === 'added' ? [other, id] : [id, other];
      yield { kind: 'changed', id: laterId, earlierId, sourceKey };
    },
    *left() {
      for (const kind of ['added', 'removed'] as const) {
        for (const ids of waiting[kind].values()) for (const id of ids) yield { kind, id };
      }
    },
  };
}

interface MergedRow {
  readonly earlier: DiffRow | null;
  readonly later: DiffRow | null;
}

async function* mergeById(
  before: AsyncIterable<readonly DiffRow[]>,
  after: AsyncIterable<readonly DiffRow[]>,
): AsyncGenerator<MergedRow> {
  const [one, other] = [ascendingRows(before), ascendingRows(after)];
  let [earlier, later] = [await nextOf(one), await nextOf(other)];
  while (earlier !== null || later !== null) {
    const takeEarlier = earlier !== null && (later === null || earlier.id <= later.id);
    const takeLater = later !== null && (earlier === null || later.id <= earlier.id);
    yield { earlier: takeEarlier ? earlier : null, later: takeLater ? later : null };
    if (takeEarlier) earlier = await nextOf(one);
    if (takeLater) later = await nextOf(other);
  }
}

async function nextOf(rows: AsyncIterator<DiffRow>): Promise<DiffRow | null> {
  const { done, value } = await rows.next();
  return done === true ? null : value;
}

async function* ascendingRows(batches: AsyncIterable<readonly DiffRow[]>): AsyncGenerator<DiffRow> {
  let last: string | null = null;
  for await (const batch of batches) {
    for (const row of batch) {
      if (last !== null && row.id <= last)
        throw new RangeError(`The rows are not in the order of their ids at ${row.id}.`);
      last = row.id;
      yield row;
    }
  }
}
