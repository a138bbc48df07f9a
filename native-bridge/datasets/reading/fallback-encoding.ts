import { TextDecoder } from 'node:util';
import { ForgeError } from '#contract/errors.ts';

/** Decodes what is not UTF-8. */
export interface FallbackDecoder {
  readonly name: string;
  /** Undefined when the bytes are not of this encoding either. */
  decode(bytes: Uint8Array): string | undefined;
}

/** Bytes that Windows-1252 leaves undefined; WHATWG turns them into control characters instead of failing. */
const undefinedInWindows1252 = ['\u0081', '\u008d', '\u008f', '\u0090', '\u009d'] as const;

/** The whole Latin-1 family is read as its superset, as every browser does (WHATWG Encoding, "windows-1252"). */
const latinNames = new Set(['iso-8859-1', 'latin1', 'ascii', 'us-ascii', 'windows-1252', 'cp1252']);

function whatwgDecoder(name: string): FallbackDecoder | undefined {
  const label = latinNames.has(name) ? 'windows-1252' : name;
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(label, { fatal: true, ignoreBOM: true });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  const isLatin = decoder.encoding === 'windows-1252';
  return {
    name: decoder.encoding,
    decode(bytes) {
      try {
        const text = decoder.decode(bytes);
        return isLatin && undefinedInWindows1252.some((sign) => text.includes(sign)) ? undefined : text;
      } catch (error) {
        if (error instanceof TypeError) return undefined;
        throw error;
      }
    },
  };
}

/**
 * A strict decoder of any encoding that is known by name: those of the WHATWG standard, else those of iconv-lite (code pages of DOS, Macintosh, EBCDIC).
 * @throws ForgeError dataset.encoding-unknown
 */
export async function fallbackDecoder(encoding: string): Promise<FallbackDecoder> {
  const name = encoding.trim().toLowerCase();
  const known = whatwgDecoder(name);
  if (known !== undefined) return known;
  const { default: iconv } = await import('iconv-lite');
  if (!iconv.encodingExists(name)) throw new ForgeError('dataset.encoding-unknown', { encoding });
  return {
    name,
    decode(bytes) {
      const text = iconv.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), name);
      return text.includes('\uFFFD') ? undefined : text;
    },
  };
}
