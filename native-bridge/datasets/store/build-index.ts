import { createHash } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { rowKinds, type CanonicalRow, type RowKind } from '#contract/rows.ts';
import type { RowTexts } from '#core/foundry/version-store.ts';
import { readLineBatches, rowOfLine } from './row-lines.ts';
import { IndexBuilder } from './version-index.ts';

/** What a pass over finished rows finds out. */
export interface RowsFacts {
  /** SHA-256 over the file, hex. */
  readonly digest: string;
  readonly rows: number;
  readonly sizeBytes: number;
  readonly kinds: Partial<Record<RowKind, number>>;
}

export interface BuildIndexOptions {
  readonly rowsFile: string;
  /** Appears whole: written beside, then renamed. */
  readonly indexFile: string;
  readonly texts: RowTexts;
  /** Called between pieces of work with the rows done; throws to give up. */
  readonly step?: (rows: number) => Promise<void>;
  /** Told every row; for counts beside the index. */
  readonly onRow?: (row: CanonicalRow) => void;
}

/** Reads finished rows once: their digest, their counts, and the index of their pages. */
export async function buildIndex(options: BuildIndexOptions): Promise<RowsFacts> {
  const { rowsFile, indexFile, texts, step = () => Promise.resolve(), onRow } = options;
  const hash = createHash('sha256');
  const kinds = new Map<RowKind, number>();
  const half = `${indexFile}.half`;
  const builder = new IndexBuilder(half, texts);
  let [rows, sizeBytes] = [0, 0];
  try {
    for await (const lines of readLineBatches(rowsFile)) {
      for (const { offset, bytes } of lines) {
        const row = rowOfLine(bytes);
        hash.update(bytes).update('\n');
        builder.add({ place: rows, byteOffset: offset, byteLength: bytes.length, row });
        onRow?.(row);
        kinds.set(row.kind, (kinds.get(row.kind) ?? 0) + 1);
        rows += 1;
        sizeBytes = offset + bytes.length + 1;
      }
      await step(rows);
    }
    await builder.finish(() => step(rows));
  } catch (error) {
    builder.abandon();
    throw error;
  }
  await rename(half, indexFile);
  const counted = rowKinds.flatMap((kind) => (kinds.has(kind) ? [[kind, kinds.get(kind) ?? 0] as const] : []));
  return { digest: hash.digest('hex'), rows, sizeBytes, kinds: Object.fromEntries(counted) };
}
