import { ForgeError } from '#contract/errors.ts';
import { isDataFileName } from './data-file-names.ts';

/** A file inside a zip archive, and where its compressed bytes are. */
export interface ZipEntry {
  readonly name: string;
  readonly isDeflated: boolean;
  readonly compressedBytes: number;
  readonly sizeBytes: number;
  /** Offset of the compressed bytes in the archive. */
  readonly dataStart: number;
}

const mostEntries = 10_000;
const stored = 0;
const deflated = 8;

function damaged(path: string, reason: string, cause?: unknown): ForgeError {
  return new ForgeError('dataset.damaged', { path, reason }, cause === undefined ? {} : { cause });
}

/** Files of a Macintosh archive that say something about other files, and folders. */
function isAside(name: string): boolean {
  return name.endsWith('/') || name.startsWith('__MACOSX/') || /(?:^|\/)\./.test(name);
}

/** The data files of an archive in name order. @throws ForgeError dataset.damaged */
export async function zipEntries(path: string): Promise<ZipEntry[]> {
  const { openPromise } = await import('yauzl');
  const settings = { lazyEntries: true, autoClose: false, decodeStrings: true, validateEntrySizes: true } as const;
  const archive = await openPromise(path, settings).catch((error: unknown) => {
    throw damaged(path, 'the list of files at the end of the archive is missing or damaged', error);
  });
  try {
    if (archive.entryCount > mostEntries) throw damaged(path, `more than ${mostEntries} files are in it`);
    const entries: ZipEntry[] = [];
    for await (const entry of archive.eachEntry()) {
      const { fileName, compressionMethod } = entry;
      if (isAside(fileName) || !isDataFileName(fileName)) continue;
      if (entry.isEncrypted()) throw damaged(path, `${fileName} in it is locked with a password`);
      if (compressionMethod !== stored && compressionMethod !== deflated)
        throw damaged(path, `${fileName} in it is compressed in a way that is not known (method ${compressionMethod})`);
      const { fileDataStart } = await archive.readLocalFileHeaderPromise(entry, { minimal: true });
      entries.push({
        name: fileName,
        isDeflated: compressionMethod === deflated,
        compressedBytes: entry.compressedSize,
        sizeBytes: entry.uncompressedSize,
        dataStart: fileDataStart,
      });
    }
    return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw error instanceof ForgeError ? error : damaged(path, (error as Error).message, error);
  } finally {
    archive.close();
  }
}
