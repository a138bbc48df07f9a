import { open } from 'node:fs/promises';
import path from 'node:path';
import {
  changeKinds,
  diffReport,
  type ChangeKind,
  type DiffReport,
  type RowChange,
  type VersionPair,
} from '#contract/dataset-diffs.ts';
import { sideCodes } from '#core/foundry/split/diff-columns.ts';
import { versionFolder, type StoreFolders } from '#native-bridge/datasets/store/store-places.ts';
import { readKept } from '../views/view-files.ts';

/**
 * A finished diff: `datasets/<name>/v<n>/diffs/<other>-v<m>/` with `diff.json`, `rows.jsonl` for people, and `places.bin` for pages: three numbers (32 bits,
 * little endian) a row, kind after kind: its two places, and its sides (earlier one in the low byte). May be deleted at any time; it goes with the later version.
 */
export function diffFolder(folders: StoreFolders, { before, after }: VersionPair): string {
  return path.join(versionFolder(folders, after), 'diffs', `${before.name}-v${before.version}`);
}

export const diffReportName = 'diff.json';
export const diffRowsName = 'rows.jsonl';
export const diffPlacesName = 'places.bin';
/** Stands for no place. */
export const noPlace = 0xff_ff_ff_ff;
export const recordBytes = 12;

export function readDiff(folders: StoreFolders, pair: VersionPair): Promise<DiffReport | null> {
  return readKept(path.join(diffFolder(folders, pair), diffReportName), (value) => diffReport.parse(value));
}

/** Places of some rows of one kind of change; null where the row is in the other version only. */
export interface ChangedPlaces {
  readonly before: number | null;
  readonly after: number | null;
  readonly from: RowChange['from'];
  readonly to: RowChange['to'];
}

export interface PlacesRange {
  readonly change: ChangeKind;
  readonly offset: number;
  readonly limit: number;
}

export async function readPlaces(
  folders: StoreFolders,
  report: DiffReport,
  { change, offset, limit }: PlacesRange,
): Promise<readonly ChangedPlaces[]> {
  const kindsBefore = changeKinds.slice(0, changeKinds.indexOf(change));
  const first = kindsBefore.reduce((sum, kind) => sum + report[kind], 0) + offset;
  const count = Math.max(0, Math.min(limit, report[change] - offset));
  const bytes = Buffer.alloc(count * recordBytes);
  const handle = await open(path.join(diffFolder(folders, report), diffPlacesName), 'r');
  try {
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, first * recordBytes);
    if (bytesRead < bytes.length) throw new RangeError('the places of a diff end too early');
  } finally {
    await handle.close();
  }
  const placeAt = (offsetBytes: number): number | null => {
    const place = bytes.readUInt32LE(offsetBytes);
    return place === noPlace ? null : place;
  };
  return Array.from({ length: count }, (_, index) => ({
    before: placeAt(index * recordBytes),
    after: placeAt(index * recordBytes + 4),
    from: sideCodes[bytes[index * recordBytes + 8] ?? 0] ?? null,
    to: sideCodes[bytes[index * recordBytes + 9] ?? 0] ?? null,
  }));
}
