/** Newest console bytes of a run, for viewers that come back: at most this many. */
export const consoleRingBytes = 10 * 1_048_576;

export interface ConsoleRing {
  /** Offset behind the newest byte. */
  readonly endOffset: number;
  /** Offset of the oldest byte still held. */
  readonly startOffset: number;
  push(bytes: Uint8Array): void;
  /** At most `limit` bytes from `offset`, which lies between start and end. */
  read(offset: number, limit: number): Uint8Array;
}

/** Bytes with offsets; the oldest pieces fall out whole. */
export function createConsoleRing(firstOffset: number, capacityBytes: number = consoleRingBytes): ConsoleRing {
  const pieces: { readonly offset: number; readonly bytes: Uint8Array }[] = [];
  let endOffset = firstOffset;
  const startOffset = (): number => pieces[0]?.offset ?? endOffset;
  return {
    get endOffset() {
      return endOffset;
    },
    get startOffset() {
      return startOffset();
    },
    push: (bytes) => {
      const kept = bytes.length > capacityBytes ? bytes.subarray(bytes.length - capacityBytes) : bytes;
      pieces.push({ offset: endOffset + bytes.length - kept.length, bytes: kept });
      endOffset += bytes.length;
      while (endOffset - startOffset() > capacityBytes) pieces.shift();
    },
    read: (offset, limit) => {
      const index = pieces.findLastIndex((piece) => piece.offset <= offset);
      const piece = pieces[index];
      if (piece === undefined) return new Uint8Array();
      return piece.bytes.subarray(offset - piece.offset, offset - piece.offset + limit);
    },
  };
}
