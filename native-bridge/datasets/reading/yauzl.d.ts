// yauzl brings no types; these are the parts that are used here.
declare module 'yauzl' {
  export interface Entry {
    readonly fileName: string;
    readonly compressionMethod: number;
    readonly compressedSize: number;
    readonly uncompressedSize: number;
    isEncrypted(): boolean;
  }
  export interface ZipFile {
    readonly entryCount: number;
    eachEntry(): AsyncIterable<Entry>;
    readLocalFileHeaderPromise(entry: Entry, options: { minimal: true }): Promise<{ fileDataStart: number }>;
    close(): void;
  }
  export function openPromise(
    path: string,
    options: { lazyEntries: true; autoClose: false; decodeStrings: boolean; validateEntrySizes: boolean },
  ): Promise<ZipFile>;
}
