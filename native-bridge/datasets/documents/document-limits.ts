/** Bounds of one document; what is beyond them costs that one file. */
export const documentLimits = {
  /** Bytes of a file on the disk. */
  fileBytes: 200 * 2 ** 20,
  /** Bytes of a text, source or HTML file, which is read whole. */
  textBytes: 64 * 2 ** 20,
  /** Bytes of everything inside a docx file, unpacked. */
  unpackedBytes: 256 * 2 ** 20,
  /** Unpacked bytes for each packed one. */
  packingRatio: 200,
  entries: 10_000,
  pages: 5_000,
  blocks: 500_000,
  timeMs: 120_000,
  memoryMb: 1_024,
} as const;

/** Why a document could not be read; its message is for people and ends without a full stop. */
export class DocumentError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DocumentError';
  }
}
