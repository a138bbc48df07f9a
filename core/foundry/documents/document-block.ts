/** A piece of a document as its structure gives it. */
export interface DocumentBlock {
  readonly kind: 'heading' | 'paragraph' | 'code';
  readonly text: string;
  /** Page it stands on, from 1, where there are pages. */
  readonly page?: number;
  /** Place of its first and last character in the text of the file, where that text is what the file holds. */
  readonly start?: number;
  readonly end?: number;
}

/** A document taken apart. `text` is the whole of it where blocks name places in it. */
export interface DocumentContent {
  readonly blocks: readonly DocumentBlock[];
  readonly text?: string;
}
