import { createReadStream } from 'node:fs';
import { createInflateRaw } from 'node:zlib';
import type { DocumentBlock } from '#core/foundry/documents/document-block.ts';
import { DocumentError, documentLimits } from './document-limits.ts';
import { htmlBlocks } from './html-blocks.ts';

interface Packed {
  readonly start: number;
  readonly bytes: number;
}

/** What an entry really unpacks to; an archive may say something else of itself. */
async function unpackedBytes(file: string, { start, bytes }: Packed, room: number): Promise<number> {
  if (bytes === 0) return 0;
  const inflated = createReadStream(file, { start, end: start + bytes - 1 }).pipe(createInflateRaw());
  let count = 0;
  for await (const piece of inflated as AsyncIterable<Buffer>) {
    count += piece.length;
    if (count > room) throw new DocumentError(`it unpacks to more than ${room} bytes`);
  }
  return count;
}

const deflated = 8;

/** What is wrong with a file that is taken apart by a library, for people. */
function notWord(error: unknown): DocumentError {
  if (error instanceof DocumentError) return error;
  return new DocumentError('it is no Word file (docx), or damaged', { cause: error });
}

/** Refuses an archive that is none, is locked, or unpacks to more than is bearable, before anything opens it as a whole. */
async function checkArchive(file: string): Promise<void> {
  const { openPromise } = await import('yauzl');
  const settings = { lazyEntries: true, autoClose: false, decodeStrings: true, validateEntrySizes: true } as const;
  const archive = await openPromise(file, settings).catch((error: unknown) => {
    throw notWord(error);
  });
  try {
    if (archive.entryCount > documentLimits.entries) throw new DocumentError('it has too many parts');
    let [packed, unpacked] = [0, 0];
    for await (const entry of archive.eachEntry()) {
      if (entry.isEncrypted()) throw new DocumentError('it is locked with a password');
      const { fileDataStart: start } = await archive.readLocalFileHeaderPromise(entry, { minimal: true });
      packed += entry.compressedSize;
      const room = Math.min(documentLimits.unpackedBytes, documentLimits.packingRatio * packed + 2 ** 20) - unpacked;
      const isDeflated = entry.compressionMethod === deflated;
      unpacked += isDeflated
        ? await unpackedBytes(file, { start, bytes: entry.compressedSize }, room)
        : entry.compressedSize;
    }
  } catch (error) {
    throw notWord(error);
  } finally {
    archive.close();
  }
}

/** A Word file (docx) by mammoth: headings, paragraphs, lists and tables; pictures stay out, nothing outside the file is opened. */
export async function docxBlocks(file: string): Promise<DocumentBlock[]> {
  await checkArchive(file);
  const { default: mammoth } = await import('mammoth');
  const convertImage = mammoth.images.imgElement(() => Promise.resolve({ src: '' }));
  const { value } = await mammoth
    .convertToHtml({ path: file }, { convertImage, externalFileAccess: false })
    .catch((error: unknown) => {
      throw notWord(error);
    });
  return htmlBlocks(value);
}
