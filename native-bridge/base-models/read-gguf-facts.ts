import { open } from 'node:fs/promises';
import { createGgufCursor, GgufFault, GgufNeedsMore, type GgufCursor } from './gguf-cursor.ts';
import { readGgufTensors } from './gguf-tensors.ts';

/** What the header of a GGUF file says. */
export interface GgufFacts {
  readonly tensorCount: number;
  /** Elements of all tensors together. */
  readonly parameters: number;
  /** The single values; lists are in `listLengths` only. */
  readonly entries: ReadonlyMap<string, string | number | boolean>;
  readonly listLengths: ReadonlyMap<string, number>;
}

const firstBytes = 262_144;
/** A vocabulary of 256,000 words with its merges has about 15 MB. */
const largestHeaderBytes = 256 * 2 ** 20;
const maximumEntries = 65_536;
const maximumTensors = 65_536;
const maximumKeyBytes = 65_535;
const maximumTextBytes = 16 * 2 ** 20;
const maximumListLength = 2 ** 28;
const maximumAlignmentBytes = 2 ** 20;
const usualAlignmentBytes = 32;
const [booleanType, stringType, arrayType] = [7, 8, 9];
const scalarSizes: Readonly<Record<number, number>> = {
  ...{ 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1 },
  ...{ 10: 8, 11: 8, 12: 8 },
};

/**
 * Reads the whole header of a GGUF file (layout: ggml's docs/gguf.md, versions 2 and 3, little-endian) and checks counts, lengths, shapes and offsets
 * against the file's length. Only the header is read, at most 256 MiB.
 * @throws GgufFault with the reason as a clause ("it ends before ...")
 */
export async function readGgufFacts(path: string): Promise<GgufFacts> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const most = Math.min(size, largestHeaderBytes);
    for (let wanted = Math.min(firstBytes, most); ; wanted = Math.min(wanted * 8, most)) {
      const head = Buffer.alloc(wanted);
      const { bytesRead } = await file.read(head, 0, wanted, 0);
      const facts = parseGgufHead(head.subarray(0, bytesRead), size);
      if (facts !== null) return facts;
      if (wanted === most)
        throw new GgufFault('its header is longer than 256 MiB, or the file changes while it is read');
    }
  } finally {
    await file.close();
  }
}

/**
 * @param head the file's first bytes
 * @returns null when the header goes on behind them
 * @throws GgufFault
 */
export function parseGgufHead(head: Buffer, sizeBytes: number): GgufFacts | null {
  try {
    return parse(head, sizeBytes);
  } catch (error) {
    if (error instanceof GgufNeedsMore) return null;
    throw error;
  }
}

function parse(head: Buffer, sizeBytes: number): GgufFacts {
  if (sizeBytes < 24 || head.toString('latin1', 0, 4) !== 'GGUF')
    throw new GgufFault('it is a file that does not begin like a GGUF file');
  const cursor = createGgufCursor(head, sizeBytes);
  cursor.take(4, 'its beginning');
  const version = cursor.uint32('its version');
  if (version !== 2 && version !== 3) throw new GgufFault(`its GGUF version is ${version}, known are 2 and 3`);
  const tensorCount = cursor.count('the number of its tensors', maximumTensors);
  if (tensorCount === 0) throw new GgufFault('it has no tensors');
  const entryCount = cursor.count('the number of its header entries', maximumEntries);
  const [entries, listLengths] = [new Map<string, string | number | boolean>(), new Map<string, number>()];
  for (let index = 0; index < entryCount; index += 1) {
    const key = cursor.text('the name of a header entry', maximumKeyBytes);
    if (entries.has(key) || listLengths.has(key)) throw new GgufFault('one of its header entries stands there twice');
    const type = cursor.uint32('the type of a header entry');
    if (type === arrayType) listLengths.set(key, skipList(cursor));
    else entries.set(key, readValue(head, cursor, type));
  }
  const alignment = alignmentOf(entries);
  const parameters = readGgufTensors(cursor, { count: tensorCount, alignment, sizeBytes });
  return { tensorCount, parameters, entries, listLengths };
}

function alignmentOf(entries: GgufFacts['entries']): number {
  const alignment = entries.get('general.alignment') ?? usualAlignmentBytes;
  const isSound =
    typeof alignment === 'number' &&
    alignment >= 8 &&
    alignment <= maximumAlignmentBytes &&
    Number.isInteger(Math.log2(alignment));
  if (!isSound)
    throw new GgufFault(
      `its alignment is ${typeof alignment === 'number' ? alignment : 'not a number'}, which cannot be right`,
    );
  return alignment;
}

function readValue(head: Buffer, cursor: GgufCursor, type: number): string | number | boolean {
  if (type === stringType) return cursor.text('a text of its header', maximumTextBytes);
  return readScalar(head, cursor.take(scalarSize(type), 'a value of its header'), type);
}

function scalarSize(type: number): number {
  const size = scalarSizes[type];
  if (size === undefined) throw new GgufFault(`its header has a value of the unknown type ${type}`);
  return size;
}

/** Passes over a list and returns its length. */
function skipList(cursor: GgufCursor): number {
  const type = cursor.uint32('the type of a list');
  if (type === stringType) {
    const length = cursor.count('the length of a list', maximumListLength);
    for (let index = 0; index < length; index += 1) cursor.skipText('a text of a list', maximumTextBytes);
    return length;
  }
  const size = scalarSize(type);
  const length = cursor.count('the length of a list', maximumListLength);
  cursor.take(length * size, 'a list of its header');
  return length;
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
    case booleanType:
      return head.readUInt8(place) !== 0;
    case 10:
      return Number(head.readBigUInt64LE(place));
    case 11:
      return Number(head.readBigInt64LE(place));
    default:
      return head.readDoubleLE(place);
  }
}
