import { DocumentError } from './document-limits.ts';

/** A text file decoded, with the way back from a place in the text to a place in the file. */
export interface DecodedText {
  readonly text: string;
  /** Byte offset of a place in the text, for places that only grow. */
  readonly byteOffsetOf: (place: number) => number;
}

function utf8Offsets(text: string, markBytes: number): (place: number) => number {
  let [place, bytes] = [0, markBytes];
  return (wanted) => {
    if (wanted < place) [place, bytes] = [0, markBytes];
    bytes += Buffer.byteLength(text.slice(place, wanted));
    place = wanted;
    return bytes;
  };
}

/** UTF-8, UTF-16 by its mark, else Windows-1252, as old text files are. @throws DocumentError where it is no text */
export function decodeDocument(bytes: Buffer): DecodedText {
  const [first, second] = bytes;
  const wide = first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : null;
  if (wide !== null) {
    const text = new TextDecoder(wide).decode(bytes);
    return { text, byteOffsetOf: (place) => 2 + 2 * place };
  }
  if (bytes.subarray(0, 8_192).includes(0)) throw new DocumentError('it is not a text file');
  const markBytes = first === 0xef && second === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { text, byteOffsetOf: utf8Offsets(text, markBytes) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { text: new TextDecoder('windows-1252').decode(bytes), byteOffsetOf: (place) => place };
  }
}
