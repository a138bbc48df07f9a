import type { DocumentBlock, DocumentContent } from './document-block.ts';

export interface ChunkSizes {
  /** Characters a chunk should have, 200 to 100,000. */
  readonly targetCharacters: number;
  /** Characters at the end of a chunk that stand at the beginning of the next as well; 0 to half of the target. */
  readonly overlapCharacters: number;
}

/** A piece of a document ready to be a row. */
export interface DocumentChunk {
  readonly text: string;
  readonly page?: number;
  /** Place of its first character in the text of the file, where it has one. */
  readonly start?: number;
}

/** A code block is kept whole up to this many times the target. */
const longestCode = 4;

function isCutInsidePair(text: string, place: number): boolean {
  return /[\uDC00-\uDFFF]/.test(text.charAt(place)) && /[\uD800-\uDBFF]/.test(text.charAt(place - 1));
}

function lastSentenceEnd(window: string): number {
  let place = 0;
  for (const { index, 0: found } of window.matchAll(/[.!?]["')\]]{0,3}\s|[。！？]/g)) place = index + found.length;
  return place;
}

/** Where to cut a text that is too long: after a line, a sentence or a word, if one ends in the second half of the room. */
function cutPlace(text: string, room: number): number {
  const window = text.slice(0, room);
  const places = [window.lastIndexOf('\n') + 1, lastSentenceEnd(window), window.lastIndexOf(' ') + 1];
  const place = places.find((candidate) => candidate > room / 2);
  return place ?? (isCutInsidePair(text, room) ? room - 1 : room);
}

function* pieces(block: DocumentBlock, target: number): Generator<DocumentBlock> {
  const limit = block.kind === 'code' ? target * longestCode : target;
  let [text, start] = [block.text, block.start];
  while (text.length > limit) {
    const cut = cutPlace(text, target);
    yield { ...block, text: text.slice(0, cut), ...(start === undefined ? {} : { start, end: start + cut }) };
    text = text.slice(cut);
    if (start !== undefined) start += cut;
  }
  if (text.trim() !== '') yield { ...block, text, ...(start === undefined ? {} : { start, end: start + text.length }) };
}

function sizeOf(blocks: readonly DocumentBlock[]): number {
  return blocks.reduce((sum, { text }) => sum + text.length + 2, 0);
}

/** The last blocks that fit into the overlap; a heading alone says nothing there. */
function overlapOf(blocks: readonly DocumentBlock[], room: number): DocumentBlock[] {
  const kept: DocumentBlock[] = [];
  for (const block of blocks.toReversed()) {
    if (sizeOf([block, ...kept]) > room) break;
    kept.unshift(block);
  }
  return kept.length < blocks.length && kept.some(({ kind }) => kind !== 'heading') ? kept : [];
}

function chunkOf(blocks: readonly DocumentBlock[], text: string | undefined): DocumentChunk {
  const [first, last] = [blocks[0], blocks.at(-1)];
  const page = first?.page === undefined ? {} : { page: first.page };
  if (text === undefined || first?.start === undefined || last?.end === undefined)
    return { text: blocks.map((block) => block.text).join('\n\n'), ...page };
  // What stands between two blocks stays as it is in the file.
  return { text: text.slice(first.start, last.end), ...page, start: first.start };
}

/** Throws RangeError for sizes that make no chunks. */
export function requireSizes({ targetCharacters, overlapCharacters }: ChunkSizes): void {
  if (!(targetCharacters >= 200 && targetCharacters <= 100_000))
    throw new RangeError(`A chunk has 200 to 100,000 characters, not ${targetCharacters}.`);
  if (!(overlapCharacters >= 0 && overlapCharacters <= targetCharacters / 2))
    throw new RangeError(`The overlap is 0 to half of a chunk, not ${overlapCharacters}.`);
}

/**
 * A document in chunks by its structure: blocks are kept whole where they fit, a heading goes with what follows it, a chunk prefers to begin at a heading,
 * and only what is longer than a chunk is cut, at a line, a sentence or a word.
 */
export function* chunkBlocks({ blocks, text }: DocumentContent, sizes: ChunkSizes): Generator<DocumentChunk> {
  requireSizes(sizes);
  const { targetCharacters: target, overlapCharacters: overlap } = sizes;
  let [open, repeated]: [DocumentBlock[], number] = [[], 0];
  const isFull = (block: DocumentBlock): boolean => {
    const size = sizeOf(open);
    return size + block.text.length > target || (block.kind === 'heading' && size > target / 2);
  };
  for (const block of blocks) {
    for (const piece of pieces(block, target)) {
      if (open.length > repeated && isFull(piece)) {
        const headings = open.length - open.findLastIndex(({ kind }) => kind !== 'heading') - 1;
        const done = headings === open.length ? open : open.slice(0, open.length - headings);
        const waiting = open.slice(done.length);
        if (done.length > repeated) yield chunkOf(done, text);
        const again = waiting.length === 0 && piece.kind !== 'heading' ? overlapOf(done, overlap) : [];
        [open, repeated] = [[...again, ...waiting], again.length];
      }
      open.push(piece);
    }
  }
  if (open.length > repeated) yield chunkOf(open, text);
}
