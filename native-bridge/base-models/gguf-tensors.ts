import { GgufFault, type GgufCursor } from './gguf-cursor.ts';

const maximumNameBytes = 63;
const maximumDimensions = 4;
const maximumElements = 2 ** 48;

/** Bytes of one block by tensor type, grouped by the elements of a block (ggml's GGML_QUANT_SIZES). */
const blockBytes: readonly (readonly [elements: number, bytesByType: Readonly<Record<number, number>>])[] = [
  [1, { 0: 4, 1: 2, 24: 1, 25: 2, 26: 4, 27: 8, 28: 8, 30: 2 }],
  [32, { 2: 18, 3: 20, 6: 22, 7: 24, 8: 34, 9: 40, 20: 18, 39: 17 }],
  [256, { 10: 84, 11: 110, 12: 144, 13: 176, 14: 210, 15: 292, 16: 66, 17: 74 }],
  [256, { 18: 98, 19: 50, 21: 110, 22: 82, 23: 136, 29: 56, 34: 54, 35: 66 }],
];

/** Elements and bytes of one block; null for a type this table does not know. */
function blockOf(type: number): { readonly elements: number; readonly bytes: number } | null {
  for (const [elements, bytesByType] of blockBytes) {
    const bytes = bytesByType[type];
    if (bytes !== undefined) return { elements, bytes };
  }
  return null;
}

interface GgufTensor {
  readonly name: string;
  readonly elements: number;
  /** From the start of the data. */
  readonly offset: number;
  /** Null for a type the table does not know; that is the worker's to judge. */
  readonly bytes: number | null;
}

/**
 * Reads the list of tensors and checks that all of them lie inside the file: names once, offsets on the grid, no two over each other.
 * @param alignment bytes; a power of two
 * @returns the number of elements of all tensors
 * @throws GgufFault
 */
export function readGgufTensors(
  cursor: GgufCursor,
  { count, alignment, sizeBytes }: { readonly count: number; readonly alignment: number; readonly sizeBytes: number },
): number {
  const tensors = Array.from({ length: count }, () => readTensor(cursor));
  const dataStart = Math.ceil(cursor.place() / alignment) * alignment;
  const names = new Set<string>();
  for (const { name, offset } of tensors) {
    if (names.has(name)) throw new GgufFault(`the tensor ${printable(name)} stands twice in its header`);
    names.add(name);
    if (offset % alignment !== 0)
      throw new GgufFault(`the tensor ${printable(name)} begins at ${offset}, which is no multiple of ${alignment}`);
  }
  checkPlaces(tensors, dataStart, sizeBytes);
  return tensors.reduce((sum, { elements }) => sum + elements, 0);
}

function checkPlaces(tensors: readonly GgufTensor[], dataStart: number, sizeBytes: number): void {
  let [end, before] = [0, ''];
  let needed = dataStart;
  for (const { name, offset, bytes } of tensors.toSorted((a, b) => a.offset - b.offset)) {
    if (offset < end)
      throw new GgufFault(`the tensors ${printable(before)} and ${printable(name)} lie over each other`);
    [end, before] = [offset + (bytes ?? 0), name];
    needed = Math.max(needed, dataStart + end);
  }
  if (needed > sizeBytes)
    throw new GgufFault(`it ends before its last tensor does (${sizeBytes} of ${needed} bytes are there)`);
}

function readTensor(cursor: GgufCursor): GgufTensor {
  const name = cursor.text('the name of a tensor', maximumNameBytes);
  const shown = printable(name);
  const dimensions = cursor.uint32(`the dimensions of ${shown}`);
  if (dimensions < 1 || dimensions > maximumDimensions)
    throw new GgufFault(`the tensor ${shown} has ${dimensions} dimensions`);
  let [elements, row] = [1, 0];
  for (let index = 0; index < dimensions; index += 1) {
    const side = cursor.count(`a dimension of ${shown}`, maximumElements);
    if (index === 0) row = side;
    elements *= side;
    if (elements < 1 || elements > maximumElements)
      throw new GgufFault(`the tensor ${shown} has a size that cannot be right`);
  }
  const type = cursor.uint32(`the type of ${shown}`);
  const offset = cursor.count(`the offset of ${shown}`, Number.MAX_SAFE_INTEGER);
  const block = blockOf(type);
  if (block === null) return { name, elements, offset, bytes: null };
  if (row % block.elements !== 0)
    throw new GgufFault(`the rows of the tensor ${shown} (${row}) are no multiple of their block (${block.elements})`);
  return { name, elements, offset, bytes: (elements / block.elements) * block.bytes };
}

/** A name out of a file that nobody vouched for, as it may stand in an error. */
function printable(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, '?');
}
