import { open } from 'node:fs/promises';

/** The scalar entries of a GGUF header that come before its first long list. */
export interface GgufFacts {
  readonly tensorCount: number;
  readonly entries: ReadonlyMap<string, string | number | boolean>;
}

const headBytes = 262_144;
const maximumEntries = 100_000;
const maximumTensors = 100_000;
const maximumText = 65_536;
const scalarSizes: Readonly<Record<number, number>> = {
  0: 1,
  1: 1,
  2: 2,
  3: 2,
  4: 4,
  5: 4,
  6: 4,
  7: 1,
  10: 8,
  11: 8,
  12: 8,
};
const stringType = 8;
const arrayType = 9;

/**
 * Reads the beginning of a GGUF file (layout: ggml's docs/gguf.md, versions 2 and 3) within 256 KiB; longer lists (a vocabulary) end the reading. Null when the
 * file does not begin like one. Every length is checked against what was read before it is used.
 */
export async function readGgufFacts(path: string): Promise<GgufFacts | null> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(headBytes);
    const { bytesRead } = await file.read(buffer, 0, headBytes, 0);
    return parseGgufHead(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

export function parseGgufHead(head: Buffer): GgufFacts | null {
  if (head.length < 24 || head.toString('latin1', 0, 4) !== 'GGUF') return null;
  const version = head.readUInt32LE(4);
  const tensorCount = Number(head.readBigUInt64LE(8));
  const entryCount = Number(head.readBigUInt64LE(16));
  if (
    (version !== 2 && version !== 3) ||
    tensorCount < 1 ||
    tensorCount > maximumTensors ||
    entryCount > maximumEntries
  )
    return null;
  const entries = new Map<string, string | number | boolean>();
  let place = 24;
  for (let index = 0; index < entryCount; index += 1) {
    const key = readText(head, place);
    if (key === null || key.end + 4 > head.length) break;
    const type = head.readUInt32LE(key.end);
    const end = readValue(head, key.end + 4, { type, keep: (value) => entries.set(key.text, value) });
    if (end === null) break;
    place = end;
  }
  return { tensorCount, entries };
}

function readText(head: Buffer, place: number): { readonly text: string; readonly end: number } | null {
  if (place + 8 > head.length) return null;
  const length = Number(head.readBigUInt64LE(place));
  const end = place + 8 + length;
  if (length > maximumText || end > head.length) return null;
  return { text: head.toString('utf8', place + 8, end), end };
}

interface ValueReading {
  readonly type: number;
  readonly keep: (value: string | number | boolean) => void;
}

/** The place after the value, or null when it reaches beyond what was read. */
function readValue(head: Buffer, place: number, { type, keep }: ValueReading): number | null {
  if (type === stringType) {
    const text = readText(head, place);
    if (text !== null) keep(text.text);
    return text?.end ?? null;
  }
  if (type === arrayType) return skipArray(head, place);
  const size = scalarSizes[type];
  if (size === undefined || place + size > head.length) return null;
  keep(readScalar(head, place, type));
  return place + size;
}

function skipArray(head: Buffer, place: number): number | null {
  if (place + 12 > head.length) return null;
  const type = head.readUInt32LE(place);
  const count = Number(head.readBigUInt64LE(place + 4));
  const size = scalarSizes[type];
  if (size !== undefined) {
    const end = place + 12 + count * size;
    return end <= head.length ? end : null;
  }
  if (type !== stringType || count > headBytes / 8) return null;
  let end: number | null = place + 12;
  for (let index = 0; index < count && end !== null; index += 1) end = readText(head, end)?.end ?? null;
  return end;
}

function readScalar(head: Buffer, place: number, type: number): number | boolean {
  switch (type) {
    case 0:
      return head.readUInt8(place);
    case 1:
      return head.readInt8(place);
    case 2:
      return head.readUInt16LE(place);
    case 3:
      return head.readInt16LE(place);
    case 4:
      return head.readUInt32LE(place);
    case 5:
      return head.readInt32LE(place);
    case 6:
      return head.readFloatLE(place);
    case 7:
      return head.readUInt8(place) !== 0;
    case 10:
      return Number(head.readBigUInt64LE(place));
    case 11:
      return Number(head.readBigInt64LE(place));
    default:
      return head.readDoubleLE(place);
  }
}
