/** A header that contradicts itself or the length of its file; the message is a clause for people ("it ends ..."). */
export class GgufFault extends Error {}

/** The bytes read so far end before the header does, and the file goes on. */
export class GgufNeedsMore extends Error {}

/** A place in the beginning of a file. Every reading is checked against the file's length before anything is made of it. */
export interface GgufCursor {
  readonly place: () => number;
  readonly uint32: (what: string) => number;
  /** An unsigned count of 64 bits that may not exceed `limit`. */
  readonly count: (what: string, limit: number) => number;
  /** Text of at most `limitBytes` bytes, with its length before it. */
  readonly text: (what: string, limitBytes: number) => string;
  /** The same, passed over: a word of a vocabulary is not kept. */
  readonly skipText: (what: string, limitBytes: number) => void;
  /** The place of `bytes` bytes, which are passed over. */
  readonly take: (bytes: number, what: string) => number;
}

/**
 * @param head the file's first bytes
 * @param sizeBytes length of the whole file
 */
export function createGgufCursor(head: Buffer, sizeBytes: number): GgufCursor {
  let place = 0;
  const take = (bytes: number, what: string): number => {
    if (place + bytes > sizeBytes) throw new GgufFault(`it ends inside its header, at ${what}`);
    if (place + bytes > head.length) throw new GgufNeedsMore();
    place += bytes;
    return place - bytes;
  };
  const count = (what: string, limit: number): number => {
    const value = head.readBigUInt64LE(take(8, what));
    if (value > BigInt(limit)) throw new GgufFault(`${what} is ${value}, more than can be right here`);
    return Number(value);
  };
  const textPlace = (what: string, limitBytes: number): { from: number; to: number } => {
    const bytes = count(`the length of ${what}`, limitBytes);
    const from = take(bytes, what);
    return { from, to: from + bytes };
  };
  return {
    place: () => place,
    uint32: (what) => head.readUInt32LE(take(4, what)),
    count,
    text: (what, limitBytes) => {
      const { from, to } = textPlace(what, limitBytes);
      return head.toString('utf8', from, to);
    },
    skipText: (what, limitBytes) => void textPlace(what, limitBytes),
    take,
  };
}
