import { open } from 'node:fs/promises';
import { canonicalRow, type CanonicalRow } from '#contract/rows.ts';

/** A line of a rows file: where it stands, and its bytes without the line end. They hold until the next batch is asked for. */
export interface RowLine {
  readonly offset: number;
  readonly bytes: Buffer;
}

const chunkBytes = 1_048_576;

/**
 * The lines of a JSON Lines file of Forge's own, some at a time: whole lines only, whatever their length.
 * @param start offset of a line's first byte
 */
export async function* readLineBatches(file: string, start = 0): AsyncGenerator<readonly RowLine[]> {
  const handle = await open(file, 'r');
  try {
    let buffer: Buffer = Buffer.allocUnsafeSlow(chunkBytes);
    let [filled, position] = [0, start];
    for (;;) {
      if (filled === buffer.length) buffer = grown(buffer);
      const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, position + filled);
      filled += bytesRead;
      const { lines, used } = linesOf(buffer.subarray(0, filled), position);
      if (lines.length > 0) yield lines;
      buffer.copy(buffer, 0, used, filled);
      filled -= used;
      position += used;
      if (bytesRead === 0) break;
    }
    if (filled > 0) yield [{ offset: position, bytes: buffer.subarray(0, filled) }];
  } finally {
    await handle.close();
  }
}

function grown(buffer: Buffer): Buffer {
  const larger = Buffer.allocUnsafeSlow(buffer.length * 2);
  buffer.copy(larger);
  return larger;
}

function linesOf(bytes: Buffer, position: number): { lines: RowLine[]; used: number } {
  const lines: RowLine[] = [];
  let used = 0;
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, used)) {
    lines.push({ offset: position + used, bytes: bytes.subarray(used, end) });
    used = end + 1;
  }
  return { lines, used };
}

/** A row of Forge's own file; it was checked when it was written. */
export function rowOfLine(bytes: Buffer): CanonicalRow {
  return JSON.parse(bytes.toString('utf8')) as CanonicalRow;
}

/** The same with every field checked, for a single row that leaves the store. */
export function checkedRow(bytes: Buffer): CanonicalRow {
  return canonicalRow.parse(JSON.parse(bytes.toString('utf8')));
}
